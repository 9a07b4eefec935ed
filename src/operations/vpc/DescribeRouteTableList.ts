import { everyResource } from '../../domain/every-resource.ts';
import type { Vpc, VpcDetail } from '../../domain/network.ts';
import type { RegionId } from '../../domain/ids.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { boolean, choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { given } from '../ecs/shared/given.ts';
import {
  filterId,
  networkPageSize,
  VPC_VERSION,
  vpcTagsView,
} from '../ecs/shared/network-parameters.ts';
import { owners, pageNumber, regionId } from '../ecs/shared/parameters.ts';
import { groupAskedFor } from '../ecs/shared/resource-group.ts';

export const DescribeRouteTableList = defineOperation({
  product: 'vpc',
  version: VPC_VERSION,
  action: 'DescribeRouteTableList',
  kind: 'read',
  docs: {
    summary: 'Lists route tables: each VPC has one, the system table.',
    notes: 'It goes with its VPC, has no name and no tags, and its entries are not kept.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    VpcId: filterId('The table of the VPC.'),
    RouterId: filterId("The table of the VPC's router."),
    RouteTableId: filterId('One table.'),
    RouteTableName: filterId('Matches nothing: no table has a name.'),
    RouterType: optional(choice(['VRouter', 'VBR'], { invalid: 'InvalidParameter' })),
    RouteTableType: optional(choice(['System', 'Custom'], { invalid: 'InvalidParameter' })),
    ResourceGroupId: filterId('Tables of the resource group.'),
    PageNumber: pageNumber,
    PageSize: networkPageSize,
    ...owners,
  }),
  output: object({
    Code: string({ description: 'Always 200; Terraform asks for it.' }),
    Message: string(),
    Success: boolean(),
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    RouterTableList: object({
      RouterTableListType: list(
        object({
          RouteTableId: string(),
          RouteTableName: string(),
          RouteTableType: string({ description: 'Always System.' }),
          RouterId: string(),
          RouterType: string({ description: 'Always VRouter.' }),
          VpcId: string(),
          Status: string({ description: 'That of the VPC.' }),
          Description: string(),
          CreationTime: string({ description: 'UTC, whole seconds.' }),
          ResourceGroupId: string(),
          VSwitchIds: object({ VSwitchId: list(string()) }),
          Tags: vpcTagsView,
        }),
      ),
    }),
  }),
  errors: { MissingParameter: 400, InvalidParameter: 400, 'InvalidRegionId.NotFound': 404 },
  cannotOccur: {},
  access: { action: 'vpc:DescribeRouteTableList', resource: () => 'routetable/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', VpcId: 'vpc-bp1ejhb4r1lyu55t0abc' },
    response: {
      Code: '200',
      Message: 'successful',
      Success: true,
      PageNumber: 1,
      PageSize: 10,
      TotalCount: 0,
      RouterTableList: { RouterTableListType: [] },
    },
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { PageNumber = 1, PageSize = 10, RouterId, RouteTableId } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const filter = {
      resourceType: 'vpc',
      ...given({
        resourceIds: input.VpcId === undefined ? undefined : [input.VpcId],
        resourceGroupId: groupAskedFor(ctx, input).ResourceGroupId,
      }),
    } as const;
    // Routers and tables have no column: few VPCs (a quota) are read whole and cut here.
    const rows = await everyResource<VpcDetail>(ctx.tx, scope, filter, ctx.nowMs);
    const found = rows.filter(
      ({ detail }) =>
        (RouterId ?? detail.vRouterId) === detail.vRouterId &&
        (RouteTableId ?? detail.routeTableId) === detail.routeTableId &&
        input.RouteTableName === undefined &&
        input.RouterType !== 'VBR' &&
        input.RouteTableType !== 'Custom',
    );
    const begin = (PageNumber - 1) * PageSize;
    return {
      Code: '200',
      Message: 'successful',
      Success: true,
      PageNumber,
      PageSize,
      TotalCount: found.length,
      RouterTableList: { RouterTableListType: found.slice(begin, begin + PageSize).map(viewTable) },
    };
  },
});

const viewTable = (vpc: Vpc) => ({
  RouteTableId: vpc.detail.routeTableId,
  RouteTableName: '',
  RouteTableType: 'System',
  RouterId: vpc.detail.vRouterId,
  RouterType: 'VRouter',
  VpcId: vpc.resourceId,
  Status: vpc.status,
  Description: '',
  CreationTime: formatSeconds(vpc.creationMs),
  ResourceGroupId: vpc.resourceGroupId,
  VSwitchIds: { VSwitchId: [] },
  Tags: { Tag: [] },
});
