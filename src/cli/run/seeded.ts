// What a run begins with: a seed file, applied by the very command that does so, before CMD starts.
import type { Io } from '../io.ts';
import { seed } from '../seed/seed.ts';
import type { RunServer } from './own-server.ts';

/** Says on standard error what is wrong with it. @returns 0 when all of it is there */
export const applySeed = (file: string, { endpoint, key }: RunServer, io: Io): Promise<number> =>
  seed.run(['apply', file], {
    ...io,
    // Standard output is the command's own.
    out: () => undefined,
    environment: {
      ...io.environment,
      ALIBABA_CLOUD_PROFILE: undefined,
      KINDRED_ENDPOINT: endpoint,
      ALIBABA_CLOUD_ACCESS_KEY_ID: key.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: key.accessKeySecret,
    },
  });
