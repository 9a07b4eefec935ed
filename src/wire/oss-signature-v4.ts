// Signatures of version 4 of the object door: HMAC-SHA256 with a key of day, region and product, over
// method, resource, the whole query and the headers that count. Bodies are not part of it.
import { createHmac, hash } from 'node:crypto';
import type { OssRequest } from './oss-request.ts';

export const OSS_V4 = 'OSS4-HMAC-SHA256';

export interface ScopeV4 {
  /** As it was sent: `20261124T101112Z`, or an HTTP date. */
  dateTime: string;
  /** Of that time: `20261124`. */
  day: string;
  region: string;
  product: string;
  /** Lower-case names of headers that are signed beside those that always are. */
  additionalHeaders: readonly string[];
}

const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

/** The signature in lower-case hex. */
export const signOssV4 = (request: OssRequest, scope: ScopeV4, secret: string): string => {
  const { day } = scope;
  let key: string | Buffer = `aliyun_v4${secret}`;
  for (const part of [day, scope.region, scope.product, 'aliyun_v4_request'])
    key = createHmac('sha256', key).update(part).digest();
  const text = [
    OSS_V4,
    scope.dateTime,
    `${day}/${scope.region}/${scope.product}/aliyun_v4_request`,
    hash('sha256', canonicalRequestV4(request, scope.additionalHeaders)),
  ];
  return createHmac('sha256', key).update(text.join('\n')).digest('hex');
};

export const canonicalRequestV4 = (
  { method, bucket, key, query, headers }: OssRequest,
  additionalHeaders: readonly string[],
): string => {
  const additional = additionalHeaders.toSorted();
  const parameters = [...query]
    .filter(([name]) => name !== 'x-oss-signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const signed = [...headers]
    .filter(([name]) => isSigned(name) || additional.includes(name))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`);
  return [
    method,
    encode(bucket === '' ? '/' : `/${bucket}/${key}`).replaceAll('%2F', '/'),
    parameters.join('&'),
    signed.join(''),
    additional.join(';'),
    headers.get('x-oss-content-sha256') ?? UNSIGNED_PAYLOAD,
  ].join('\n');
};

const isSigned = (name: string): boolean =>
  name.startsWith('x-oss-') || name === 'content-type' || name === 'content-md5';

/** All but letters, digits and `-_.~`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
