// What the settings of `kindred serve` mean. A value that means nothing, and one that is not built yet, are
// refused with one sentence.
import { existsSync } from 'node:fs';
import { overlap, parseS3Address, s3Address, type S3Settings } from '../blobs/s3/settings.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { FamilyLookup } from '../domain/family.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../domain/image-export.ts';
import { DEFAULT_QUOTAS, type Quotas } from '../domain/quota.ts';
import { isRegionId } from '../domain/region.ts';
import { parseCheckpointAddress, type CheckpointAddress } from './audit/checkpoint-address.ts';
import { openCatalogue } from './catalogue-file.ts';
import type { KeyPair } from './first-account.ts';
import { LOG_LEVELS, type LogLevel } from './log.ts';
import { openIssuers, type ListedIssuer } from './oidc/issuer-file.ts';
import { readRaw, type Environment, type Raw } from './raw-settings.ts';
import { StartRefused } from './refusal.ts';
import { DEFAULT_RATES, type ThrottleRates } from './throttle.ts';

export interface ServeConfig {
  host: string;
  port: number;
  dataDir: string;
  isEphemeral: boolean;
  /** A folder, or a place in S3; without it in the data directory. */
  buckets?: string | S3Settings;
  /** Where bytes live, when not in the files of the data directory. */
  blobs?: S3Settings;
  /** A folder, or a place in S3. */
  regionBlobs: Record<string, string | S3Settings>;
  regions: string[];
  quotas: Partial<Quotas>;
  throttle: ThrottleRates;
  familyLookup: FamilyLookup;
  exportFormat: ExportFormat;
  catalogue: Catalogue;
  pipelineHoldMs: number;
  verifyEveryDays: number;
  auditCheckpoints: CheckpointAddress[];
  auditCheckpointEveryMs: number;
  auditRetentionDays: number;
  multipartExpiryDays: number;
  tls?: { certFile: string; keyFile: string };
  oidcIssuers: ListedIssuer[];
  allowNetworkFs: boolean;
  hasTestControls: boolean;
  /** Opens the test controls to callers that are not on the loopback. */
  testControlsToken: string | undefined;
  logLevel: LogLevel;
  /** A file; applied before anybody can call. */
  seed?: string;
  givenKey?: KeyPair;
  masterKey?: string;
}

/** @throws StartRefused */
export const readServeConfig = (argv: readonly string[], environment: Environment): ServeConfig =>
  toConfig(readRaw(argv, environment), environment);

const text = (raw: Raw, name: string): string | undefined => raw[name] as string | undefined;

