// Signs by hand, apart from src/wire on purpose, so that a test can break any one part of a request:
// whatever a call leaves out is made honestly. https://www.alibabacloud.com/help/en/sdk (V3 request
// structure and signature) and the RPC signature are followed, not our own code.
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { KeyPair } from '../../src/server/first-account.ts';
import type { WireRequest } from '../../src/wire/request.ts';

export type Texts = Readonly<Record<string, string>>;

export const FAMILY: Texts = { RegionId: 'cn-hangzhou', ImageFamily: 'attacked' };
export const HOST = '127.0.0.1:5260';

export const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );

export const timestamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+/, '');

export const queryOf = (pairs: Texts): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');

const canonical = (pairs: Texts): string =>
  queryOf(Object.fromEntries(Object.entries(pairs).toSorted(([a], [b]) => (a < b ? -1 : 1))));

interface Common {
  key: KeyPair;
  nowMs: number;
  action?: string;
  version?: string;
  parameters?: Texts;
  method?: 'GET' | 'POST';
}

export interface V1Options extends Common {
  /** Replaces system parameters, and is signed; undefined leaves one out. */
  system?: Readonly<Record<string, string | undefined>>;
  /** After signing: what really is sent. */
  tamper?: (sent: Record<string, string>) => Texts;
  hash?: string;
  /** Where the parameters go; default the query. */
  place?: 'query' | 'body';
}

const defined = (pairs: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(pairs).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );

export const v1 = (options: V1Options): WireRequest => {
  const { key, nowMs, method = 'GET', hash = 'sha1', tamper = (sent) => sent } = options;
  const parameters = defined({
    Action: options.action ?? 'DescribeImageFromFamily',
    Version: options.version ?? '2014-05-26',
    Format: 'JSON',
    AccessKeyId: key.accessKeyId,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: timestamp(nowMs),
    ...(options.parameters ?? FAMILY),
    ...options.system,
  });
  const stringToSign = `${method}&%2F&${encode(canonical(parameters))}`;
  const hmac = createHmac(hash, `${key.accessKeySecret}&`).update(stringToSign);
  const query = queryOf(tamper({ ...parameters, Signature: hmac.digest('base64') }));
  const isForm = options.place === 'body';
  const form = isForm ? ['Content-Type', 'application/x-www-form-urlencoded'] : [];
  return {
    method,
    target: isForm ? '/' : `/?${query}`,
    rawHeaders: ['Host', HOST, ...form],
    body: isForm ? Buffer.from(query) : new Uint8Array(0),
  };
};

export interface V3Options extends Common {
  body?: Uint8Array;
  /** Replaces headers before signing; undefined leaves one out. */
  headers?: Readonly<Record<string, string | undefined>>;
  /** Present and not covered by the signature. */
  unsigned?: readonly string[];
  /** Headers that are added after signing, in pairs. */
  added?: readonly string[];
  /** What is signed in place of the query that is sent. */
  signedParameters?: Texts;
  algorithm?: 'ACS3-HMAC-SHA256' | 'ACS3-HMAC-SM3';
  /** Builds the header out of its parts. */
  authorize?: (parts: {
    algorithm: string;
    credential: string;
    signed: string;
    signature: string;
  }) => string;
}

const HASHES = { 'ACS3-HMAC-SHA256': 'sha256', 'ACS3-HMAC-SM3': 'sm3' } as const;

export const v3 = (options: V3Options): WireRequest => {
  const {
    key,
    nowMs,
    method = 'POST',
    body = new Uint8Array(0),
    unsigned = [],
    added = [],
  } = options;
  const { algorithm = 'ACS3-HMAC-SHA256', parameters = FAMILY } = options;
  const hashOf = (bytes: Uint8Array | string): string =>
    createHash(HASHES[algorithm]).update(bytes).digest('hex');
  const headers = defined({
    host: HOST,
    'x-acs-action': options.action ?? 'DescribeImageFromFamily',
    'x-acs-version': options.version ?? '2014-05-26',
    'x-acs-date': timestamp(nowMs),
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': hashOf(body),
    ...(body.length > 0 && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...options.headers,
  });
  const names = Object.keys(headers)
    .filter((name) => !unsigned.includes(name))
    .toSorted();
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const query = canonical(options.signedParameters ?? parameters);
  const text = `${method}\n/\n${query}\n${lines}\n${names.join(';')}\n${hashOf(body)}`;
  const signature = createHmac(HASHES[algorithm], key.accessKeySecret)
    .update(`${algorithm}\n${hashOf(text)}`)
    .digest('hex');
  const parts = { algorithm, credential: key.accessKeyId, signed: names.join(';'), signature };
  const authorize =
    options.authorize ??
    ((p) =>
      `${p.algorithm} Credential=${p.credential},SignedHeaders=${p.signed},Signature=${p.signature}`);
  return {
    method,
    target: `/?${queryOf(parameters)}`,
    rawHeaders: [...Object.entries(headers).flat(), 'authorization', authorize(parts), ...added],
    body,
  };
};
