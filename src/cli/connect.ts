// Whom a command talks to. `--endpoint`: that server. `--data`: that directory, or the server that has
// it. Neither: the endpoint of the settings; and when nobody listens there, this is this machine, and
// the data directory is there, the directory itself. Either way the same signed calls are answered by
// the same `handle()`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sendCall } from '../client/client.ts';
import { operations } from '../client/data.ts';
import { KindredError } from '../client/kindred-error.ts';
import {
  readSettings,
  SettingsError,
  type ClientSettings,
  type SettingsFlags,
} from '../client/settings.ts';
import { wasRefused, type Transport } from '../client/transport.ts';
import type { Io } from './io.ts';
import type { OpenDirectory } from './offline.ts';
import { UsageError } from './usage-error.ts';

export interface Connection {
  readonly settings: ClientSettings;
  /** `name` as in the client's data. @throws KindredError */
  send(name: string, input: object): Promise<Record<string, unknown>>;
  /** Ends what was started without a server, and closes its directory. */
  close(): Promise<void>;
}

/**
 * @param options `needsServer`: never opens a data directory itself
 * @throws UsageError, StartRefused
 */
export const connect = async (
  flags: SettingsFlags,
  io: Io,
  { needsServer = false }: { needsServer?: boolean } = {},
): Promise<Connection> => {
  const settings = settingsOf(flags, io);
  const { endpoint, dataDir, key } = settings;
  const isDirectory = existsSync(join(dataDir, 'kindred.json'));
  if (flags.data !== undefined && !isDirectory)
    throw new UsageError(
      `${dataDir} is not a data directory of Kindred; kindred serve --data makes one.`,
    );
  if (key === undefined) throw new UsageError(noKey(settings));

  let directory: OpenDirectory | undefined;
  let hasStartedTask = false;
  const open = async (): Promise<boolean> => {
    const { openDirectory } = await import('./offline.ts');
    directory = await openDirectory(dataDir, io.environment);
    return directory !== undefined;
  };
  const call = (name: string, input: object, transport?: Transport) =>
    sendCall({ endpoint, ...key, ...(transport && { transport }) }, name, input);

  const mayOpen =
    !needsServer && flags.endpoint === undefined && isDirectory && isThisMachine(endpoint);
  if (mayOpen && flags.data !== undefined) await open();
  return {
    settings,
    async send(name, input) {
      try {
        if (directory === undefined) return await call(name, input);
      } catch (error) {
        if (!mayOpen || !wasRefused(error)) throw error;
        if (!(await open()))
          throw new KindredError(
            'EndpointUnreachable',
            `a server has ${dataDir}, and nothing answers at ${endpoint}.`,
          );
        if (io.isErrTerminal) io.err(`no server at ${endpoint}: working on ${dataDir} itself\n`);
      }
      const answer = await call(name, input, directory!.transport);
      hasStartedTask ||= operations[name]?.kind === 'task';
      return answer;
    },
    async close() {
      if (hasStartedTask && io.isErrTerminal) io.err('finishing the work that was started\n');
      if (hasStartedTask) await directory?.finish();
      await directory?.close();
    },
  };
};

const isThisMachine = (endpoint: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(endpoint).hostname);

/** Why nothing can be signed, in one sentence. */
export const noKey = ({ dataDir }: ClientSettings): string =>
  `there is no AccessKey to sign with: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, name a profile with --profile, or a data directory with --data (${join(dataDir, 'root-key.json')} is not there; kindred serve makes it at its first start).`;

/** @throws UsageError when they cannot be read: a command line can mend that */
export const settingsOf = (flags: SettingsFlags, io: Io): ClientSettings => {
  try {
    return readSettings(flags, io.environment, io.homeDir);
  } catch (error) {
    throw error instanceof SettingsError ? new UsageError(`${error.message}.`) : error;
  }
};
