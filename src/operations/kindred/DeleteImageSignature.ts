import type { RegionId } from '../../domain/ids.ts';
import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { imageId, regionId } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { signatureType } from './shared/signed-image.ts';

export const DeleteImageSignature = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DeleteImageSignature',
  kind: 'write',
  docs: { summary: 'Deletes a stored signature of an image.' },
  input: object({ RegionId: regionId(), ImageId: imageId(), Type: signatureType }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
    'EntityNotExist.ImageSignature': 404,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:DeleteImageSignature',
    resource: ({ ImageId }) => `image/${ImageId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageId: 'm-bp146shijn7hujku9exp', Type: 'openpgp' },
    response: {},
  },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const image = await ctx.tx.image(scope, input.ImageId);
    if (image === undefined) throw ctx.fail('InvalidImageId.NotFound');
    if (!(await ctx.tx.deleteImageSignature(image.imageId, input.Type)))
      throw ctx.fail('EntityNotExist.ImageSignature');
    return {};
  },
});
