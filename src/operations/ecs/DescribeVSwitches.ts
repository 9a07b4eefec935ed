import { everyResource } from '../../domain/every-resource.ts';
import type { VSwitchDetail } from '../../domain/network.ts';
import { boolean, integer, list, object, optional } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { filterId, networkPageSize } from './shared/network-parameters.ts';
import { dryRun, ECS_VERSION, owners, pageNumber, regionId, tagList } from './shared/parameters.ts';
import { idsOfList } from './shared/record-list.ts';
import { requireTagFilters } from './shared/tag-filters.ts';
import { viewVSwitch, vSwitchSchema } from './shared/vpc-view.ts';
import { groupAskedFor } from './shared/resource-group.ts';

const MAX_IDS = 20;

export const DescribeVSwitches = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeVSwitches',
  kind: 'read',
  docs: {
    summary: 'Lists the vSwitches of the caller in a region, newest first.',
    notes: 'Filters combine with AND; an id that is not there matches nothing.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    VSwitchId: filterId('Up to 20 ids, with commas between them.'),
    VSwitchName: filterId('The exact name.'),
    VpcId: filterId('VSwitches of the VPC.'),
    ZoneId: filterId('VSwitches of the zone.'),
    IsDefault: optional(boolean({ description: 'true matches nothing: there is no default.' })),
    ResourceGroupId: filterId('VSwitches of the resource group.'),
    Tag: tagList('InvalidTagCount'),
    PageNumber: pageNumber,
    PageSize: networkPageSize,
    DryRun: dryRun,
    ...owners,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    VSwitches: object({ VSwitch: list(vSwitchSchema) }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    DryRunOperation: 400,
    InvalidTagCount: 400,
    'InvalidTag.Mismatch': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:DescribeVSwitches', resource: () => 'vswitch/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', VpcId: 'vpc-bp1ejhb4r1lyu55t0abc' },
    response: { PageNumber: 1, PageSize: 10, TotalCount: 0, VSwitches: { VSwitch: [] } },
  },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const { PageNumber = 1, PageSize = 10, ZoneId } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const filter = {
      resourceType: 'vswitch',
      tags: requireTagFilters(ctx, input.Tag),
      ...given({
        resourceIds: idsOfList(input.VSwitchId, MAX_IDS),
        resourceName: input.VSwitchName,
        parentId: input.VpcId,
        resourceGroupId: groupAskedFor(ctx, input).ResourceGroupId,
      }),
    } as const;
    // The zone has no column: few vSwitches (a quota) are read whole and cut here.
    const rows = await everyResource<VSwitchDetail>(ctx.tx, scope, filter, ctx.nowMs);
    const found = rows.filter(
      ({ detail }) => (ZoneId ?? detail.zoneId) === detail.zoneId && input.IsDefault !== true,
    );
    const begin = (PageNumber - 1) * PageSize;
    const VSwitch = [];
    for (const row of found.slice(begin, begin + PageSize))
      VSwitch.push(await viewVSwitch(ctx, row));
    return { PageNumber, PageSize, TotalCount: found.length, VSwitches: { VSwitch } };
  },
});
