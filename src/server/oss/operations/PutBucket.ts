import { isBucketName } from '../../../blobs/object-names.ts';
import { OssError } from '../error.ts';
import type { OssOperation } from '../operation.ts';
import { actorOf } from './shared/bucket-view.ts';

export const PutBucket: OssOperation = {
  name: 'PutBucket',
  method: 'PUT',
  target: 'bucket',
  makesBucket: true,
  parameters: [],
  withoutEffect: 'The body (storage class and redundancy) is not read: storage is the folder.',
  async run(context) {
    const { house, objects, request, caller } = context;
    const { bucket } = request;
    if (!isBucketName(bucket)) throw new OssError('InvalidBucketName');
    const existed = await objects.buckets.bucketExists(bucket);
    const isOwn = await house.store.write(actorOf(context), async (tx) => {
      const owner = await tx.bucketOwner(bucket);
      if (owner !== undefined) return owner.accountId === caller.accountId;
      if (existed) return caller.isOperator;
      await tx.insertBucket(bucket, caller.accountId, '');
      return true;
    });
    if (!isOwn) throw new OssError('BucketAlreadyExists');
    if (!existed) await objects.buckets.createBucket(bucket);
    return { status: 200, headers: { location: `/${bucket}` } };
  },
};
