import type { FamilyReadToken } from '../../domain/address.ts';
import type { RegionId } from '../../domain/ids.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { pageNumber, pageSize, regionId } from '../ecs/shared/parameters.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';

const tokenSchema = object({
  TokenId: string(),
  ImageFamily: string(),
  Description: string(),
  CreationTime: string({ description: 'UTC.' }),
  ExpirationTime: string({ description: 'UTC; empty: until it is deleted.' }),
  LastUsedTime: string({ description: 'UTC, to the minute; empty: never.' }),
});

const time = (ms: number | null): string => (ms === null ? '' : formatSeconds(ms));

const view = (token: FamilyReadToken) => ({
  TokenId: token.tokenId,
  ImageFamily: token.imageFamily,
  Description: token.description,
  CreationTime: time(token.creationMs),
  ExpirationTime: time(token.expiresMs),
  LastUsedTime: time(token.lastUsedMs),
});

export const DescribeFamilyReadTokens = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeFamilyReadTokens',
  kind: 'read',
  docs: { summary: 'Lists the read tokens of a family, or of all families of a region.' },
  input: object({
    RegionId: regionId(),
    ImageFamily: optional(
      string({
        description: 'Only of this family; default of every one.',
        maxLength: 128,
        invalid: 'InvalidImageFamily.Malformed',
      }),
    ),
    PageNumber: pageNumber,
    PageSize: pageSize,
  }),
  output: object({
    RegionId: string(),
    TotalCount: integer(),
    PageNumber: integer(),
    PageSize: integer(),
    FamilyReadTokens: object({ FamilyReadToken: list(tokenSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    'InvalidImageFamily.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'kindred:DescribeFamilyReadTokens', resource: () => 'imagefamily/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageFamily: 'web' },
    response: {
      RegionId: 'cn-hangzhou',
      TotalCount: 1,
      PageNumber: 1,
      PageSize: 10,
      FamilyReadTokens: {
        FamilyReadToken: [
          {
            TokenId: 'frt-0123456789abcdefghij',
            ImageFamily: 'web',
            Description: 'hypervisors',
            CreationTime: '2026-11-24T08:00:00Z',
            ExpirationTime: '',
            LastUsedTime: '2026-11-24T09:30:00Z',
          },
        ],
      },
    },
  },
  async handler(ctx, { RegionId, ImageFamily, PageNumber = 1, PageSize = 10 }) {
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const page = { limit: PageSize, offset: (PageNumber - 1) * PageSize };
    const { total, rows } = await ctx.tx.familyReadTokens(scope, ImageFamily, page);
    return {
      RegionId,
      TotalCount: total,
      PageNumber,
      PageSize,
      FamilyReadTokens: { FamilyReadToken: rows.map(view) },
    };
  },
});
