// Signatures of version 1 of the object door: HMAC-SHA1 over method, MD5, type, date, `x-oss-` headers and
// the resource. Only the parameters in the table are part of the resource; that is the vendor's rule.
import type { OssRequest } from './oss-request.ts';
import { hmac } from './hmac.ts';

/** Parameters that version 1 signs, beside those that begin with `x-oss-`. */
const SIGNED = new Set(
  (
    'accessPoint accessPointPolicy acl append asyncFetch bucketArchiveDirectRead bucketInfo callback ' +
    'callback-var cname comp continuation-token cors delete encryption endTime group httpsConfig img ' +
    'inventory inventoryId lifecycle link live location logging metaQuery objectInfo objectMeta partNumber ' +
    'policy policyStatus position publicAccessBlock qos qosInfo qosRequester redundancyTransition referer ' +
    'regionList replication replicationLocation replicationProgress requestPayment requesterQosInfo ' +
    'resourceGroup resourcePool resourcePoolBuckets resourcePoolInfo response-cache-control ' +
    'response-content-disposition response-content-encoding response-content-language ' +
    'response-content-type response-expires restore security-token sequential startTime stat status style ' +
    'styleName symlink tagging transferAcceleration uploadId uploads versionId versioning versions vod ' +
    'website worm wormExtend wormId'
  ).split(' '),
);

/** @param date the header's text, or `Expires` of a signed address */
export const stringToSignV1 = (request: OssRequest, date: string): string => {
  const { method, headers } = request;
  const head = [method, headers.get('content-md5') ?? '', headers.get('content-type') ?? '', date];
  return `${head.join('\n')}\n${ownHeaders(request)}${resource(request)}`;
};

/** The signature in Base64. */
export const signOssV1 = (request: OssRequest, date: string, secret: string): string =>
  hmac('sha1', secret, stringToSignV1(request, date), 'base64');

const byName = ([a]: readonly [string, string], [b]: readonly [string, string]): number =>
  a < b ? -1 : a > b ? 1 : 0;

const ownHeaders = ({ headers }: OssRequest): string =>
  [...headers]
    .filter(([name]) => name.startsWith('x-oss-'))
    .toSorted(byName)
    .map(([name, value]) => `${name}:${value}\n`)
    .join('');

const resource = ({ bucket, key, query }: OssRequest): string => {
  const signed = [...query]
    .filter(([name]) => SIGNED.has(name) || name.startsWith('x-oss-'))
    .toSorted(byName)
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`));
  const path = bucket === '' ? '/' : `/${bucket}/${key}`;
  return signed.length === 0 ? path : `${path}?${signed.join('&')}`;
};
