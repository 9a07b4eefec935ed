// Who signed a request to the object door, how, and until when. Reads what the request claims; nothing
// is proven before `expectedSignature` with the secret of that key gave the same text.
import { MalformedOssRequest, type OssRequest } from './oss-request.ts';
import { signOssV1 } from './oss-signature-v1.ts';
import { OSS_V4, signOssV4, type ScopeV4 } from './oss-signature-v4.ts';

export interface OssCredentials {
  accessKeyId: string;
  signature: string;
  /** When a header signs: the time of signing, good a quarter of an hour to either side. */
  signedMs: number | undefined;
  /** When the address signs: until when it is good. */
  expiresMs: number | undefined;
  /** Region of the scope; empty in version 1. */
  region: string;
  expectedSignature(secret: string): string;
}

const MAX_EXPIRES_SECONDS = 604_800;

/** Undefined: there are no credentials. @throws MalformedOssRequest */
export const readOssCredentials = (request: OssRequest): OssCredentials | undefined => {
  const { headers, query } = request;
  const authorization = headers.get('authorization');
  const places = [
    authorization !== undefined,
    query.has('OSSAccessKeyId'),
    query.has('x-oss-credential') || query.has('x-oss-signature-version'),
  ];
  if (places.filter(Boolean).length > 1)
    throw new MalformedOssRequest('Only one way to sign a request may be used at once.');
  if (places[0]) return fromHeader(request, authorization!);
  if (places[1]) return fromAddressV1(request);
  return places[2] ? fromAddressV4(request) : undefined;
};

const fromHeader = (request: OssRequest, authorization: string): OssCredentials => {
  if (authorization.startsWith(OSS_V4)) return fromHeaderV4(request, authorization);
  const [, accessKeyId = '', signature = ''] = /^OSS ([^:\s]*):(\S*)$/.exec(authorization) ?? [];
  const date = request.headers.get('x-oss-date') || request.headers.get('date') || '';
  return {
    accessKeyId,
    signature,
    signedMs: readTime(date),
    expiresMs: undefined,
    region: '',
    expectedSignature: (secret) => signOssV1(request, date, secret),
  };
};

const fromAddressV1 = (request: OssRequest): OssCredentials => {
  const expires = request.query.get('Expires') ?? '';
  return {
    accessKeyId: request.query.get('OSSAccessKeyId') ?? '',
    signature: request.query.get('Signature') ?? '',
    signedMs: undefined,
    expiresMs: /^\d{1,12}$/.test(expires) ? Number(expires) * 1000 : NaN,
    region: '',
    expectedSignature: (secret) => signOssV1(request, expires, secret),
  };
};

const fromHeaderV4 = (request: OssRequest, authorization: string): OssCredentials => {
  const members = new Map<string, string>();
  for (const member of authorization.slice(OSS_V4.length).split(',')) {
    const [, name, value] = /^\s*([A-Za-z]+)=(\S*)\s*$/.exec(member) ?? [];
    if (name === undefined || members.has(name))
      throw new MalformedOssRequest('The header Authorization is not well formed.');
    members.set(name, value!);
  }
  // Go's SDK signs the text of the header Date where there is no time of OSS's own.
  const dateTime = request.headers.get('x-oss-date') || request.headers.get('date') || '';
  const claim = scopeOf(
    members.get('Credential') ?? '',
    dateTime,
    members.get('AdditionalHeaders'),
  );
  return {
    ...claim.who,
    signature: members.get('Signature') ?? '',
    signedMs: readTime(dateTime),
    expiresMs: undefined,
    expectedSignature: (secret) => signOssV4(request, claim.scope, secret),
  };
};

const fromAddressV4 = (request: OssRequest): OssCredentials => {
  const { query } = request;
  if (query.get('x-oss-signature-version') !== OSS_V4)
    throw new MalformedOssRequest(`The only version in an address with a scope is ${OSS_V4}.`);
  const dateTime = query.get('x-oss-date') ?? '';
  const claim = scopeOf(
    query.get('x-oss-credential') ?? '',
    dateTime,
    query.get('x-oss-additional-headers'),
  );
  const expires = query.get('x-oss-expires') ?? '';
  const isFit = /^\d{1,6}$/.test(expires) && Number(expires) <= MAX_EXPIRES_SECONDS;
  return {
    ...claim.who,
    signature: query.get('x-oss-signature') ?? '',
    signedMs: undefined,
    expiresMs: isFit ? readTime(dateTime) + Number(expires) * 1000 : NaN,
    expectedSignature: (secret) => signOssV4(request, claim.scope, secret),
  };
};

const scopeOf = (credential: string, dateTime: string, additional: string | undefined) => {
  const [, accessKeyId, day, region, product] =
    /^([^/]*)\/(\d{8})\/([a-z0-9-]{1,63})\/(oss|oss-cloudbox)\/aliyun_v4_request$/.exec(
      credential,
    ) ?? [];
  if (accessKeyId === undefined || day === undefined || day !== dayOf(dateTime))
    throw new MalformedOssRequest('The credential is no key, day, region and product.');
  const scope: ScopeV4 = {
    dateTime,
    day,
    region: region!,
    product: product!,
    additionalHeaders: additional ? additional.toLowerCase().split(';') : [],
  };
  return { scope, who: { accessKeyId, region: region! } };
};

/** `20261124`, in UTC; undefined when the text is no time. */
const dayOf = (text: string): string | undefined => {
  const ms = readTime(text);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString().slice(0, 10).replaceAll('-', '');
};

/** An HTTP date or `20261124T101112Z`; NaN for anything else. */
const readTime = (text: string): number => {
  const [, day, time] = /^(\d{8})T(\d{6})Z$/.exec(text) ?? [];
  if (day !== undefined && time !== undefined)
    return Date.parse(
      `${day.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time.replace(/(..)(..)(..)/, '$1:$2:$3')}Z`,
    );
  const isHttpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text);
  return isHttpDate ? Date.parse(text) : NaN;
};
