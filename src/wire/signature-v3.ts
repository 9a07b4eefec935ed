// The V3 signature: HMAC over a canonical form of method, query, signed headers and body hash. The
// body is hashed here; the hash that the client states is only compared with it.
import { hash } from 'node:crypto';
import { ApiError } from '../errors.ts';
import type { Authorization } from './authorization.ts';
import { sameText } from './compare.ts';
import { percentEncode } from './encode.ts';
import type { EnvelopeV3 } from './envelope.ts';
import { headerOf, headersOf } from './headers.ts';
import { hmac } from './hmac.ts';
import type { Parameter, WireRequest } from './request.ts';
import { byName } from './signature-v1.ts';

/** Most characters of the canonical request that an answer repeats. */
const maxEchoLength = 65_536;

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\x00-\x7f]*$/;

const emptyHashes = {
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  sm3: '1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b',
} as const;

/**
 * The canonical request as a byte string (one char per byte, as headers come).
 * `encodeNames`: PHP and Java percent-encode parameter names in it, Node, Go and Python do not.
 */
export function canonicalRequestV3(
  request: WireRequest,
  parameters: readonly Parameter[],
  signedHeaders: readonly string[],
  bodyHash: string,
  encodeNames = false,
): string {
  let query = '';
  for (const { name, value, from } of parameters.toSorted(byName)) {
    if (from !== 'query') continue;
    if (query !== '') query += '&';
    query += `${encodeNames ? percentEncode(name) : name}=${percentEncode(value)}`;
  }
  const { first, repeated } = headersOf(request);
  let lines = '';
  let names = '';
  for (const name of signedHeaders) {
    // Java signs the text `null` for a header without a value, and does not send it.
    const value = repeated.get(name)?.toSorted().join(',') ?? first.get(name) ?? 'null';
    lines += `${name}:${value}\n`;
    names += names === '' ? name : `;${name}`;
  }
  return `${request.method}\n${request.signedPath ?? '/'}\n${query}\n${lines}\n${names}\n${bodyHash}`;
}

/** What the HMAC covers: the algorithm and the hash of the canonical request. */
export function stringToSignV3(canonical: string, authorization: Authorization): string {
  // A text of ASCII is hashed as it is; the bytes of any other are its characters.
  const bytes = ascii.test(canonical) ? canonical : Buffer.from(canonical, 'latin1');
  const digest = hash(authorization.hash, bytes, 'hex');
  return `${authorization.algorithm}\n${digest}`;
}

/** Lower-case hex of the HMAC under the bare secret. */
export function signV3(
  stringToSign: string,
  secret: string,
  { hash: name }: Authorization,
): string {
  return hmac(name, secret, stringToSign, 'hex');
}

/** True, or throws SignatureDoesNotMatch. */
export function verifyV3(
  request: WireRequest,
  parameters: readonly Parameter[],
  envelope: EnvelopeV3,
  secret: string,
): true {
  const { authorization } = envelope;
  const { signedHeaders, signature } = authorization;
  const bodyHash = hashBody(request.body, authorization);
  const check = (encodeNames: boolean) => {
    const canonical = canonicalRequestV3(request, parameters, signedHeaders, bodyHash, encodeNames);
    const stringToSign = stringToSignV3(canonical, authorization);
    const equal = sameText(signature, signV3(stringToSign, secret, authorization));
    return { equal, canonical, stringToSign };
  };
  let result = check(false);
  // `#` is the only letter of a name that encoding changes.
  if (!result.equal && parameters.some(({ name }) => name.includes('#'))) result = check(true);
  const usable = secret !== '' && envelope.accessKeyId !== '';
  if (result.equal && usable && statesHash(request, authorization, bodyHash)) return true;
  throw mismatch(result);
}

function hashBody(body: Uint8Array, { hash: name }: Authorization): string {
  return body.length === 0 ? emptyHashes[name] : hash(name, body, 'hex');
}

/** Whether the stated body hash is true. The Tea SDKs state an SM3 hash under sha256's name. */
function statesHash(
  request: WireRequest,
  { hash: name }: Authorization,
  bodyHash: string,
): boolean {
  const stated = headerOf(request, 'x-acs-content-sha256');
  const statedSm3 = name === 'sm3' ? headerOf(request, 'x-acs-content-sm3') : undefined;
  return (
    (stated ?? statedSm3) !== undefined &&
    (stated ?? bodyHash) === bodyHash &&
    (statedSm3 ?? bodyHash) === bodyHash
  );
}

function mismatch(ours: { canonical: string; stringToSign: string }): ApiError {
  // A token is not for logs and screens, and header bytes may drive a terminal.
  const shown = ours.canonical
    .slice(0, maxEchoLength)
    .replace(/^x-acs-security-token:.*$/m, 'x-acs-security-token:***')
    .replace(/[^\n\x20-\x7e]/g, '?');
  return new ApiError('SignatureDoesNotMatch', {
    message:
      'Specified signature does not match our calculation. ' +
      `server StringToSign is [${ours.stringToSign}] server CanonicalRequest is [${shown}]`,
  });
}
