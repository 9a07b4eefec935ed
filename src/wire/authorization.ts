import { ApiError } from '../errors.ts';

/** Algorithm of a V3 signature → the hash that it is made of. */
const hashes = { 'ACS3-HMAC-SHA256': 'sha256', 'ACS3-HMAC-SM3': 'sm3' } as const;
export type AlgorithmV3 = keyof typeof hashes;

/** The parts of a V3 `Authorization` header. */
export interface Authorization {
  readonly algorithm: AlgorithmV3;
  /** Hash of this algorithm, by OpenSSL's name. */
  readonly hash: (typeof hashes)[AlgorithmV3];
  readonly credential: string;
  /** Lower-case names, sorted, each once. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const partNames: ReadonlySet<string> = new Set(['Credential', 'SignedHeaders', 'Signature']);
const headerNames = /^[a-z0-9_.-]+(?:;[a-z0-9_.-]+)*$/;
const maxSignedHeaders = 100;

const isAlgorithm = (text: string): text is AlgorithmV3 => Object.hasOwn(hashes, text);

/**
 * Reads `ALG Credential=ID,SignedHeaders=a;b,Signature=HEX`; the parts may come in any order
 * (Java's differs). Anything missing, double or unknown is refused with IncompleteSignature.
 */
export function parseAuthorization(text: string): Authorization {
  const space = text.indexOf(' ');
  const algorithm = space < 0 ? text : text.slice(0, space);
  if (algorithm === 'ACS3-RSA-SHA256') throw new ApiError('UnsupportedSignature.Rsa');
  if (!algorithm.startsWith('ACS3-')) throw new ApiError('IncompleteSignature');
  if (!isAlgorithm(algorithm)) throw new ApiError('InvalidSignatureMethod');

  const parts = new Map<string, string>();
  for (const piece of text.slice(algorithm.length).split(',')) {
    const pair = piece.trim();
    const equals = pair.indexOf('=');
    const name = pair.slice(0, Math.max(equals, 0));
    if (!partNames.has(name) || parts.has(name)) throw new ApiError('IncompleteSignature');
    parts.set(name, pair.slice(equals + 1));
  }
  const signature = parts.get('Signature') ?? '';
  const credential = parts.get('Credential');
  if (signature === '' || credential === undefined) throw new ApiError('IncompleteSignature');
  const signedHeaders = parseNames(parts.get('SignedHeaders') ?? '');
  if (credential === '') throw new ApiError('MissingAccessKeyId');
  return { algorithm, hash: hashes[algorithm], credential, signedHeaders, signature };
}

/** Lists that were read before: a client signs the same headers each time. */
const readNames = new Map<string, readonly string[]>();
const maxReadNames = 256;

function parseNames(text: string): readonly string[] {
  const known = readNames.get(text);
  if (known !== undefined) return known;
  const names = headerNames.test(text) ? text.split(';').sort() : [];
  const isOnce = (name: string, i: number): boolean => name !== names[i - 1];
  if (names.length === 0 || names.length > maxSignedHeaders || !names.every(isOnce)) {
    throw new ApiError('IncompleteSignature');
  }
  if (readNames.size >= maxReadNames) readNames.clear();
  readNames.set(text, names);
  return names;
}
