import type { RegionId } from '../../domain/ids.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { regionId } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

export const DeleteFamilyReadToken = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DeleteFamilyReadToken',
  kind: 'write',
  docs: {
    summary: 'Deletes a read token; from the next request on it opens nothing.',
    notes: 'A download that has begun goes on to its end.',
  },
  input: object({
    RegionId: regionId(),
    TokenId: string({
      description: 'As DescribeFamilyReadTokens lists it; not the secret.',
      missing: 'MissingParameter',
      maxLength: 64,
      invalid: 'EntityNotExist.FamilyReadToken',
    }),
  }),
  output: object({}),
  errors: {
    MissingRegionId: 400,
    MissingParameter: 400,
    'InvalidRegionId.NotFound': 404,
    'EntityNotExist.FamilyReadToken': 404,
  },
  cannotOccur: {},
  access: { action: 'kindred:DeleteFamilyReadToken', resource: () => 'imagefamily/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', TokenId: 'frt-0123456789abcdefghij' },
    response: {},
  },
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const token = await ctx.tx.familyReadToken(scope, input.TokenId);
    if (token === undefined) throw ctx.fail('EntityNotExist.FamilyReadToken');
    await ctx.tx.deleteFamilyReadToken(token.tokenId);
    return {};
  },
});
