import { join, resolve } from 'node:path';
import type { Buckets } from '../blobs/buckets.ts';
import { openFolderBuckets } from '../blobs/folder-buckets.ts';
import type { S3Settings } from '../blobs/s3/settings.ts';
import { StartRefused } from './refusal.ts';

/** A folder, or a place in S3; by itself in the data directory. @throws StartRefused */
export const openServerBuckets = async (
  dataDir: string,
  buckets: string | S3Settings = join(dataDir, 'buckets'),
): Promise<Buckets> => {
  if (typeof buckets === 'string') return openFolderBuckets(buckets);
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
