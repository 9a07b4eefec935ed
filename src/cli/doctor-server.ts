// What `kindred doctor` says of the server that the settings name: does it answer, do the clocks agree,
// does the key open it. One public request and one signed read.
import { sendCall } from '../client/client.ts';
import { KindredError } from '../client/kindred-error.ts';
import type { ClientSettings } from '../client/settings.ts';
import { failureText } from './failure.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const TIMEOUT_MS = 10_000;
/** Signed calls are refused from here on. */
const WINDOW_MS = 15 * 60_000;
const LARGE_MS = 60_000;

/** Whether the server answers, whether the clocks agree, whether the key opens it. */
export const checkServer = async (settings: ClientSettings): Promise<Finding[]> => {
  const { endpoint, endpointFrom } = settings;
  let response: Response;
  try {
    response = await fetch(new URL('/health', endpoint), {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    const text = `nothing answers at ${endpoint} (from ${endpointFrom})`;
    const advice = 'kindred serve starts a server; --endpoint names another';
    // Where nobody was pointed at, nobody is missed.
    const isChosen = endpointFrom !== 'the default' && endpointFrom !== 'the setting listen';
    return [isChosen ? fail(text, advice) : warn(text, advice)];
  }
  const health = await readHealth(response);
  if (health === undefined)
    return [
      fail(`${endpoint} answers, but is no Kindred server`, `the address is from ${endpointFrom}`),
    ];
  return [
    health.status === 'ok'
      ? ok(`the server at ${endpoint} is well, version ${health.version}`)
      : fail(`the server at ${endpoint} says ${health.status}`, 'its log tells why'),
    checkClock(response.headers.get('date')),
    await checkKey(settings),
    ...(await checkFigures(endpoint)),
  ];
};

const readHealth = async (response: Response) => {
  try {
    const { status, version } = (await response.json()) as Record<string, unknown>;
    return typeof status === 'string' && typeof version === 'string'
      ? { status, version }
      : undefined;
  } catch {
    return undefined;
  }
};

/** The Date header has whole seconds, which is exact enough. */
const checkClock = (date: string | null): Finding => {
  const differenceMs = Math.abs(Date.parse(date ?? '') - Date.now());
  if (Number.isNaN(differenceMs))
    return warn('the server tells no time', 'a proxy may take it away');
  const text = `the clocks differ by ${Math.round(differenceMs / 1000)} s`;
  if (differenceMs >= WINDOW_MS) return fail(text, 'set the clocks: signed calls are refused');
  return differenceMs >= LARGE_MS
    ? warn(text, 'set the clocks: from 15 minutes on signed calls are refused')
    : ok(text);
};

const checkKey = async (settings: ClientSettings): Promise<Finding> => {
  const { key, keyFrom, endpoint } = settings;
  if (key === undefined)
    return warn(
      'there is no AccessKey',
      'set ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET, or use --profile or --data',
    );
  try {
    const { AccountId } = await sendCall({ endpoint, ...key }, 'GetCallerIdentity', {});
    return ok(
      `the key ${key.accessKeyId} (from ${keyFrom}) is of the account ${String(AccountId)}`,
    );
  } catch (error) {
    if (!(error instanceof KindredError)) throw error;
    return fail(
      `the key ${key.accessKeyId} does not work`,
      failureText(error, settings, 'doctor').trim(),
    );
  }
};

/** What the figures tell. Only a server on this machine tells them. */
const checkFigures = async (endpoint: string): Promise<Finding[]> => {
  const response = await fetch(new URL('/metrics', endpoint), {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => undefined);
  if (response?.ok !== true) return [];
  const text = await response.text();
  return [checkIgnored(text), ...checkDamage(text), ...checkDisks(text)];
};

const IGNORED = /^kindred_unknown_parameters_total\{action="(\w+)"\} (\d+)$/gm;

/** Parameters that clients sent and nothing read. */
const checkIgnored = (figures: string): Finding => {
  const counts = [...figures.matchAll(IGNORED)].map(([, action, count]) => `${action} ${count}`);
  if (counts.length === 0) return ok('every parameter that was sent since its start was read');
  return warn(
    `parameters were sent that nothing reads: ${counts.join(', ')}`,
    'the log and the header x-kindred-ignored of those answers name them',
  );
};

const DAMAGED = /^kindred_blobs_damaged\{served="(yes|no)"\} (\d+)$/gm;

const checkDamage = (figures: string): Finding[] =>
  [...figures.matchAll(DAMAGED)]
    .filter(([, , count]) => count !== '0')
    .map(([, served, count]) =>
      served === 'yes'
        ? warn(
            `${count} damaged copies have a whole one in another store`,
            'they are repaired by themselves; the log tells if that fails',
          )
        : fail(
            `${count} stored files are damaged, their images are UnAvailable`,
            'kindred verify lists them; import the same bytes again to heal them',
          ),
    );

const DISK = /^kindred_disk_used_ratio\{store="([^"]*)"\} ([\d.]+)$/gm;
const FULL_RATIO = 0.8;

const checkDisks = (figures: string): Finding[] =>
  [...figures.matchAll(DISK)]
    .filter(([, , ratio]) => Number(ratio) >= FULL_RATIO)
    .map(([, store, ratio]) =>
      warn(
        `the disk of the store ${store} is ${Math.floor(Number(ratio) * 100)} % full`,
        'delete images with their snapshots, or give the store more room',
      ),
    );
