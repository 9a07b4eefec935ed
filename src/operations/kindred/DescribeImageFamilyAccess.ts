import { familyPath } from '../../domain/address.ts';
import { integer, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { regionId } from '../ecs/shared/parameters.ts';
import { imageFamily, ownFamily } from './shared/family-parameter.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const DescribeImageFamilyAccess = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeImageFamilyAccess',
  kind: 'read',
  docs: { summary: 'Tells who may read a family by address, and what its addresses are.' },
  input: object({ RegionId: regionId(), ImageFamily: imageFamily }),
  output: object({
    RegionId: string(),
    ImageFamily: string(),
    Access: string({ description: 'private or public-read.' }),
    ReadTokenCount: integer({ description: 'Read tokens of the family, expired ones included.' }),
    AccountAlias: string({ description: 'Part of the addresses when it is there; else the id.' }),
    LatestPath: string({ description: 'Path on this server that leads to the current image.' }),
    LatestJsonPath: string({ description: 'What the current image is, with its address.' }),
    Sha256SumsPath: string({ description: 'Sums of the current image and of the members.' }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingImageFamily: 400,
    'InvalidImageFamily.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:DescribeImageFamilyAccess',
    resource: (input) => `imagefamily/${input.ImageFamily}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageFamily: 'web' },
    response: {
      RegionId: 'cn-hangzhou',
      ImageFamily: 'web',
      Access: 'private',
      ReadTokenCount: 1,
      AccountAlias: 'build-team',
      LatestPath: '/families/build-team/cn-hangzhou/web/latest',
      LatestJsonPath: '/families/build-team/cn-hangzhou/web/latest.json',
      Sha256SumsPath: '/families/build-team/cn-hangzhou/web/SHA256SUMS',
    },
  },
  async handler(ctx, input) {
    const family = ownFamily(ctx, input);
    const { accountId, regionId, imageFamily } = family;
    const alias = (await ctx.tx.account(accountId))?.accountAlias;
    const isPublic = await ctx.tx.isPublicFamily(family);
    const tokens = await ctx.tx.familyReadTokens(family, imageFamily, { limit: 0, offset: 0 });
    const path = familyPath(alias ?? accountId, regionId, imageFamily);
    return {
      RegionId: regionId,
      ImageFamily: imageFamily,
      Access: isPublic ? 'public-read' : 'private',
      ReadTokenCount: tokens.total,
      AccountAlias: alias ?? '',
      LatestPath: `${path}/latest`,
      LatestJsonPath: `${path}/latest.json`,
      Sha256SumsPath: `${path}/SHA256SUMS`,
    };
  },
});
