import type { RegionId } from '../../domain/ids.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { imageId, regionId } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const DescribeImageFailure = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeImageFailure',
  kind: 'read',
  docs: {
    summary: 'Says why an image could not be made.',
    notes:
      'The cloud tells the reason of a failed import by its task; a copy and an image of a snapshot have none. The reason is kept for as long as the image is.',
  },
  input: object({ RegionId: regionId(), ImageId: imageId() }),
  output: object({
    ImageId: string(),
    RegionId: string(),
    Status: string({ description: 'CreateFailed when there is a reason.' }),
    ErrorCode: string({ description: 'Empty while nothing has failed.' }),
    ErrorMessage: string({ description: 'One sentence; empty with ErrorCode.' }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingImageId: 400,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'kindred:DescribeImageFailure', resource: ({ ImageId }) => `image/${ImageId}` },
  example: {
    request: { RegionId: 'cn-beijing', ImageId: 'm-2ze0f4o4gqbs8cbjhl8k' },
    response: {
      ImageId: 'm-2ze0f4o4gqbs8cbjhl8k',
      RegionId: 'cn-beijing',
      Status: 'CreateFailed',
      ErrorCode: 'NO_SPACE',
      ErrorMessage: 'Disk 1 (sha256:0123…): There is not enough free space to store the source.',
    },
  },
  async handler({ tx, caller, fail }, { RegionId, ImageId }) {
    const scope = { accountId: caller.accountId, regionId: RegionId as RegionId };
    const image = await tx.image(scope, ImageId);
    if (image === undefined) throw fail('InvalidImageId.NotFound');
    const { errorCode = '', errorMessage = '' } = (await tx.imageFailure(scope, ImageId)) ?? {};
    const { status: Status } = image;
    return { ImageId, RegionId, Status, ErrorCode: errorCode, ErrorMessage: errorMessage };
  },
});
