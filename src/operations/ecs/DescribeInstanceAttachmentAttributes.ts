import { integer, list, object, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, pageNumber, pageSize, regionId } from './shared/parameters.ts';
import { parseIds } from './shared/ids-of-text.ts';

const MAX_IDS = 100;

export const DescribeInstanceAttachmentAttributes = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeInstanceAttachmentAttributes',
  kind: 'read',
  docs: {
    summary: 'Lists which reserved capacity instances use: none, since nothing is reserved here.',
  },
  input: object({
    RegionId: regionId(),
    InstanceIds: string({
      description: 'A JSON array of up to 100 ids: ["i-…"].',
      missing: 'MissingParameter',
      maxLength: 16_384,
    }),
    PageNumber: pageNumber,
    PageSize: pageSize,
    ...owners,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    Instances: object({
      Instance: list(
        object({
          InstanceId: string(),
          PrivatePoolOptionsId: string({ description: 'Always empty.' }),
          PrivatePoolOptionsMatchCriteria: string({ description: 'Always None.' }),
        }),
      ),
    }),
  }),
  errors: {
    MissingRegionId: 400,
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeInstanceAttachmentAttributes', resource: () => 'instance/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', InstanceIds: '["i-bp1g6zv0ce8oghu7k2qp"]' },
    response: { PageNumber: 1, PageSize: 10, TotalCount: 0, Instances: { Instance: [] } },
  },
  recordsOnly: true,
  async handler(ctx, { RegionId, InstanceIds, PageNumber = 1, PageSize = 10 }) {
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const resourceIds = parseIds(InstanceIds, MAX_IDS);
    if (resourceIds === null || resourceIds.length === 0)
      throw ctx.fail('InvalidParameter', { parameter: 'InstanceIds' });
    const { rows, total } = await ctx.tx.resources(
      scope,
      { resourceType: 'instance', resourceIds },
      { limit: PageSize, offset: (PageNumber - 1) * PageSize },
      ctx.nowMs,
    );
    return {
      PageNumber,
      PageSize,
      TotalCount: total,
      Instances: {
        Instance: rows.map(({ resourceId }) => ({
          InstanceId: resourceId,
          PrivatePoolOptionsId: '',
          PrivatePoolOptionsMatchCriteria: 'None',
        })),
      },
    };
  },
});
