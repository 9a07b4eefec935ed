import { eachOf } from '../../domain/policy/thing.ts';
import { integer, list, object, optional, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { toInstance } from '../../domain/instance.ts';
import type { Resource } from '../../domain/resource.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { ECS_VERSION, owners, pageNumber, regionId } from './shared/parameters.ts';
import { pageOfResources } from './shared/resource-page.ts';

const MAX_IDS = 100;

export const DescribeInstanceStatus = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeInstanceStatus',
  kind: 'read',
  docs: {
    summary: 'Lists the statuses of instances, newest first; no machine runs behind them.',
  },
  input: object({
    RegionId: regionId(),
    ZoneId: optional(string({ maxLength: 64 })),
    ClusterId: optional(string({ description: 'Matches nothing.', maxLength: 128 })),
    InstanceId: optional(
      list(string({ maxLength: 128 }), {
        description: 'Ids, N from 1 to 100; absent: every instance.',
        maxItems: MAX_IDS,
        tooMany: 'InvalidParameter',
      }),
    ),
    PageNumber: pageNumber,
    PageSize: optional(
      integer({
        description: 'Entries a page, 1 to 50; more is answered as 50.',
        minimum: 1,
        maximum: 50,
        clamp: true,
        default: 10,
      }),
    ),
    ...owners,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    InstanceStatuses: object({
      InstanceStatus: list(object({ InstanceId: string(), Status: string() })),
    }),
  }),
  errors: { MissingRegionId: 400, InvalidParameter: 400, 'InvalidRegionId.NotFound': 404 },
  cannotOccur: {},
  access: {
    action: 'ecs:DescribeInstanceStatus',
    resource: ({ InstanceId }) => eachOf('instance', InstanceId),
  },
  example: {
    request: { RegionId: 'cn-hangzhou', 'InstanceId.1': 'i-bp1g6zv0ce8oghu7k2qp' },
    response: {
      PageNumber: 1,
      PageSize: 10,
      TotalCount: 1,
      InstanceStatuses: {
        InstanceStatus: [{ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp', Status: 'Running' }],
      },
    },
  },
  recordsOnly: true,
  async handler(ctx, { RegionId, ZoneId, ClusterId, InstanceId, PageNumber, PageSize }) {
    const scope = { accountId: ctx.caller.accountId, regionId: RegionId as RegionId };
    const fits = (resource: Resource): boolean =>
      ClusterId === undefined && toInstance(resource).detail.zoneId === ZoneId;
    const { rows, answer } = await pageOfResources(
      ctx,
      scope,
      {
        filter: { resourceType: 'instance', ...given({ resourceIds: InstanceId }) },
        ...(ZoneId === undefined && ClusterId === undefined ? {} : { fits }),
      },
      given({ PageNumber, PageSize }),
      [],
    );
    const { NextToken: _, ...counts } = answer;
    return {
      ...counts,
      InstanceStatuses: {
        InstanceStatus: rows.map((row) => ({ InstanceId: row.resourceId, Status: row.status })),
      },
    };
  },
});
