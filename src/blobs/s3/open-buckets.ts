// Opens buckets in S3: the place must answer. It may be filled by others, and be shared; what it must not be is
// gone without a word, so that a small object stays in it (see confirmStore in objects.ts).
import type { Buckets } from '../buckets.ts';
import { makeS3Buckets } from './buckets.ts';
import { BUCKETS_MARK, openS3, reasonOf, S3SdkMissing } from './client.ts';
import { S3Refused } from './open.ts';
import { s3Address, type S3Settings } from './settings.ts';

/** @throws S3Refused */
export const openS3Buckets = async (settings: S3Settings, growthRoot: string): Promise<Buckets> => {
  try {
    const access = await openS3(settings, BUCKETS_MARK);
    const { client, sdk } = access;
    const put = { Bucket: settings.bucket, Key: settings.prefix + BUCKETS_MARK };
    await client.send(new sdk.PutObjectCommand({ ...put, Body: '{"format":1}\n' }));
    return makeS3Buckets({ access, growthRoot });
  } catch (error) {
    if (error instanceof S3SdkMissing) throw new S3Refused(error.message, { cause: error });
    const where = s3Address(settings);
    throw new S3Refused(`${where} cannot be used: ${reasonOf(error)}`, { cause: error });
  }
};
