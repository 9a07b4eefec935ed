import type { Io } from './io.ts';

/** A command of the program. */
export interface Command {
  /** One line for the overview. */
  readonly summary: string;
  /** What `--help` prints; without it the summary. `argv` may name a verb of the command. */
  helpText?: (columns: number, argv: readonly string[]) => string;
  /** @returns the exit code */
  run(argv: readonly string[], io: Io): Promise<number>;
}

export const helpOf = (
  name: string,
  { summary, helpText }: Command,
  columns: number,
  argv: readonly string[] = [],
): string => helpText?.(columns, argv) ?? `kindred ${name}: ${summary}\n`;

/** What stands after `--` is not the command's own. */
export const wantsHelp = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  const own = end < 0 ? argv : argv.slice(0, end);
  return own.includes('--help') || own.includes('-h');
};
