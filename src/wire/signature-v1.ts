import { ApiError } from '../errors.ts';
import { sameText } from './compare.ts';
import { percentEncodeTwice } from './encode.ts';
import type { EnvelopeV1, MethodV1 } from './envelope.ts';
import { hmac } from './hmac.ts';
import type { Parameter } from './request.ts';

type Named = Pick<Parameter, 'name' | 'value'>;

const digests = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' } as const;

/** Most characters of the string to sign that an answer repeats. */
const maxEchoLength = 65_536;

/** Names are ASCII, so comparing UTF-16 units is comparing bytes. */
export const byName = (a: Named, b: Named): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

/**
 * `METHOD&%2F&` and the encoded list of all parameters but `Signature`, sorted by name. Each text
 * is encoded twice; after the first time only `%` is left to encode.
 */
export function stringToSignV1(method: string, parameters: readonly Named[]): string {
  let joined = '';
  for (const { name, value } of parameters.toSorted(byName)) {
    if (name === 'Signature') continue;
    if (joined !== '') joined += '%26';
    joined += `${name.includes('#') ? percentEncodeTwice(name) : name}%3D${percentEncodeTwice(value)}`;
  }
  return `${method}&%2F&${joined}`;
}

/** Base64 of the HMAC under `secret&`. */
export function signV1(stringToSign: string, secret: string, method: MethodV1): string {
  return hmac(digests[method], `${secret}&`, stringToSign, 'base64');
}

/**
 * True, or throws SignatureDoesNotMatch. Its message ends with our string to sign and nothing
 * else: official clients compare that tail with their own to tell a wrong secret from a bug.
 */
export function verifyV1(
  method: string,
  parameters: readonly Named[],
  envelope: EnvelopeV1,
  secret: string,
): true {
  const stringToSign = stringToSignV1(method, parameters);
  const expected = signV1(stringToSign, secret, envelope.signatureMethod);
  const equal = sameText(envelope.signature, expected);
  if (equal && secret !== '' && envelope.accessKeyId !== '') return true;
  throw new ApiError('SignatureDoesNotMatch', {
    message:
      'Specified signature is not matched with our calculation. server string to sign is:' +
      stringToSign.slice(0, maxEchoLength),
  });
}
