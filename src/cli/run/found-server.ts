// A Kindred that runs already, by --endpoint or by the environment. It must be one: what it is handed are
// calls that were meant for the cloud.
import type { Environment } from '../../client/settings.ts';
import type { Io } from '../io.ts';
import { noKey, settingsOf } from '../connect.ts';
import { UsageError } from '../usage-error.ts';
import { hostKind } from './cloud-host.ts';
import type { RunServer } from './own-server.ts';

const TIMEOUT_MS = 10_000;

/** Whether somebody named a server. */
export const namedEndpoint = (
  flag: string | undefined,
  environment: Environment,
): string | undefined =>
  flag ?? (environment.KINDRED_ENDPOINT || environment.ALIBABA_CLOUD_ENDPOINT || undefined);

/** @throws UsageError when there is no Kindred, or no key for it */
export const findServer = async (
  flags: { endpoint: string; profile?: string },
  io: Io,
): Promise<RunServer> => {
  const settings = settingsOf(flags, io);
  const { endpoint, key } = settings;
  if (hostKind(new URL(endpoint).hostname) !== 'other')
    throw new UsageError(
      `${endpoint} is the cloud: kindred run keeps calls away from it. Name a Kindred, or none, and one is started.`,
    );
  if (!(await isKindred(endpoint)))
    throw new UsageError(
      `no Kindred answers at ${endpoint}/health. Without --endpoint, KINDRED_ENDPOINT and ALIBABA_CLOUD_ENDPOINT one is started.`,
    );
  if (key === undefined) throw new UsageError(noKey(settings));
  return { endpoint, key, stop: async () => undefined };
};

const isKindred = async (endpoint: string): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(new URL('/health', endpoint), { signal, redirect: 'error' });
    const health = (await response.json()) as { status?: unknown; version?: unknown };
    return typeof health.status === 'string' && typeof health.version === 'string';
  } catch {
    return false;
  }
};
