/** A command of the program. */
export interface Command {
  /** One line for the overview. */
  summary: string;
  /** @returns the exit code */
  run(argv: readonly string[]): Promise<number>;
}
