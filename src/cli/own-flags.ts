// The flags of commands that are not one operation: a mistake becomes one sentence that names the help.
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UsageError } from './usage-error.ts';

export const TEXT = { type: 'string' } as const;
export const SWITCH = { type: 'boolean' } as const;
/** Whom a command talks to. */
export const CONNECTION_FLAGS = { endpoint: TEXT, profile: TEXT, data: TEXT } as const;

/** @throws UsageError */
export const readOwnFlags = <const O extends ParseArgsOptionsConfig>(
  command: string,
  argv: readonly string[],
  options: O,
) => {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw misused(command, error.message);
  }
};

export const misused = (command: string, why: string): UsageError =>
  new UsageError(`${why.split(/\. |\n/)[0]!.replace(/\.$/, '')}; see kindred ${command} --help.`);

/** For a command that takes flags only. @throws UsageError */
export const readOnlyFlags = <const O extends ParseArgsOptionsConfig>(
  command: string,
  argv: readonly string[],
  options: O,
) => {
  const { values, positionals } = readOwnFlags(command, argv, options);
  if (positionals[0] !== undefined)
    throw misused(command, `it does not know what to do with ${positionals[0]}`);
  return values;
};
