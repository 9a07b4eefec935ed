// Opens the buckets: a folder, or a place in S3, where no store of bytes may lie as well, since its folders
// would show as buckets.
import { join, resolve, sep } from 'node:path';
import type { Buckets } from '../blobs/buckets.ts';
import { openFolderBuckets } from '../blobs/folder-buckets.ts';
import { s3Address, type S3Settings } from '../blobs/s3/settings.ts';
import { StartRefused } from './refusal.ts';

export interface BucketsOptions {
  /** A folder, or a place in S3; default `<data>/buckets`. */
  buckets?: string | S3Settings;
  blobs?: S3Settings;
  regionBlobs?: Readonly<Record<string, string | S3Settings>>;
}

/** @throws StartRefused */
export const openServerBuckets = async (
  dataDir: string,
  options: BucketsOptions,
): Promise<Buckets> => {
  const { buckets = join(dataDir, 'buckets') } = options;
  if (typeof buckets === 'string') return openFolderBuckets(buckets);
  refuseOverlap(buckets, options);
  const { openS3Buckets } = await import('../blobs/s3/open-buckets.ts');
  const { S3Refused } = await import('../blobs/s3/open.ts');
  try {
    // What goes to S3 grows here first.
    return await openS3Buckets(buckets, join(resolve(dataDir), 'bucket-staging'));
  } catch (error) {
    if (!(error instanceof S3Refused)) throw error;
    throw new StartRefused(`--buckets: ${error.message}`, { cause: error });
  }
};

const refuseOverlap = (buckets: S3Settings, { blobs, regionBlobs = {} }: BucketsOptions): void => {
  const own = placeOf(buckets);
  for (const store of [blobs, ...Object.values(regionBlobs)]) {
    if (store === undefined || typeof store === 'string') continue;
    const other = placeOf(store);
    if (own.startsWith(other) || other.startsWith(own))
      throw new StartRefused(
        `--buckets: ${s3Address(buckets)} overlaps a store of bytes at ${s3Address(store)}; give each a prefix of its own`,
      );
  }
};

/** A path that can be compared. */
const placeOf = (settings: S3Settings): string =>
  join(sep, `s3:${settings.endpoint ?? ''}`, s3Address(settings).slice('s3:/'.length), sep);
