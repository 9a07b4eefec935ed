import { join } from 'node:path';
import type { Buckets } from './buckets.ts';
import { isBucketName, UNFINISHED_PREFIX } from './object-names.ts';

/** The local folder in which bodies for the bucket grow. */
export const growthFolder = (
  { growthRoot }: Pick<Buckets, 'growthRoot'>,
  bucket: string,
): string => {
  if (!isBucketName(bucket)) throw new RangeError('The name of a bucket is not well formed.');
  return join(growthRoot, bucket);
};

/**
 * Where a file grows: `name` says which work's it is, and which of its files, so that an owner can always
 * be told (`export-<task>.1`, `upload-<id>`).
 */
export const growthPath = (
  buckets: Pick<Buckets, 'growthRoot'>,
  bucket: string,
  name: string,
): string => {
  if (!/^[a-z]{1,16}-[0-9a-z][0-9a-z.-]{0,99}$/.test(name))
    throw new RangeError('An unfinished object is named after the work that it belongs to.');
  return join(growthFolder(buckets, bucket), `${UNFINISHED_PREFIX}${name}`);
};
