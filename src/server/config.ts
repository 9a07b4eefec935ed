// The settings of `kindred serve`: flags, then KINDRED_* variables, then kindred.json, in this order
// of strength. An unknown key, a value that means nothing, and a value that is not built yet are
// refused with one sentence.
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
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
  logLevel: LogLevel;
  givenKey?: KeyPair;
  masterKey?: string;
}

interface Setting {
  /** How the value reads; `flag` takes none. */
  kind: 'text' | 'flag' | 'list';
  help: string;
}

/** Every setting, in the order of `--help`. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  listen: {
    kind: 'text',
    help: 'host:port to listen on; port 0 takes a free one (127.0.0.1:5260)',
  },
  data: { kind: 'text', help: 'the data directory (./kindred-data)' },
  ephemeral: {
    kind: 'flag',
    help: 'keep everything in a temporary directory that goes at the end',
  },
  database: { kind: 'text', help: 'where rows live; only the SQLite file of --data is built' },
  blobs: {
    kind: 'text',
    help: 'where bytes live: files (in --data), or s3://bucket/prefix?endpoint=URL&region=R&forcePathStyle=true',
  },
  buckets: {
    kind: 'text',
    help: 'where OSS bucket names live: a folder, <buckets>/<bucket>/<object> (<data>/buckets), or s3://bucket/prefix?endpoint=URL',
  },
  'region-blobs': {
    kind: 'list',
    help: 'REGION=DIR or REGION=s3://…: a store of its own for the bytes of a region; may be given several times',
  },
  region: { kind: 'list', help: "add a region to the vendor's list; may be given several times" },
  quota: { kind: 'list', help: `a limit, name=number: ${Object.keys(DEFAULT_QUOTAS).join(', ')}` },
  throttle: {
    kind: 'list',
    help: 'calls a second of one account, read=number or write=number, 0 for no limit (read=1000, write=500)',
  },
  'family-lookup': {
    kind: 'text',
    help: 'current, or classic: refuse acs: names as the 2020 API did',
  },
  'export-format': {
    kind: 'text',
    help: 'what ExportImage writes when no ImageFormat is named: kept, or raw.tar.gz as the vendor does',
  },
  catalogue: {
    kind: 'text',
    help: 'file with the public images (JSON list), or none; without it a small built-in list',
  },
  'pipeline-hold': {
    kind: 'text',
    help: 'seconds that an execution of an image pipeline waits before it begins (0)',
  },
  'verify-every': {
    kind: 'text',
    help: 'days in which all stored bytes are read and hashed again; 0 only when asked (7)',
  },
  'multipart-expiry': {
    kind: 'text',
    help: 'days without a new part after which an upload in parts goes from its bucket; 0 never (7)',
  },
  'audit-checkpoint': {
    kind: 'list',
    help: 'where the signed head of the audit trail goes: file:/path, syslog:udp|tcp://host:port, https://…; several times',
  },
  'audit-checkpoint-every': { kind: 'text', help: 'seconds between two checkpoints (300)' },
  'audit-retention': {
    kind: 'text',
    help: 'days after which records of the audit trail go, best 180 or more; 0 never (365)',
  },
  'oidc-issuers': {
    kind: 'text',
    help: 'file with the issuers whose tokens AssumeRoleWithOIDC takes (JSON list); none without it',
  },
  'tls-cert': {
    kind: 'text',
    help: 'certificate file (PEM); serves HTTPS together with --tls-key',
  },
  'tls-key': { kind: 'text', help: 'private key file (PEM)' },
  'insecure-http': { kind: 'flag', help: 'allow plain HTTP on an address that is not loopback' },
  'allow-network-fs': { kind: 'flag', help: 'allow a data directory on NFS, SMB and the like' },
  'test-controls': {
    kind: 'flag',
    help: 'allow the test controls (crash points); never in production',
  },
  'log-level': { kind: 'text', help: `${LOG_LEVELS.join(', ')} (info)` },
};

type Raw = Record<string, string | boolean | string[] | undefined>;
type Environment = Readonly<Record<string, string | undefined>>;

/** @throws StartRefused */
export const readServeConfig = (argv: readonly string[], environment: Environment): ServeConfig => {
  const flags = readFlags(argv);
  const file = readFile(typeof flags.config === 'string' ? flags.config : undefined);
  const raw: Raw = { ...file, ...readEnvironment(environment), ...flags };
  return toConfig(raw, environment);
};

