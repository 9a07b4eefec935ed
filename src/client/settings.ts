// Where a client finds its server and its key: flags, then variables (KINDRED_ENDPOINT, ALIBABA_CLOUD_*), then a
// profile of the aliyun CLI, then the root key that lies in a data directory of this machine. There is
// no login file of ours. The current profile counts only when it has an `endpoint`: without one it is a
// key of the cloud, which has nothing to say here. A profile named by flag or variable always counts.
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { KeyPair } from './sign.ts';

export const DEFAULT_ENDPOINT = 'http://127.0.0.1:5260';
const DEFAULT_DATA = './kindred-data';
const CONFIG = '.aliyun/config.json';

export interface SettingsFlags {
  endpoint?: string;
  profile?: string;
  data?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ClientSettings {
  endpoint: string;
  /** Where the endpoint was read, in words. */
  endpointFrom: string;
  key: KeyPair | undefined;
  /** Where the key was read, in words; empty without one. */
  keyFrom: string;
  regionId: string | undefined;
  /** The data directory of this machine, whether it is there or not. */
  dataDir: string;
}

/** The settings contradict themselves or cannot be read. One sentence. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

interface Profile {
  name: string;
  mode?: string;
  access_key_id?: string;
  access_key_secret?: string;
  region_id?: string;
  endpoint?: string;
}

type Found<T> = readonly [value: T, from: string] | undefined;

/** @throws SettingsError */
export const readSettings = (
  flags: SettingsFlags,
  environment: Environment,
  homeDir: string = homedir(),
): ClientSettings => {
  const named = flags.profile ?? environment.ALIBABA_CLOUD_PROFILE;
  const profile = findProfile(join(homeDir, CONFIG), named || undefined);
  const dataDir = flags.data ?? environment.KINDRED_DATA ?? fromConfigFile('data') ?? DEFAULT_DATA;
  const isProfileFlag = flags.profile !== undefined;
  const fromProfile: Found<string> = profile?.endpoint
    ? [profile.endpoint, `the profile ${profile.name}`]
    : undefined;
  const [endpoint, endpointFrom] = given(flags.endpoint, '--endpoint') ??
    (isProfileFlag ? fromProfile : undefined) ??
    given(environment.KINDRED_ENDPOINT, 'KINDRED_ENDPOINT') ??
    given(environment.ALIBABA_CLOUD_ENDPOINT, 'ALIBABA_CLOUD_ENDPOINT') ??
    fromProfile ??
    listenAddress(environment) ?? [DEFAULT_ENDPOINT, 'the default'];
  const [key, keyFrom] = (isProfileFlag ? keyOfProfile(profile) : undefined) ??
    keyOfEnvironment(environment, 'ALIBABA_CLOUD') ??
    (flags.data === undefined ? undefined : rootKey(dataDir)) ??
    keyOfProfile(profile) ??
    keyOfEnvironment(environment, 'KINDRED') ??
    rootKey(dataDir) ?? [undefined, ''];
  return {
    endpoint: asUrl(endpoint, endpointFrom),
    endpointFrom,
    key,
    keyFrom,
    regionId: environment.ALIBABA_CLOUD_REGION_ID || profile?.region_id || undefined,
    dataDir,
  };
};

const given = (value: string | undefined, from: string): Found<string> =>
  value ? [value, from] : undefined;

const findProfile = (path: string, named: string | undefined): Profile | undefined => {
  const missing = (): SettingsError =>
    new SettingsError(
      `there is no profile ${named} in ~/${CONFIG}; \`aliyun configure list\` shows them`,
    );
  if (!existsSync(path)) {
    if (named !== undefined) throw missing();
    return undefined;
  }
  const config = readJson(path) as { current?: string; profiles?: Profile[] };
  const wanted = named ?? config.current;
  const profile = config.profiles?.find(({ name }) => name === wanted);
  if (named === undefined) return profile?.endpoint ? profile : undefined;
  if (profile === undefined) throw missing();
  return profile;
};

const keyOfProfile = (profile: Profile | undefined): Found<KeyPair> => {
  if (profile === undefined) return undefined;
  const {
    name,
    mode = 'AK',
    access_key_id: accessKeyId,
    access_key_secret: accessKeySecret,
  } = profile;
  if (mode !== 'AK' || !accessKeyId || !accessKeySecret)
    throw new SettingsError(
      `the profile ${name} has no AccessKey pair (mode ${mode}); make one with \`aliyun configure --mode AK\``,
    );
  return [{ accessKeyId, accessKeySecret }, `the profile ${name}`];
};

const keyOfEnvironment = (environment: Environment, prefix: string): Found<KeyPair> => {
  const accessKeyId = environment[`${prefix}_ACCESS_KEY_ID`];
  const accessKeySecret = environment[`${prefix}_ACCESS_KEY_SECRET`];
  if (!accessKeyId && !accessKeySecret) return undefined;
  if (!accessKeyId || !accessKeySecret)
    throw new SettingsError(`${prefix}_ACCESS_KEY_ID and ${prefix}_ACCESS_KEY_SECRET go together`);
  return [{ accessKeyId, accessKeySecret }, `${prefix}_ACCESS_KEY_ID`];
};

const rootKey = (dataDir: string): Found<KeyPair> => {
  const path = join(dataDir, 'root-key.json');
  return existsSync(path) ? [readJson(path) as KeyPair, path] : undefined;
};

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SettingsError(`${path} cannot be read: ${(error as Error).message}`);
  }
};

/** What `kindred serve` would read in this folder; only where a client needs the same answer. */
const fromConfigFile = (name: 'data' | 'listen' | 'tls-cert'): string | undefined => {
  if (!existsSync('kindred.json')) return undefined;
  const value = (readJson('kindred.json') as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
};

/** Where a server with the same settings listens; every address is also this machine. */
const listenAddress = (environment: Environment): Found<string> => {
  const listen = environment.KINDRED_LISTEN ?? fromConfigFile('listen');
  if (!listen || listen.endsWith(':0')) return undefined;
  const isTls = environment.KINDRED_TLS_CERT || fromConfigFile('tls-cert');
  const address = listen.replace(/^(0\.0\.0\.0|\[::\]):/, '127.0.0.1:');
  return [isTls ? `https://${address}` : address, 'the setting listen'];
};

/** The aliyun CLI keeps endpoints without a scheme: plain HTTP on this machine, HTTPS elsewhere. */
const asUrl = (endpoint: string, from: string): string => {
  const isLocal = /^(localhost|127\.|\[::1\])/.test(endpoint);
  const text = /^https?:\/\//.test(endpoint)
    ? endpoint
    : `${isLocal ? 'http' : 'https'}://${endpoint}`;
  if (!URL.canParse(text))
    throw new SettingsError(`${endpoint} (from ${from}) is no endpoint: host:port or a URL`);
  return new URL(text).origin;
};