const toConfig = (raw: Raw, environment: Environment): ServeConfig => {
  refuseUnbuilt(raw);
  const { host, port } = parseListen(text(raw, 'listen') ?? '127.0.0.1:5260');
  const tls = parseTls(text(raw, 'tls-cert'), text(raw, 'tls-key'));
  if (!tls && !isLoopback(host) && raw['insecure-http'] !== true)
    throw new StartRefused(
      `plain HTTP on ${host} would show every answer to the network; give --tls-cert and --tls-key, or --insecure-http (KINDRED_INSECURE_HTTP=true) behind a proxy`,
    );
  const buckets = parseBuckets(text(raw, 'buckets'), environment);
  const givenKey = parseGivenKey(environment);
  const masterKey = environment.KINDRED_MASTER_KEY;
  const seed = text(raw, 'seed');
  const given = text(raw, 'blobs') ?? 'files';
  const blobs = given === 'files' ? undefined : parseS3('--blobs', given, environment);
  const regionBlobs = parseRegionBlobs(
    (raw['region-blobs'] as string[] | undefined) ?? [],
    environment,
  );
  refuseStoresInBuckets(buckets, [blobs, ...Object.values(regionBlobs)]);
  return {
    host,
    port,
    dataDir: text(raw, 'data') ?? './kindred-data',
    isEphemeral: raw.ephemeral === true,
    regionBlobs,
    regions: ((raw.region as string[] | undefined) ?? []).map(checkedRegion),
    quotas: numbers('quota', raw, DEFAULT_QUOTAS),
    throttle: { ...DEFAULT_RATES, ...numbers('throttle', raw, DEFAULT_RATES) },
    familyLookup: oneOf('family-lookup', text(raw, 'family-lookup') ?? 'current', [
      'current',
      'classic',
    ]),
    exportFormat: oneOf('export-format', text(raw, 'export-format') ?? 'kept', EXPORT_FORMATS),
    catalogue: openCatalogue(text(raw, 'catalogue')),
    pipelineHoldMs: 1_000 * parseSeconds('pipeline-hold', text(raw, 'pipeline-hold') ?? '0'),
    auditCheckpoints: ((raw['audit-checkpoint'] as string[] | undefined) ?? []).map(checkpointTo),
    auditCheckpointEveryMs: checkpointEveryMs(text(raw, 'audit-checkpoint-every') ?? '300'),
    auditRetentionDays: parseDays('audit-retention', text(raw, 'audit-retention') ?? '365', 3_660),
    // A test that moves time by months does not wait for everything to be read again.
    verifyEveryDays: parseDays(
      'verify-every',
      text(raw, 'verify-every') ?? (raw['test-controls'] === true ? '0' : '7'),
    ),
    multipartExpiryDays: parseDays('multipart-expiry', text(raw, 'multipart-expiry') ?? '7'),
    oidcIssuers: openIssuers(text(raw, 'oidc-issuers')),
    allowNetworkFs: raw['allow-network-fs'] === true,
    ...testControls(raw),
    logLevel: oneOf('log-level', text(raw, 'log-level') ?? 'info', LOG_LEVELS),
    ...(seed !== undefined && { seed }),
    ...(tls && { tls }),
    ...(blobs && { blobs }),
    ...(buckets !== undefined && { buckets }),
    ...(givenKey && { givenKey }),
    ...(masterKey && { masterKey }),
  };
};

/** Short enough to guess is as good as none. */
const LEAST_TOKEN = 16;

const testControls = (raw: Raw) => {
  const hasTestControls = raw['test-controls'] === true;
  const testControlsToken = text(raw, 'test-controls-token');
  if (testControlsToken !== undefined && !hasTestControls)
    throw new StartRefused('--test-controls-token goes together with --test-controls');
  if (testControlsToken !== undefined && testControlsToken.length < LEAST_TOKEN)
    throw new StartRefused(`--test-controls-token must have ${LEAST_TOKEN} characters or more`);
  return { hasTestControls, testControlsToken };
};

const refuseUnbuilt = (raw: Raw): void => {
  if (raw.database !== undefined && raw.database !== 'sqlite')
    throw new StartRefused('--database: only the SQLite file of the data directory is built yet');
};

const parseListen = (listen: string): { host: string; port: number } => {
  const match = /^(?:\[([0-9a-fA-F:]+)\]|([^:\s]+)):(\d{1,5})$/.exec(listen);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) throw new StartRefused(`--listen must be host:port, not ${listen}`);
  return { host: match[1] ?? match[2] ?? '', port };
};

const isLoopback = (host: string): boolean => /^(localhost|127(\.\d{1,3}){3}|::1)$/.test(host);

const parseTls = (certFile?: string, keyFile?: string) => {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined)
    throw new StartRefused('--tls-cert and --tls-key go together');
  for (const file of [certFile, keyFile])
    if (!existsSync(file)) throw new StartRefused(`the file ${file} does not exist`);
  return { certFile, keyFile };
};

const checkedRegion = (id: string): string => {
  if (!isRegionId(id))
    throw new StartRefused(`--region ${id}: lower-case letters, digits and hyphens`);
  return id;
};

const parseS3 = (flag: string, address: string, environment: Environment): S3Settings => {
  const settings = parseS3Address(address, environment.AWS_REGION);
  // The address is not repeated: somebody may have written a secret into it.
  if (typeof settings === 'string') throw new StartRefused(`${flag}: ${settings}`);
  return settings;
};

const parseBuckets = (
  given: string | undefined,
  environment: Environment,
): string | S3Settings | undefined => {
  if (given?.startsWith('s3://')) return parseS3('--buckets', given, environment);
  return given === '' ? undefined : given;
};

