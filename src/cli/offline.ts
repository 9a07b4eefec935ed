// A data directory without a server: it is locked, the same `handle()` that a server has answers the
// calls, and it is closed again. The one place of the command line, beside `serve`, that reaches into
// the server; it is loaded only when there is no server to call.
import type { Environment } from '../client/settings.ts';
import { FORM_TYPE, type Transport } from '../client/transport.ts';
import { openKindred } from '../server/compose.ts';
import { readServeConfig } from '../server/config.ts';
import { makeLog } from '../server/log.ts';
import { DirectoryInUse } from '../server/refusal.ts';

export interface OpenDirectory {
  transport: Transport;
  /** Ends the work that calls have started. */
  finish(): Promise<void>;
  close(): Promise<void>;
}

/** Undefined when another process has the directory. @throws StartRefused for anything else */
export const openDirectory = async (
  dataDir: string,
  environment: Environment,
): Promise<OpenDirectory | undefined> => {
  // The settings that a server would have, so that quotas, regions and buckets are the same.
  const config = readServeConfig(['--data', dataDir], {
    KINDRED_LOG_LEVEL: 'error',
    ...environment,
  });
  try {
    const kindred = await openKindred({
      ...config,
      isEphemeral: false,
      log: makeLog(config.logLevel),
    });
    return {
      async transport({ form }) {
        const { status, body } = await kindred.handle({
          method: 'POST',
          target: '/',
          rawHeaders: ['Host', 'localhost', 'Content-Type', FORM_TYPE],
          body: Buffer.from(form),
        });
        return { status, body: Buffer.from(body).toString('utf8') };
      },
      finish: () => kindred.jobs.finishAll(),
      close: () => kindred.close(),
    };
  } catch (error) {
    if (error instanceof DirectoryInUse) return undefined;
    throw error;
  }
};
