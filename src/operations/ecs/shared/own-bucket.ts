import type { RegionId } from '../../../domain/ids.ts';
import type { WriteContext } from '../../../operation.ts';

type BucketFault = 'InvalidOSSBucket.NotFound' | 'InvalidOSSBucket.NotMatched';
type Context = Pick<WriteContext<BucketFault>, 'tx' | 'fail' | 'caller'>;

/** Fails unless the bucket is the caller's and one of the region; others must not be told apart from none. */
export const requireOwnBucket = async (
  ctx: Context,
  regionId: RegionId,
  bucket: { name: string; exists: boolean },
  parameter: string,
): Promise<void> => {
  const owner = await ctx.tx.bucketOwner(bucket.name);
  // A folder that nobody has claimed belongs to the operator.
  const isOwn =
    owner === undefined ? ctx.caller.isOperator : owner.accountId === ctx.caller.accountId;
  if (!isOwn || !bucket.exists) throw ctx.fail('InvalidOSSBucket.NotFound', { parameter });
  if (owner !== undefined && owner.regionId !== '' && owner.regionId !== regionId)
    throw ctx.fail('InvalidOSSBucket.NotMatched', { parameter });
};
