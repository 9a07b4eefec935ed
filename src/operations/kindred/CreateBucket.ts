import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const CreateBucket = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'CreateBucket',
  kind: 'write',
  docs: {
    summary: 'Makes a bucket of the caller, from which ImportImage reads.',
    notes:
      'Names are shared by all accounts. A folder that lies among the buckets without having been made here belongs to the operator, and its name is taken. Without `RegionId` images of every region can be imported from the bucket.',
  },
  input: object({
    Bucket: string({
      description:
        'Name: 3 to 63 characters of a-z, 0-9 and `-`, neither starting nor ending with `-`.',
      missing: 'MissingParameter',
      invalid: 'InvalidBucketName',
      maxLength: 63,
      pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$',
    }),
    RegionId: optional(
      string({
        description: 'The only region into which the bucket can be imported; default every one.',
        maxLength: 64,
        invalid: 'InvalidRegionId.NotFound',
      }),
    ),
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidBucketName: 400,
    'InvalidRegionId.NotFound': 404,
    'EntityAlreadyExists.Bucket': 409,
  },
  cannotOccur: {},
  access: { action: 'kindred:CreateBucket', resource: (input) => `bucket/${input.Bucket}` },
  example: { request: { Bucket: 'golden-builds' }, response: {} },
  /** Makes the folder; whether it was there before decides, as long as no row does. */
  async prepare(ctx, input): Promise<{ folderExisted: boolean }> {
    const folderExisted = await ctx.installation.bucketExists(input.Bucket);
    if (!folderExisted) await ctx.installation.createBucket(input.Bucket);
    return { folderExisted };
  },
  async handler(ctx, input, { folderExisted }) {
    const owner = await ctx.tx.bucketOwner(input.Bucket);
    if (owner !== undefined || folderExisted) throw ctx.fail('EntityAlreadyExists.Bucket');
    await ctx.tx.insertBucket(input.Bucket, ctx.caller.accountId, input.RegionId ?? '');
    return {};
  },
});
