import { integer, list, object, optional, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, pageNumber, pageSize, regionId } from './shared/parameters.ts';
import { parseIds } from './shared/ids-of-text.ts';

/** Entries of a list that is a JSON text. */
const MAX_IDS = 100;

export const DescribeInstanceRamRole = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeInstanceRamRole',
  kind: 'read',
  docs: {
    summary: 'Lists instances with their RAM roles, of which there are none: no machine runs here.',
  },
  input: object({
    RegionId: regionId(),
    InstanceIds: optional(
      string({ description: 'A JSON array of up to 100 ids: ["i-…"].', maxLength: 8192 }),
    ),
    RamRoleName: optional(string({ description: 'Matches nothing.', maxLength: 128 })),
    PageNumber: pageNumber,
    PageSize: pageSize,
    ...owners,
  }),
  output: object({
    RegionId: string(),
    TotalCount: integer(),
    InstanceRamRoleSets: object({
      InstanceRamRoleSet: list(object({ InstanceId: string(), RamRoleName: string() })),
    }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    'InvalidInstanceIds.Malformed': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeInstanceRamRole', resource: () => 'instance/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', InstanceIds: '["i-bp1g6zv0ce8oghu7k2qp"]' },
    response: {
      RegionId: 'cn-hangzhou',
      TotalCount: 1,
      InstanceRamRoleSets: {
        InstanceRamRoleSet: [{ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', RamRoleName: '' }],
      },
    },
  },
  recordsOnly: true,
  async handler(ctx, { RegionId, InstanceIds, RamRoleName, PageNumber = 1, PageSize = 10 }) {
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const ids = InstanceIds === undefined ? undefined : parseIds(InstanceIds, MAX_IDS);
    if (ids === null) throw ctx.fail('InvalidInstanceIds.Malformed');
    const answer = { RegionId, TotalCount: 0, InstanceRamRoleSets: { InstanceRamRoleSet: [] } };
    if (RamRoleName !== undefined || ids?.length === 0) return answer;
    const { rows, total } = await ctx.tx.resources(
      scope,
      { resourceType: 'instance', ...(ids === undefined ? {} : { resourceIds: ids }) },
      { limit: PageSize, offset: (PageNumber - 1) * PageSize },
      ctx.nowMs,
    );
    const InstanceRamRoleSet = rows.map(({ resourceId }) => ({
      InstanceId: resourceId,
      RamRoleName: '',
    }));
    return { ...answer, TotalCount: total, InstanceRamRoleSets: { InstanceRamRoleSet } };
  },
});
