import type { RegionId } from '../../domain/ids.ts';
import { imageDeletionRefusal, type ImageDeletionRefusal } from '../../domain/deletion.ts';
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

const REFUSED = {
  public: 'ImageIsPublic',
  shared: 'ImageUseShared',
  'in-use': 'ImageUsingByInstance',
  'being-copied': 'OperationDenied.ImageCopying',
  'being-exported': 'ImageIsExporting',
} as const satisfies Record<Exclude<ImageDeletionRefusal, 'being-created'>, string>;

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
    const refusal = await imageDeletionRefusal(ctx.tx, image, input.Force === true);
    if (refusal === 'being-created') throw ctx.fail(UNFINISHED[image.origin]);
    if (refusal !== undefined) throw ctx.fail(REFUSED[refusal]);
    await removeImage(ctx.tx, image);
    return {};
  },
});