/** The folders of a store in S3 would show as buckets. */
const refuseStoresInBuckets = (
  buckets: string | S3Settings | undefined,
  stores: readonly (string | S3Settings | undefined)[],
): void => {
  if (buckets === undefined || typeof buckets === 'string') return;
  for (const store of stores)
    if (store !== undefined && typeof store !== 'string' && overlap(buckets, store))
      throw new StartRefused(
        `--buckets: ${s3Address(buckets)} and the bytes in ${s3Address(store)} overlap; give each a prefix of its own`,
      );
};

const parseRegionBlobs = (
  entries: readonly string[],
  environment: Environment,
): Record<string, string | S3Settings> => {
  const folders = new Map<string, string | S3Settings>();
  for (const entry of entries) {
    const at = entry.indexOf('=');
    const [region, folder] = [entry.slice(0, Math.max(at, 0)), entry.slice(at + 1)];
    if (!isRegionId(region) || folder === '')
      throw new StartRefused(`--region-blobs ${entry}: it must be REGION=DIR or REGION=s3://…`);
    if (folders.has(region))
      throw new StartRefused(`--region-blobs: ${region} has two stores; give it one`);
    folders.set(
      region,
      folder.startsWith('s3://')
        ? parseS3(`--region-blobs ${region}`, folder, environment)
        : folder,
    );
  }
  return Object.fromEntries(folders);
};

/** `name=number`, given any number of times, with names that `known` has. */
const numbers = <Name extends string>(
  setting: string,
  raw: Raw,
  known: Readonly<Record<Name, number>>,
): Partial<Record<Name, number>> => {
  const found: Partial<Record<Name, number>> = {};
  for (const entry of (raw[setting] as string[] | undefined) ?? []) {
    const [name = '', value = ''] = entry.split('=');
    if (!hasName(known, name) || !/^\d{1,9}$/.test(value))
      throw new StartRefused(
        `--${setting} ${entry}: name=number, with a name of ${Object.keys(known).join(', ')}`,
      );
    found[name] = Number(value);
  }
  return found;
};

const hasName = <Name extends string>(
  known: Readonly<Record<Name, number>>,
  name: string,
): name is Name => Object.hasOwn(known, name);

/** Up to a year, where nothing else is said. */
const parseDays = (name: string, value: string, most = 366): number => {
  if (/^\d{1,4}$/.test(value) && Number(value) <= most) return Number(value);
  throw new StartRefused(`--${name} must be a whole number of days up to ${most}, not ${value}`);
};

const checkpointTo = (given: string): CheckpointAddress => {
  const address = parseCheckpointAddress(given);
  // Not repeated either: the address of a webhook may be a secret.
  if (typeof address === 'string') throw new StartRefused(`--audit-checkpoint: ${address}`);
  return address;
};

const checkpointEveryMs = (given: string): number => {
  const seconds = parseSeconds('audit-checkpoint-every', given);
  if (seconds > 0) return seconds * 1_000;
  throw new StartRefused('--audit-checkpoint-every must be at least one second');
};

/** Up to a day. */
const parseSeconds = (name: string, value: string): number => {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 86_400) return Number(value);
  throw new StartRefused(`--${name} must be a whole number of seconds up to 86400, not ${value}`);
};

const oneOf = <const T extends string>(name: string, value: string, allowed: readonly T[]): T => {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw new StartRefused(`--${name} must be ${allowed.join(', ')}; not ${value}`);
};

const parseGivenKey = (environment: Environment): KeyPair | undefined => {
  const accessKeyId = environment.KINDRED_ACCESS_KEY_ID;
  const accessKeySecret = environment.KINDRED_ACCESS_KEY_SECRET;
  if (!accessKeyId && !accessKeySecret) return undefined;
  if (!accessKeyId || !accessKeySecret)
    throw new StartRefused('KINDRED_ACCESS_KEY_ID and KINDRED_ACCESS_KEY_SECRET go together');
  return { accessKeyId, accessKeySecret };
};
