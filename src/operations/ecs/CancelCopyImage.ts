import { cancelCopy } from '../../domain/image-copy.ts';
import type { RegionId } from '../../domain/ids.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, imageId, owners, regionId } from './shared/parameters.ts';

export const CancelCopyImage = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'CancelCopyImage',
  kind: 'write',
  docs: {
    summary: 'Stops a copy that has not ended: the new image and its snapshots vanish.',
    notes: 'What was copied of the bytes so far is thrown away shortly after the answer.',
  },
  input: object({
    RegionId: regionId(),
    ImageId: imageId('The new image, in the region that it is copied to.'),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    ImageCreatedNotFromCopy: 400,
    IncorrectImageStatus: 400,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {
    '400 CancelNotSupported':
      'Image, snapshots and job change in one transaction: a copy that has not ended can be cancelled.',
    '400 InvalidDescription.Malformed': 'No description is taken.',
    '500 InternalError':
      'Any operation answers a bug of the server with it; no request provokes it.',
  },
  access: { action: 'ecs:CancelCopyImage', resource: ({ ImageId }) => `image/${ImageId}` },
  example: {
    request: { RegionId: 'cn-beijing', ImageId: 'm-2ze0f4o4gqbs8cbjhl8k' },
    response: {},
  },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const image = await ctx.tx.image(scope, input.ImageId);
    if (image === undefined) throw ctx.fail('InvalidImageId.NotFound');
    if (image.origin !== 'CopyImage') throw ctx.fail('ImageCreatedNotFromCopy');
    if (!(await cancelCopy(ctx.tx, image))) throw ctx.fail('IncorrectImageStatus');
    return {};
  },
});
