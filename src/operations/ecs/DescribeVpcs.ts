import type { VpcDetail } from '../../domain/network.ts';
import type { RegionId } from '../../domain/ids.ts';
import { boolean, integer, list, object, optional } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from './shared/given.ts';
import { filterId, networkPageSize } from './shared/network-parameters.ts';
import { dryRun, ECS_VERSION, owners, pageNumber, regionId, tagList } from './shared/parameters.ts';
import { idsOfList, recordPage } from './shared/record-list.ts';
import { requireTagFilters } from './shared/tag-filters.ts';
import { viewVpc, vpcSchema } from './shared/vpc-view.ts';
import { groupAskedFor } from './shared/resource-group.ts';

const MAX_IDS = 20;

export const DescribeVpcs = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeVpcs',
  kind: 'read',
  docs: {
    summary: 'Lists the VPCs of the caller in a region, newest first.',
    notes: 'Filters combine with AND; an id that is not there matches nothing.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    VpcId: filterId('Up to 20 ids, with commas between them.'),
    VpcName: filterId('The exact name.'),
    IsDefault: optional(boolean({ description: 'true matches nothing: there is no default VPC.' })),
    ResourceGroupId: filterId('VPCs of the resource group.'),
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
    Vpcs: object({ Vpc: list(vpcSchema) }),
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
  access: { action: 'vpc:DescribeVpcs', resource: () => 'vpc/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', VpcId: 'vpc-bp1ejhb4r1lyu55t0abc' },
    response: { PageNumber: 1, PageSize: 10, TotalCount: 0, Vpcs: { Vpc: [] } },
  },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const { rows, numbers } = await recordPage<VpcDetail>(
      ctx,
      scope,
      {
        resourceType: 'vpc',
        tags: requireTagFilters(ctx, input.Tag),
        ...given({
          resourceIds: input.IsDefault === true ? [] : idsOfList(input.VpcId, MAX_IDS),
          resourceName: input.VpcName,
          resourceGroupId: groupAskedFor(ctx, input).ResourceGroupId,
        }),
      },
      input,
    );
    const Vpc = [];
    for (const row of rows) Vpc.push(await viewVpc(ctx, row));
    return { ...numbers, Vpcs: { Vpc } };
  },
});