const readFlags = (argv: readonly string[]): Raw => {
  const options = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, { kind }]) => [
      name,
      {
        type: kind === 'flag' ? ('boolean' as const) : ('string' as const),
        multiple: kind === 'list',
      },
    ]),
  );
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { ...options, config: { type: 'string' } },
      allowPositionals: false,
    });
    return values as Raw;
  } catch (error) {
    throw new StartRefused(`${(error as Error).message.split('. ')[0]}; see kindred serve --help`);
  }
};

const readEnvironment = (environment: Environment): Raw => {
  const raw: Raw = {};
  for (const [name, { kind }] of Object.entries(SETTINGS)) {
    const text = environment[`KINDRED_${name.toUpperCase().replaceAll('-', '_')}`];
    if (text === undefined || text === '') continue;
    raw[name] = kind === 'flag' ? isTrue(name, text) : kind === 'list' ? text.split(',') : text;
  }
  return raw;
};

const isTrue = (name: string, text: string): boolean => {
  if (/^(1|true|yes|on)$/i.test(text)) return true;
  if (/^(0|false|no|off)$/i.test(text)) return false;
  throw new StartRefused(`${name} must be true or false, not ${text}`);
};

const readFile = (given: string | undefined): Raw => {
  const path = given ?? 'kindred.json';
  if (!existsSync(path)) {
    if (given !== undefined)
      throw new StartRefused(`the configuration file ${given} does not exist`);
    return {};
  }
  let raw: Raw;
  try {
    raw = JSON.parse(readFileSync(path, 'utf8')) as Raw;
  } catch (error) {
    throw new StartRefused(`${path} is not JSON: ${(error as Error).message}`);
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new StartRefused(`${path} must hold an object of settings`);
  for (const [name, value] of Object.entries(raw)) {
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (setting === undefined) throw new StartRefused(`${path} has the unknown key ${name}`);
    if (!fits(setting, value)) throw new StartRefused(`${path}: ${name} has the wrong type`);
  }
  return raw;
};

const fits = ({ kind }: Setting, value: unknown): boolean =>
  kind === 'flag'
    ? typeof value === 'boolean'
    : kind === 'text'
      ? typeof value === 'string'
      : Array.isArray(value) && value.every((entry) => typeof entry === 'string');

const text = (raw: Raw, name: string): string | undefined => raw[name] as string | undefined;

const toConfig = (raw: Raw, environment: Environment): ServeConfig => {
  refuseUnbuilt(raw);
  const { host, port } = parseListen(text(raw, 'listen') ?? '127.0.0.1:5260');
  const tls = parseTls(text(raw, 'tls-cert'), text(raw, 'tls-key'));
  if (!tls && !isLoopback(host) && raw['insecure-http'] !== true)
    throw new StartRefused(
      `plain HTTP on ${host} would show every answer to the network; give --tls-cert and --tls-key, or --insecure-http behind a proxy`,
    );
  const buckets = parseBuckets(text(raw, 'buckets'), environment);
  const givenKey = parseGivenKey(environment);
  const masterKey = environment.KINDRED_MASTER_KEY;
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
    verifyEveryDays: parseDays('verify-every', text(raw, 'verify-every') ?? '7'),
    multipartExpiryDays: parseDays('multipart-expiry', text(raw, 'multipart-expiry') ?? '7'),
    oidcIssuers: openIssuers(text(raw, 'oidc-issuers')),
    allowNetworkFs: raw['allow-network-fs'] === true,
    hasTestControls: raw['test-controls'] === true,
    logLevel: oneOf('log-level', text(raw, 'log-level') ?? 'info', LOG_LEVELS),
    ...(tls && { tls }),
    ...(blobs && { blobs }),
    ...(buckets !== undefined && { buckets }),
    ...(givenKey && { givenKey }),
    ...(masterKey && { masterKey }),
  };
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
