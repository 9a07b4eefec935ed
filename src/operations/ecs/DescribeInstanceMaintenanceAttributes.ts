import { eachOf } from '../../domain/policy/thing.ts';
import { boolean, integer, list, object, optional, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { ECS_VERSION, owners, pageNumber, pageSize, regionId } from './shared/parameters.ts';
import { parseIds } from './shared/ids-of-text.ts';

const MAX_IDS = 100;

export const DescribeInstanceMaintenanceAttributes = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeInstanceMaintenanceAttributes',
  kind: 'read',
  docs: {
    summary: 'Lists how instances would be maintained, all alike: no machine runs here.',
  },
  input: object({
    RegionId: regionId(),
    InstanceId: optional(
      list(string({ maxLength: 8192 }), {
        description:
          'Ids, N from 1 to 100; one that is a JSON array of ids stands for all of them.',
        maxItems: MAX_IDS,
        tooMany: 'InvalidParameter',
      }),
    ),
    PageNumber: pageNumber,
    PageSize: pageSize,
    ...owners,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    MaintenanceAttributes: object({
      MaintenanceAttribute: list(
        object({
          ActionOnMaintenance: object({
            DefaultValue: string(),
            SupportedValues: object({ SupportedValue: list(string()) }),
            Value: string({ description: 'Always AutoRecover.' }),
          }),
          InstanceId: string(),
          MaintenanceWindows: object({
            MaintenanceWindow: list(object({ EndTime: string(), StartTime: string() })),
          }),
          NotifyOnMaintenance: boolean(),
        }),
      ),
    }),
  }),
  errors: { MissingRegionId: 400, InvalidParameter: 400, 'InvalidRegionId.NotFound': 404 },
  cannotOccur: {},
  access: {
    action: 'ecs:DescribeInstanceMaintenanceAttributes',
    resource: ({ InstanceId }) => eachOf('instance', InstanceId),
  },
  example: {
    request: { RegionId: 'cn-hangzhou', 'InstanceId.1': 'i-bp1g6zv0ce8oghu7k2qp' },
    response: {
      PageNumber: 1,
      PageSize: 10,
      TotalCount: 0,
      MaintenanceAttributes: { MaintenanceAttribute: [] },
    },
  },
  recordsOnly: true,
  async handler(ctx, { RegionId, InstanceId, PageNumber = 1, PageSize = 10 }) {
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    // Terraform sends the list as the text of its first entry.
    const resourceIds = InstanceId?.flatMap((id) => parseIds(id, MAX_IDS) ?? [id]);
    if (resourceIds !== undefined && resourceIds.length > MAX_IDS)
      throw ctx.fail('InvalidParameter', { parameter: 'InstanceId' });
    const { rows, total } = await ctx.tx.resources(
      scope,
      { resourceType: 'instance', ...given({ resourceIds }) },
      { limit: PageSize, offset: (PageNumber - 1) * PageSize },
      ctx.nowMs,
    );
    return {
      PageNumber,
      PageSize,
      TotalCount: total,
      MaintenanceAttributes: {
        MaintenanceAttribute: rows.map(({ resourceId }) => ({
          ActionOnMaintenance: {
            DefaultValue: 'AutoRecover',
            SupportedValues: { SupportedValue: ['AutoRecover'] },
            Value: 'AutoRecover',
          },
          InstanceId: resourceId,
          MaintenanceWindows: { MaintenanceWindow: [] },
          NotifyOnMaintenance: false,
        })),
      },
    };
  },
});
