import type { Upload } from '../../../domain/upload.ts';
import { string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

export const uploadIdParameter = string({
  description: 'The upload, as CreateUpload named it.',
  missing: 'MissingParameter',
  maxLength: 64,
  invalid: 'EntityNotExist.Upload',
});

type BucketContext = Pick<ReadContext<'InvalidOSSBucket.NotFound'>, 'tx' | 'fail' | 'caller'>;

/** Fails unless the bucket is the caller's; others must not be told apart from none. */
export const requireBucketOfCaller = async (
  ctx: BucketContext,
  bucket: string,
  exists: boolean,
): Promise<void> => {
  const owner = await ctx.tx.bucketOwner(bucket);
  // A folder that nobody has claimed belongs to the operator.
  const isOwn =
    owner === undefined ? ctx.caller.isOperator : owner.accountId === ctx.caller.accountId;
  if (!isOwn || !exists) throw ctx.fail('InvalidOSSBucket.NotFound', { parameter: 'Bucket' });
};

/** The upload that the call names, if it is one of the caller. */
export const ownUpload = async (
  ctx: Pick<ReadContext<'EntityNotExist.Upload'>, 'tx' | 'fail' | 'caller'>,
  uploadId: string,
): Promise<Upload> => {
  const upload = await ctx.tx.upload(uploadId);
  if (upload?.accountId !== ctx.caller.accountId || upload.status === 'Deleting')
    throw ctx.fail('EntityNotExist.Upload');
  return upload;
};
