// Headers of the object door: which are kept with an object, which change nothing, which are refused.
import { isObjectKey } from '../../blobs/object-names.ts';
import type { OssRequest } from '../../wire/oss-request.ts';
import { OssError } from './error.ts';

/** Kept with an object and answered with it, beside `x-oss-meta-…`. */
const KEPT = ['content-type', 'content-encoding', 'content-disposition', 'content-language'].concat(
  ['cache-control', 'expires'],
);
const MAX_KEPT_BYTES = 8 * 1024;

/** Headers of ours that any request may carry. */
const KNOWN = new Set([
  'x-oss-date',
  'x-oss-content-sha256',
  'x-oss-security-token',
  'x-oss-copy-source',
  'x-oss-copy-source-range',
  'x-oss-copy-source-if-match',
  'x-oss-copy-source-if-none-match',
  'x-oss-metadata-directive',
  'x-oss-forbid-overwrite',
]);

/** Buckets here have one owner, one class of storage and no rules: only what says just that is taken. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  'x-oss-acl': ['private'],
  'x-oss-object-acl': ['private', 'default'],
  'x-oss-storage-class': ['Standard'],
  // A range that cannot be satisfied is always refused here.
  'x-oss-range-behavior': ['standard'],
  // No object carries tags, and `x-oss-tagging` is refused: replacing them with none changes nothing.
  'x-oss-tagging-directive': ['Copy', 'Replace'],
};

/** @throws OssError for a header that would have to have an effect and has none */
export const refuseUnservedHeaders = ({ headers }: OssRequest): void => {
  for (const [name, value] of headers) {
    if (!name.startsWith('x-oss-') || name.startsWith('x-oss-meta-') || KNOWN.has(name)) continue;
    if (ONLY[name]?.some((one) => one.toLowerCase() === value.toLowerCase())) continue;
    throw new OssError(
      'NotImplemented',
      `Kindred does not serve the header ${name} of that value.`,
    );
  }
};

export const keptHeaders = ({ headers }: OssRequest): Record<string, string> => {
  const kept = [...headers].filter(
    ([name]) => KEPT.includes(name) || name.startsWith('x-oss-meta-'),
  );
  const sizeBytes = kept.reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (sizeBytes > MAX_KEPT_BYTES)
    throw new OssError('InvalidArgument', 'The metadata are too large.');
  return Object.fromEntries(kept);
};

/** A key that a file can be made for. */
export const requireKey = (key: string): void => {
  const isFile = isObjectKey(key) && key.split('/').every((part) => Buffer.byteLength(part) <= 255);
  if (!isFile) throw new OssError('InvalidObjectName');
};

/** What clients compare with their own checksum of the whole content. */
export const crc64Header = ({ crc64 }: { crc64?: string }): Record<string, string> =>
  crc64 === undefined ? {} : { 'x-oss-hash-crc64ecma': crc64 };

export const mustBeNew = ({ headers }: OssRequest): boolean =>
  headers.get('x-oss-forbid-overwrite')?.toLowerCase() === 'true';
