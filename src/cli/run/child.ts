// The command of a run: its input and output are ours, its end is ours.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Io } from '../io.ts';
import type { Signals } from './signals.ts';

/** As shells have it. */
const NOT_FOUND = 127;
const NOT_RUNNABLE = 126;

export const codeOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/** @returns its exit code, or 128 and the number of the signal that ended it */
export const runChild = (
  [file = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
  signals: Signals,
  io: Io,
): Promise<number> => {
  if (signals.early !== undefined) return Promise.resolve(codeOf(signals.early));
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: 'inherit', env });
    signals.giveTo((signal) => child.kill(signal));
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      const isMissing = error.code === 'ENOENT';
      const why = isMissing ? 'is not there' : `cannot be run (${error.code})`;
      io.err(`kindred run: ${file} ${why}.\n`);
      resolve(isMissing ? NOT_FOUND : NOT_RUNNABLE);
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 1 : codeOf(signal))));
  });
};
