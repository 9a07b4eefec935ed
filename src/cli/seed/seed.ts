// `kindred seed`: accounts and images out of a file and into one. The work of a verb is in its own file,
// loaded when it is asked for.
import { KindredError } from '../../client/kindred-error.ts';
import { suggestion } from '../../lib/nearest.ts';
import type { Command } from '../command.ts';
import { settingsOf } from '../connect.ts';
import { failureText } from '../failure.ts';
import type { Io } from '../io.ts';
import { UsageError } from '../usage-error.ts';

const SUMMARY = 'Fill a test server from a file, or write what is there into one.';

const helpText = (): string => `kindred seed: ${SUMMARY}

  kindred seed apply FILE
      makes the accounts and images of the file (- reads standard input). Only on a data directory that
      was made for tests: serve --ephemeral, or a new --data with --test-controls. What is there and equal
      is left, so that the command can be repeated; what is there and differs ends it with its place.
  kindred seed export > FILE
      writes all accounts and custom images with their ids, times, families, states, tags and shares, of
      any Kindred; no bytes and no keys. Equal states are equal texts.

The smallest file is {"Images":[{"ImageName":"web-1","ImageFamily":"web"}]}. Every image gets a small real
disk, blank and of its Size. docs/guide/seeds.md tells all keys, docs/reference/seed.schema.json completes
them in an editor.

  --json           apply: print the counts as JSON
  --endpoint URL   the server; without one the data directory itself is opened
  --profile NAME   a profile of ~/.aliyun/config.json
  --data DIR       a data directory of this machine (./kindred-data)

Examples:
  kindred seed apply fixtures/images.json
  kindred seed export --data ./kindred-data > fixtures/images.json

Exit codes: 0 done, 1 refused or not reached, 2 wrong usage.
`;

export type Verb = (argv: readonly string[], io: Io) => Promise<number>;

const VERBS: Readonly<Record<string, () => Promise<Verb>>> = {
  apply: async () => (await import('./apply.ts')).apply,
  export: async () => (await import('./export.ts')).exportFile,
};

export const seed: Command = {
  summary: SUMMARY,
  helpText,
  async run([name = '', ...argv], io) {
    const load = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
    if (load === undefined) {
      const verbs = Object.keys(VERBS);
      throw new UsageError(
        name === '' || name.startsWith('-')
          ? `kindred seed needs one of ${verbs.join(', ')}; see kindred seed --help.`
          : `kindred seed has no ${name}.${suggestion(name, verbs) || ' See kindred seed --help.'}`,
      );
    }
    const verb = await load();
    try {
      return await verb(argv, io);
    } catch (error) {
      if (!(error instanceof KindredError)) throw error;
      io.err(`kindred: ${failureText(error, settingsOf({}, io), 'seed')}`);
      return 1;
    }
  },
};
