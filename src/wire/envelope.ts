// The envelope of a call: who asks for which action, in which format, with which signature. It is
// made of system parameters (V1) or headers (V3) and checked for form only. Whether the action
// exists, the key is known, the time is near and the nonce is new is for the caller to say.
import { ApiError, type ErrorCode } from '../errors.ts';
import { parseAuthorization, type Authorization } from './authorization.ts';
import { formatOf, negotiateFormat, type Format } from './format.ts';
import { headerOf } from './headers.ts';
import type { ParameterMap, Parameters } from './params.ts';
import type { WireRequest } from './request.ts';
import { schemeOf, type Scheme } from './scheme.ts';
import { parseTimestamp } from './timestamp.ts';

export { formatOf, negotiateFormat, schemeOf, type Format, type Scheme };

/** What is asked, before anyone is asked who asks. */
export interface Call {
  readonly scheme: Scheme;
  readonly action: string;
  readonly version: string;
  readonly format: Format;
}

interface Common extends Call {
  readonly accessKeyId: string;
  readonly securityToken?: string;
  readonly nonce: string;
  readonly timestampMs: number;
  /** The parameters of the operation: all but the system ones. */
  readonly business: ParameterMap;
}

export interface EnvelopeV1 extends Common {
  readonly scheme: 'v1';
  readonly signatureMethod: MethodV1;
  readonly signature: string;
}

export interface EnvelopeV3 extends Common {
  readonly scheme: 'v3';
  readonly authorization: Authorization;
}

export type Envelope = EnvelopeV1 | EnvelopeV3;
export type MethodV1 = 'HMAC-SHA1' | 'HMAC-SHA256';

/** Longest nonce accepted, in characters; clients send 32 to 64. */
export const maxNonceLength = 256;

/** Action, version and format of a request: enough to tell whether the action is served. */
export function parseCall(request: WireRequest, { system }: Parameters): Call {
  refuseTwoSignatures(request, system);
  const scheme = schemeOf(request, system);
  const read = (parameter: string, header: string): string | undefined =>
    scheme === 'v1' ? system.get(parameter) : agreed(request, system, parameter, header);
  const action = required(read('Action', 'x-acs-action'), 'MissingAction');
  const version = required(read('Version', 'x-acs-version'), 'MissingVersion');
  const format = negotiateFormat(system, scheme, headerOf(request, 'accept'));
  return { scheme, action, version, format };
}

/**
 * The whole envelope. Throws the gateway's error for whatever is missing or malformed first. A caller
 * that has parsed the call already hands it over.
 */
export function parseEnvelope(
  request: WireRequest,
  parameters: Parameters,
  call: Call = parseCall(request, parameters),
): Envelope {
  const { system, business } = parameters;
  refuseUnserved(request, system);
  return call.scheme === 'v1'
    ? readV1({ ...call, scheme: 'v1' }, system, business)
    : readV3({ ...call, scheme: 'v3' }, request, system, business);
}

/** V3 speaks by headers. Java repeats some of them as parameters; two truths are refused. */
function agreed(
  request: WireRequest,
  system: ParameterMap,
  parameter: string,
  header: string,
): string | undefined {
  const value = headerOf(request, header);
  const repeated = system.get(parameter);
  if (repeated && value && repeated !== value) {
    throw new ApiError('InvalidParameter', { parameter });
  }
  return value;
}

/** Signed by parameters and by header at once: never "either will do". */
function refuseTwoSignatures(request: WireRequest, system: ParameterMap): void {
  const byParameters =
    system.has('Signature') || system.has('SignatureMethod') || system.has('SignatureVersion');
  if (byParameters && headerOf(request, 'authorization') !== undefined) {
    throw new ApiError('IncompleteSignature');
  }
}

/** Ways of signing that are not served. */
function refuseUnserved(request: WireRequest, system: ParameterMap): void {
  const type = system.get('SignatureType') ?? '';
  if (
    type === 'BEARERTOKEN' ||
    system.has('BearerToken') ||
    headerOf(request, 'x-acs-bearer-token') !== undefined ||
    headerOf(request, 'x-acs-zero-trust-idtoken') !== undefined
  ) {
    throw new ApiError('UnsupportedSignature.BearerToken');
  }
  if (type === 'PRIVATEKEY' || system.get('SignatureMethod') === 'SHA256withRSA') {
    throw new ApiError('UnsupportedSignature.Rsa');
  }
  if (type !== '') throw new ApiError('InvalidParameter', { parameter: 'SignatureType' });
}

