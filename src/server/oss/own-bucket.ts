// Whose a bucket is. A folder without a row is the operator's; the bucket of another account is told
// from none, as in the cloud, but never whether a key is in it.
import type { Caller } from '../../domain/account.ts';
import { isBucketName } from '../../blobs/object-names.ts';
import { OssError } from './error.ts';
import type { OssContext } from './operation.ts';

/** The bucket's region, empty for every one. @throws OssError */
export const requireOwnBucket = async (
  { house, objects }: Pick<OssContext, 'house' | 'objects'>,
  caller: Caller,
  bucket: string,
): Promise<string> => {
  if (!isBucketName(bucket)) throw new OssError('InvalidBucketName');
  const owner = await house.store.read((tx) => tx.bucketOwner(bucket));
  if (!(await objects.buckets.bucketExists(bucket))) throw new OssError('NoSuchBucket');
  const isOwn = owner === undefined ? caller.isOperator : owner.accountId === caller.accountId;
  if (!isOwn) throw new OssError('AccessDenied');
  return owner?.regionId ?? '';
};
