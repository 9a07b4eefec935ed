// `kindred serve --seed`: the file is applied before the server listens, by the same calls that `kindred seed
// apply` makes, to a data directory that has never had an image. On a later start it is left alone.
import { sendCall } from '../client/client.ts';
import { KindredError } from '../client/kindred-error.ts';
import { applySeed } from '../client/seed.ts';
import { FORM_TYPE } from '../client/transport.ts';
import type { Kindred } from '../server/compose.ts';
import type { ServeConfig } from '../server/config.ts';
import { readRootKey } from '../server/first-account.ts';
import { StartRefused } from '../server/refusal.ts';
import { readSeedFile } from './seed/seed-file.ts';

/** @throws StartRefused, UsageError */
export const serveSeed = async (
  { house, handle, freshRootKey }: Kindred,
  dataDir: string,
  { seed: file = '', givenKey }: Pick<ServeConfig, 'seed' | 'givenKey'>,
): Promise<void> => {
  const seed = readSeedFile(file);
  if ((await house.store.read((tx) => tx.accountRegions())).length > 0) {
    house.log.info({ seed: file }, 'images have been here already; the seed is not applied again');
    return;
  }
  const key = freshRootKey ?? givenKey ?? readRootKey(dataDir);
  if (key === undefined)
    throw new StartRefused(
      '--seed needs a root key: the root-key.json of the data directory is gone; set KINDRED_ACCESS_KEY_ID and KINDRED_ACCESS_KEY_SECRET',
    );
  const transport = async ({ form }: { form: string }) => {
    const { status, body } = await handle({
      method: 'POST',
      target: '/',
      rawHeaders: ['Host', 'localhost', 'Content-Type', FORM_TYPE],
      body: Buffer.from(form),
    });
    return { status, body: Buffer.from(body).toString('utf8') };
  };
  const options = {
    ...key,
    endpoint: 'http://localhost',
    transport,
    nowMs: () => house.clocks.wallMs(),
  };
  try {
    const counts = await applySeed((input) => sendCall(options, 'ApplySeed', input), seed);
    house.log.info({ seed: file, ...counts }, 'seed applied');
  } catch (error) {
    if (!(error instanceof KindredError)) throw error;
    throw new StartRefused(`--seed ${file}: ${error.message}`, { cause: error });
  }
};