function readV1(
  call: Call & { scheme: 'v1' },
  system: ParameterMap,
  business: ParameterMap,
): EnvelopeV1 {
  const get = (name: string, missing: ErrorCode) => required(system.get(name), missing);
  const accessKeyId = get('AccessKeyId', 'MissingAccessKeyId');
  const signature = get('Signature', 'MissingSignature');
  const signatureMethod = get('SignatureMethod', 'MissingSignatureMethod');
  if (signatureMethod !== 'HMAC-SHA1' && signatureMethod !== 'HMAC-SHA256') {
    throw new ApiError('InvalidSignatureMethod');
  }
  if (get('SignatureVersion', 'MissingSignatureVersion') !== '1.0') {
    throw new ApiError('IncompleteSignature');
  }
  const nonce = checkNonce(get('SignatureNonce', 'MissingSignatureNonce'));
  if (system.has('Timestamp') && system.has('TimeStamp')) {
    throw new ApiError('InvalidParameter', { parameter: 'TimeStamp' });
  }
  const time = required(system.get('Timestamp') ?? system.get('TimeStamp'), 'MissingTimestamp');
  const timestampMs = parseTimestamp(time);
  const securityToken = system.get('SecurityToken');
  return {
    ...call,
    accessKeyId,
    ...(securityToken ? { securityToken } : {}),
    nonce,
    timestampMs,
    business,
    signatureMethod,
    signature,
  };
}

function readV3(
  call: Call & { scheme: 'v3' },
  request: WireRequest,
  system: ParameterMap,
  business: ParameterMap,
): EnvelopeV3 {
  const authorization = parseAuthorization(
    required(headerOf(request, 'authorization'), 'MissingAccessKeyId'),
  );
  const nonce = required(headerOf(request, 'x-acs-signature-nonce'), 'MissingSignatureNonce');
  const time = required(headerOf(request, 'x-acs-date'), 'MissingTimestamp');
  requireSigned(request, authorization);
  const accessKeyId = authorization.credential;
  for (const claimed of [headerOf(request, 'x-acs-accesskey-id'), system.get('AccessKeyId')]) {
    if (claimed && claimed !== accessKeyId) throw new ApiError('IncompleteSignature');
  }
  const securityToken =
    agreed(request, system, 'SecurityToken', 'x-acs-security-token') || system.get('SecurityToken');
  return {
    ...call,
    accessKeyId,
    ...(securityToken ? { securityToken } : {}),
    nonce: checkNonce(nonce),
    timestampMs: parseTimestamp(time),
    business,
    authorization,
  };
}

/** Every header that we act on must be covered by the signature. Others may come unsigned. */
function requireSigned(request: WireRequest, { signedHeaders, hash }: Authorization): void {
  const signed = (name: string): boolean =>
    signedHeaders.includes(name) && headerOf(request, name) !== undefined;
  const hashSigned =
    signed('x-acs-content-sha256') || (hash === 'sm3' && signed('x-acs-content-sm3'));
  const tokenUnsigned =
    headerOf(request, 'x-acs-security-token') !== undefined && !signed('x-acs-security-token');
  // It chooses how the body is read, so with a body it is one of those that we act on.
  const typeUnsigned = request.body.length > 0 && !signed('content-type');
  if (
    !hashSigned ||
    tokenUnsigned ||
    typeUnsigned ||
    !['x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-signature-nonce'].every(signed)
  ) {
    throw new ApiError('IncompleteSignature');
  }
}

function required(value: string | undefined, missing: ErrorCode): string {
  if (value === undefined || value === '') throw new ApiError(missing);
  return value;
}

function checkNonce(nonce: string): string {
  if (nonce.length > maxNonceLength) {
    throw new ApiError('InvalidParameter', { parameter: 'SignatureNonce' });
  }
  return nonce;
}
