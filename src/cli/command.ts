import type { Io } from './io.ts';

/** A command of the program. */
export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  /** What `--help` prints, where the flags are not those of an operation. */
  helpText?: () => string;
  /** @returns the exit code */
  run(argv: readonly string[], io: Io): Promise<number>;
}

export const wantsHelp = (argv: readonly string[]): boolean =>
  argv.includes('--help') || argv.includes('-h');
