import type { Environment } from '../client/settings.ts';

/** What a command sees of the world; tests give their own. */
export interface Io {
  /** The result. */
  out(text: string): void;
  /** Everything that is said beside the result. */
  err(text: string): void;
  readonly isOutTerminal: boolean;
  readonly isErrTerminal: boolean;
  /** Width of the terminal, in columns. */
  readonly columns: number;
  readonly environment: Environment;
  /** Where `.aliyun/config.json` lies; undefined: the user's home. */
  readonly homeDir?: string;
}

const DEFAULT_COLUMNS = 100;

export const processIo = (): Io => ({
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  isOutTerminal: process.stdout.isTTY === true,
  isErrTerminal: process.stderr.isTTY === true,
  columns: process.stdout.columns ?? DEFAULT_COLUMNS,
  environment: process.env,
});
