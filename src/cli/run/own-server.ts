// The Kindred that a run starts for itself, in this process: it ends with the run, however that ends, and
// leaves nothing behind. Settings are read as `kindred serve` reads them, but for where it listens and keeps
// its data.
import type { Environment } from '../../client/settings.ts';
import type { KeyPair } from '../../client/sign.ts';
import { readServeConfig } from '../../server/config.ts';
import { readRootKey } from '../../server/first-account.ts';
import { StartRefused } from '../../server/refusal.ts';
import { startServing } from '../../server/serve.ts';

export interface RunServer {
  endpoint: string;
  key: KeyPair;
  stop(): Promise<void>;
}

/**
 * @param argv settings of `serve`
 * @param dataDir one that lasts; undefined for one that goes with the run
 * @throws StartRefused
 */
export const startOwnServer = async (
  argv: readonly string[],
  dataDir: string | undefined,
  environment: Environment,
): Promise<RunServer> => {
  const where = dataDir === undefined ? [] : ['--data', dataDir];
  const { givenKey, ...settings } = readServeConfig(
    ['--listen', '127.0.0.1:0', ...where, '--log-level', 'error', ...argv],
    environment,
  );
  const isEphemeral = dataDir === undefined;
  // A key of the user's own is not spread among tests; where the data last it is what opens them.
  const config = { ...settings, isEphemeral, ...(!isEphemeral && givenKey && { givenKey }) };
  delete config.tls;
  const serving = await startServing(config);
  const key = serving.kindred.freshRootKey ?? givenKey ?? readRootKey(serving.dataDir);
  if (key === undefined) {
    await serving.stop();
    throw new StartRefused(
      `${serving.dataDir} has no root-key.json; give its key in KINDRED_ACCESS_KEY_ID and KINDRED_ACCESS_KEY_SECRET`,
    );
  }
  return { endpoint: serving.url, key, stop: () => serving.stop() };
};
