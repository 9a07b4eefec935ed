import type { RegionId } from '../../domain/ids.ts';
import { isBeingCopied } from '../../domain/image-copy.ts';
import { isBeingExported } from '../../domain/image-export.ts';
import type { ImageOrigin } from '../../domain/image.ts';
import { removeImage } from '../../domain/image-lifecycle.ts';
import { boolean, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { dryRun, ECS_VERSION, imageId, owners, regionId } from './shared/parameters.ts';

/** Why an image that is not there yet cannot be deleted. */
const UNFINISHED = {
  ImportImage: 'ImageIsImporting',
  CreateImage: 'ImageIsCreating',
  CopyImage: 'OperationDenied.ImageCopying',
  ImagePipelineExecution: 'ImageIsCreating',
  // Never a row, and so never found.
  Catalogue: 'InvalidImageId.NotFound',
} as const satisfies Record<ImageOrigin, string>;

export const DeleteImage = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DeleteImage',
  kind: 'write',
  docs: {
    summary: 'Deletes an image; its snapshots stay.',
    notes:
      'A missing image is an error, as in the error table of the vendor (the text of the parameter says that it is ignored). Deleting the newest image of a family rolls the family back to the one before.',
  },
  input: object({
    RegionId: regionId(),
    ImageId: imageId(),
    Force: optional(
      boolean({ description: 'Delete it also while instances that were made from it exist.' }),
    ),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    DryRunOperation: 400,
    ImageIsCreating: 403,
    ImageIsImporting: 403,
    ImageIsExporting: 403,
    'OperationDenied.ImageCopying': 403,
    ImageUseShared: 403,
    ImageIsPublic: 403,
    ImageUsingByInstance: 403,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DeleteImage', resource: ({ ImageId }) => `image/${ImageId}` },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageId: 'm-bp146shijn7hujku9exp' },
    response: {},
  },
  dryRun: true,
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const image = await ctx.tx.image(scope, input.ImageId);
    if (image === undefined) throw ctx.fail('InvalidImageId.NotFound');
    if (image.status === 'Creating' || image.status === 'Waiting')
      throw ctx.fail(UNFINISHED[image.origin]);
    if (image.isPublic) throw ctx.fail('ImageIsPublic');
    if (image.isShared) throw ctx.fail('ImageUseShared');
    if (image.isInUse && input.Force !== true) throw ctx.fail('ImageUsingByInstance');
    if (await isBeingCopied(ctx.tx, image)) throw ctx.fail('OperationDenied.ImageCopying');
    if (await isBeingExported(ctx.tx, image)) throw ctx.fail('ImageIsExporting');
    await removeImage(ctx.tx, image);
    return {};
  },
});
