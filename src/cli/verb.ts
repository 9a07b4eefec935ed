import { KindredError } from '../client/kindred-error.ts';
import { suggestion } from '../lib/nearest.ts';
import { settingsOf } from './connect.ts';
import { failureText } from './failure.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/** A word after a command (`kindred audit list`), with what stands behind it. Resolves with the exit code. */
export type Verb = (argv: readonly string[], io: Io) => Promise<number>;

/** Name → its work, which lies in a file of its own and is loaded when it is asked for. */
export type Verbs = Readonly<Record<string, () => Promise<Verb>>>;

/** Runs the verb that `argv` begins with; what the server refuses is said, and ends with 1. @throws UsageError */
export const runVerb = async (
  command: string,
  verbs: Verbs,
  [name = '', ...argv]: readonly string[],
  io: Io,
): Promise<number> => {
  const load = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (load === undefined) {
    const names = Object.keys(verbs);
    throw new UsageError(
      name === '' || name.startsWith('-')
        ? `kindred ${command} needs one of ${names.join(', ')}; see kindred ${command} --help.`
        : `kindred ${command} has no ${name}.${suggestion(name, names) || ` See kindred ${command} --help.`}`,
    );
  }
  const verb = await load();
  try {
    return await verb(argv, io);
  } catch (error) {
    if (!(error instanceof KindredError)) throw error;
    io.err(`kindred: ${failureText(error, settingsOf({}, io), command)}`);
    return 1;
  }
};
