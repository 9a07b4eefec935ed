// The list of images. Everything that a caller may see is his own: there is no public catalogue and no
// sharing here yet, so that asking for images of others finds nothing.
import type { RegionId } from '../../domain/ids.ts';
import { integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { describeImagesInput, readImageFilter } from './shared/describe-images-request.ts';
import { imageDetailSchema, viewImageDetail } from './shared/image-detail.ts';
import { ECS_VERSION } from './shared/parameters.ts';

export const DescribeImages = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeImages',
  kind: 'read',
  docs: {
    summary: 'Lists the images of the caller in a region, newest first.',
    notes:
      'Without `Status` only Available images are listed. `ImageName` is exact unless it has a `*`. Images of other owners do not exist here yet: asking for them finds nothing.',
  },
  input: describeImagesInput,
  output: object({
    RegionId: string(),
    TotalCount: integer(),
    PageNumber: integer(),
    PageSize: integer(),
    NextToken: string({ description: 'Always empty; the vendor sends it likewise.' }),
    Images: object({ Image: list(imageDetailSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingParameter: 400,
    DryRunOperation: 400,
    InvalidParamter: 400,
    'InvalidFilterValue.NetworkType': 400,
    'InvalidImageOwnerAlias.PublicImageUnsupported': 400,
    'InvalidImageOwnerAlias.ValueNotSupported': 400,
    'InvalidInstanceType.ValueNotSupported': 400,
    'InvalidOperation.ImageOwnerIdUnsupported': 400,
    'InvalidTag.Mismatch': 400,
    InvalidTagCount: 400,
    InvalidArchitecture: 404,
    'InvalidFilterKey.NotFound': 404,
    InvalidFilterValue: 404,
    InvalidOSType: 404,
    InvalidUsage: 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {
    '403 CurrentAccount.NotSupportPublicImage':
      'No account is kept from asking for published images.',
    '500 InternalError':
      'Any operation answers a bug of the server with it; no request provokes it.',
  },
  access: { action: 'ecs:DescribeImages', resource: () => 'image/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageFamily: 'hangzhou-daily-update' },
    response: {
      RegionId: 'cn-hangzhou',
      TotalCount: 0,
      PageNumber: 1,
      PageSize: 10,
      NextToken: '',
      Images: { Image: [] },
    },
  },
  dryRun: true,
  async handler(ctx, wanted) {
    const { RegionId, PageNumber = 1, PageSize = 10 } = wanted;
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const filter = readImageFilter(ctx, wanted);
    const page = { limit: PageSize, offset: (PageNumber - 1) * PageSize };
    const found = filter === undefined ? undefined : await ctx.tx.images(scope, filter, page);
    return {
      RegionId,
      TotalCount: found?.total ?? 0,
      PageNumber,
      PageSize,
      NextToken: '',
      Images: { Image: found?.rows.map(viewImageDetail) ?? [] },
    };
  },
});
