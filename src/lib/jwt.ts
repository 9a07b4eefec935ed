// JSON Web Tokens in their compact form, signed with RS256 or ES256 and nothing else: `none` and the
// keyed hashes are no signatures of an issuer. The key must be of the kind that the algorithm names.
import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';

/** Characters of a token. */
export const MAX_JWT_CHARACTERS = 20_000;
const MIN_RSA_BITS = 2048;

export interface Jwt {
  algorithm: 'RS256' | 'ES256';
  keyId: string | undefined;
  claims: Readonly<Record<string, unknown>>;
  /** What the signature covers. */
  signed: string;
  signature: Uint8Array;
}

/** A public key of a set, as RFC 7517 writes it. */
export type PublicJwk = JsonWebKey & { kid?: string; use?: string; alg?: string };

/** Undefined for whatever is not a whole token of these two algorithms. */
export const parseJwt = (text: string): Jwt | undefined => {
  if (text.length > MAX_JWT_CHARACTERS) return undefined;
  const parts = text.split('.');
  const [head = '', body = '', seal = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
  const header = membersOf(head);
  const claims = membersOf(body);
  if (header === undefined || claims === undefined) return undefined;
  const { alg, kid, crit } = header;
  if ((alg !== 'RS256' && alg !== 'ES256') || crit !== undefined) return undefined;
  if (kid !== undefined && typeof kid !== 'string') return undefined;
  return {
    algorithm: alg,
    keyId: kid,
    claims,
    signed: `${head}.${body}`,
    signature: Buffer.from(seal, 'base64url'),
  };
};

const membersOf = (part: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    // Spread into an object of our own, so that `__proto__` is a member like any other.
    return isObject ? { __proto__: null, ...value } : undefined;
  } catch {
    return undefined;
  }
};

/** Whether the token was signed with the private half of the key. */
export const isSignedBy = (jwt: Jwt, jwk: PublicJwk): boolean => {
  const kty = jwt.algorithm === 'RS256' ? 'RSA' : 'EC';
  if (jwk.kty !== kty || (jwk.use ?? 'sig') !== 'sig') return false;
  if ((jwk.alg ?? jwt.algorithm) !== jwt.algorithm) return false;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const { modulusLength = 0, namedCurve } = key.asymmetricKeyDetails ?? {};
    if (kty === 'RSA' ? modulusLength < MIN_RSA_BITS : namedCurve !== 'prime256v1') return false;
    const data = Buffer.from(jwt.signed, 'latin1');
    return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, jwt.signature);
  } catch {
    return false;
  }
};
