import { OssError } from '../error.ts';
import type { OssOperation } from '../operation.ts';
import { actorOf } from './shared/bucket-view.ts';

export const DeleteBucket: OssOperation = {
  name: 'DeleteBucket',
  method: 'DELETE',
  target: 'bucket',
  parameters: [],
  async run(context) {
    const { objects, request, house } = context;
    const outcome = await objects.buckets.deleteBucket(request.bucket);
    if (outcome === 'not-empty') throw new OssError('BucketNotEmpty');
    await house.store.write(actorOf(context), async (tx) => {
      await tx.deleteFactsOfBucket(request.bucket);
      await tx.deleteBucket(request.bucket);
    });
    return { status: 204 };
  },
};
