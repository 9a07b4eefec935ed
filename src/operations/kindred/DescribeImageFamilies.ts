import type { Family } from '../../domain/family.ts';
import type { RegionId } from '../../domain/ids.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { pageNumber, pageSize, regionId } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

const familySchema = object({
  ImageFamily: string(),
  RegionId: string(),
  ImageCount: integer({ description: 'Images that carry the name, in any state.' }),
  HeadImageId: string({
    description: 'The image that the family names now; empty when none is Available.',
  }),
  HeadImageName: string({ description: 'Its name; empty with HeadImageId.' }),
  HeadSince: string({ description: 'Since when it is the head, or there is none; UTC.' }),
});

export const DescribeImageFamilies = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeImageFamilies',
  kind: 'read',
  docs: {
    summary: 'Lists the image families of the caller in a region, and which image each names now.',
  },
  input: object({ RegionId: regionId(), PageNumber: pageNumber, PageSize: pageSize }),
  output: object({
    RegionId: string(),
    TotalCount: integer(),
    PageNumber: integer(),
    PageSize: integer(),
    ImageFamilies: object({ ImageFamily: list(familySchema) }),
  }),
  errors: { MissingRegionId: 400, 'InvalidRegionId.NotFound': 404 },
  cannotOccur: {},
  access: { action: 'kindred:DescribeImageFamilies', resource: () => 'image/*' },
  example: {
    request: { RegionId: 'cn-hangzhou' },
    response: {
      RegionId: 'cn-hangzhou',
      TotalCount: 0,
      PageNumber: 1,
      PageSize: 10,
      ImageFamilies: { ImageFamily: [] },
    },
  },
  async handler(ctx, { RegionId, PageNumber = 1, PageSize = 10 }) {
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const page = { limit: PageSize, offset: (PageNumber - 1) * PageSize };
    const { total, rows } = await ctx.tx.families(scope, page);
    const view = async (family: Family) => {
      const { headImageId } = family;
      const head = headImageId === null ? undefined : await ctx.tx.image(scope, headImageId);
      return {
        ImageFamily: family.imageFamily,
        RegionId,
        ImageCount: family.imageCount,
        HeadImageId: headImageId ?? '',
        HeadImageName: head?.imageName ?? '',
        HeadSince: formatSeconds(family.headSinceMs),
      };
    };
    const families = [];
    for (const family of rows) families.push(await view(family));
    return {
      RegionId,
      TotalCount: total,
      PageNumber,
      PageSize,
      ImageFamilies: { ImageFamily: families },
    };
  },
});
