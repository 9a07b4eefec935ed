import type { RegionId } from '../../domain/ids.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { integer, list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import {
  ECS_VERSION,
  imageId,
  owners,
  pageNumber,
  pageSize,
  regionId,
} from './shared/parameters.ts';

export const DescribeImageSharePermission = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeImageSharePermission',
  kind: 'read',
  docs: {
    summary: 'Lists the accounts that an own image is shared with.',
    notes: 'A published image shows the group `all` besides. Receivers cannot ask.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    ImageId: imageId('The image, one of the caller.', 'MissingParameter'),
    PageNumber: { ...pageNumber, invalid: 'InvalidParameter' },
    PageSize: { ...pageSize, invalid: 'InvalidParameter' },
    ...owners,
  }),
  output: object({
    ImageId: string(),
    RegionId: string(),
    TotalCount: integer({ description: 'Accounts in all.' }),
    PageNumber: integer(),
    PageSize: integer(),
    Accounts: object({
      Account: list(
        object({
          AliyunId: string({ description: 'UID of the account.' }),
          SharedTime: string({ description: 'When the share was made, UTC, whole seconds.' }),
        }),
      ),
    }),
    ShareGroups: object({
      ShareGroup: list(object({ Group: string({ description: '`all`: everyone.' }) })),
    }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidImageId.NotFound': 404,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:DescribeImageSharePermission',
    resource: ({ ImageId }) => `image/${ImageId}`,
  },
  example: {
    request: { RegionId: 'cn-hangzhou', ImageId: 'm-bp146shijn7hujku9exp' },
    response: {
      ImageId: 'm-bp146shijn7hujku9exp',
      RegionId: 'cn-hangzhou',
      TotalCount: 1,
      PageNumber: 1,
      PageSize: 10,
      Accounts: {
        Account: [{ AliyunId: '1234567890123456', SharedTime: '2026-11-24T12:00:00Z' }],
      },
      ShareGroups: { ShareGroup: [] },
    },
  },
  async handler(ctx, { RegionId, ImageId, PageNumber = 1, PageSize = 10 }) {
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const image = await ctx.tx.image(scope, ImageId);
    if (image === undefined) throw ctx.fail('InvalidImageId.NotFound');
    const page = { limit: PageSize, offset: (PageNumber - 1) * PageSize };
    const { total, rows } = await ctx.tx.imageShares(image.imageId, page);
    return {
      ImageId,
      RegionId,
      TotalCount: total,
      PageNumber,
      PageSize,
      Accounts: {
        Account: rows.map(({ accountId, sharedMs }) => ({
          AliyunId: accountId,
          SharedTime: formatSeconds(sharedMs),
        })),
      },
      ShareGroups: { ShareGroup: image.isPublic ? [{ Group: 'all' }] : [] },
    };
  },
});
