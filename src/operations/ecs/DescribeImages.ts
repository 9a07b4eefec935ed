// The list of images: the caller's own and those shared with him from the store, newest first, and after
// them the public ones, which are settings. Pages and total run over both.
import type { RegionId } from '../../domain/ids.ts';
import { integer, list, object, string } from '../../lib/schema.ts';
import type { Counted, PageOf, Scope } from '../../domain/tx.ts';
import type { VisibleImage } from '../../domain/visible.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';
import { matches } from './shared/catalogue-filter.ts';
import {
  describeImagesInput,
  imagesAsked,
  readImageQuery,
  type ImageQuery,
} from './shared/describe-images-request.ts';
import { imageDetailSchema, viewVisibleDetail } from './shared/image-detail.ts';
import { ECS_VERSION } from './shared/parameters.ts';

export const DescribeImages = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeImages',
  kind: 'read',
  docs: {
    summary: 'Lists the images that the caller may see in a region, newest first.',
    notes:
      'Without `Status` only Available images are listed. `ImageName` is exact unless it has a `*`. Own images and those shared with the caller come first, the public ones last; these are metadata and have no bytes. Of an image of others neither tags and resource group nor snapshots and import objects are shown, and filters by them find none.',
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
  access: { action: 'ecs:DescribeImages', resource: imagesAsked },
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
    const query = readImageQuery(ctx, wanted, ctx.caller.accountId);
    const page = { limit: PageSize, offset: (PageNumber - 1) * PageSize };
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const found = query && (await findImages(ctx, scope, query, page));
    return {
      RegionId,
      TotalCount: found?.total ?? 0,
      PageNumber,
      PageSize,
      NextToken: '',
      Images: { Image: found?.rows.map(viewVisibleDetail) ?? [] },
    };
  },
});

const findImages = async (
  { tx, settings }: Pick<ReadContext<never>, 'tx' | 'settings'>,
  scope: Scope,
  { filter, whose, catalogue }: ImageQuery,
  page: PageOf,
): Promise<Counted<VisibleImage>> => {
  const stored = await tx.imagesSeenBy(scope, whose, filter, page);
  const rows = stored.rows.map((image): VisibleImage => ({
    ownerAlias: image.accountId === scope.accountId ? 'self' : 'others',
    image,
  }));
  const images = catalogue ? settings.catalogue.imagesIn(scope.regionId) : [];
  const matching = images.filter((image) => matches(image, filter));
  const from = Math.max(0, page.offset - stored.total);
  const fitting = matching.slice(from, from + page.limit - rows.length);
  return {
    total: stored.total + matching.length,
    rows: [...rows, ...fitting.map((image) => ({ ownerAlias: 'system' as const, image }))],
  };
};
