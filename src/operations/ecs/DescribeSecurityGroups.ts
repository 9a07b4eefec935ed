// Lists security groups in either of the vendor's paging styles. What the row has a column for is
// filtered by the store; the network type and the group type lie in the detail, so that such a list is
// read whole and cut here.
import { instanceCounts } from '../../domain/security-group.ts';
import type { RegionId } from '../../domain/ids.ts';
import { boolean, choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { networkPageSize } from './shared/network-parameters.ts';
import { pageToken, queryHash, readPageToken } from './shared/page-token.ts';
import { dryRun, ECS_VERSION, owners, pageNumber, regionId, tagList } from './shared/parameters.ts';
import { findSecurityGroups, securityGroupFilter } from './shared/security-group-filter.ts';
import { securityGroupSchema, viewSecurityGroup } from './shared/security-group-view.ts';
import { groupAskedFor } from './shared/resource-group.ts';

const id = (description: string) => optional(string({ description, maxLength: 128 }));

export const DescribeSecurityGroups = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeSecurityGroups',
  kind: 'read',
  docs: {
    summary: 'Lists the security groups of the caller in a region, newest first.',
    notes:
      'Filters combine with AND; an id that is not there matches nothing. With `NextToken` or `MaxResults` the page parameters are ignored. A `NextToken` holds for the same filters only.',
  },
  input: object({
    RegionId: regionId('MissingParameter.RegionId'),
    SecurityGroupIds: optional(
      string({
        description: 'A JSON array of up to 100 ids.',
        maxLength: 8192,
        invalid: 'InvalidSecurityGroupId.Malformed',
      }),
    ),
    SecurityGroupId: id('One id.'),
    SecurityGroupName: id('The exact name; with FuzzyQuery a part of it.'),
    FuzzyQuery: optional(boolean({ description: 'The name may stand anywhere within.' })),
    VpcId: id('Groups of the VPC.'),
    NetworkType: optional(choice(['vpc', 'classic'], { invalid: 'InvalidParameter' })),
    SecurityGroupType: optional(
      choice(['normal', 'enterprise'], { invalid: 'InvalidParameter.SecurityGroupType' }),
    ),
    ResourceGroupId: id('Groups of the resource group.'),
    IsQueryEcsCount: optional(boolean({ description: 'Count the instances of each group.' })),
    ServiceManaged: optional(boolean({ description: 'true matches nothing: no service does.' })),
    Tag: tagList('InvalidTagCount'),
    PageNumber: pageNumber,
    PageSize: networkPageSize,
    MaxResults: optional(
      integer({ description: 'Entries a page, 1 to 100.', minimum: 1, maximum: 100, clamp: true }),
    ),
    NextToken: optional(string({ description: 'From the page before.', maxLength: 2048 })),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({
    RegionId: string(),
    NextToken: string({ description: 'Empty on the last page and in the page style.' }),
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer({ description: 'All matches.' }),
    SecurityGroups: object({ SecurityGroup: list(securityGroupSchema) }),
  }),
  errors: {
    InvalidParameter: 400,
    'MissingParameter.RegionId': 400,
    DryRunOperation: 400,
    'InvalidSecurityGroupId.Malformed': 400,
    'InvalidParameter.SecurityGroupType': 400,
    InvalidTagCount: 400,
    'InvalidTag.Mismatch': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeSecurityGroups', resource: () => 'securitygroup/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', PageSize: '50' },
    response: {
      RegionId: 'cn-hangzhou',
      NextToken: '',
      PageNumber: 1,
      PageSize: 50,
      TotalCount: 0,
      SecurityGroups: { SecurityGroup: [] },
    },
  },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const { NextToken, MaxResults, PageNumber = 1, PageSize = 10, DryRun: _, ...query } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const wanted = securityGroupFilter(ctx, { ...query, ...groupAskedFor(ctx, query) });
    if (wanted === 'malformed') throw ctx.fail('InvalidSecurityGroupId.Malformed');
    const byToken = NextToken !== undefined || MaxResults !== undefined;
    const limit = byToken ? (MaxResults ?? 10) : PageSize;
    const hash = queryHash('DescribeSecurityGroups', scope.accountId, query);
    const position = NextToken === undefined ? [] : readPageToken(NextToken, hash, ['number']);
    if (position === undefined) throw ctx.fail('InvalidParameter', { parameter: 'NextToken' });
    const [beforeSeq] = position;
    const page = { limit, offset: byToken ? 0 : (PageNumber - 1) * limit, beforeSeq };
    const { rows, total, left } = await findSecurityGroups(ctx.tx, scope, wanted, page, ctx.nowMs);
    const last = rows.at(-1);
    const isMore = byToken && last !== undefined && left > rows.length;
    const counts =
      input.IsQueryEcsCount === true && rows.length > 0
        ? await instanceCounts(ctx.tx, scope, ctx.nowMs)
        : new Map<string, number>();
    return {
      RegionId: input.RegionId,
      NextToken: isMore ? pageToken(hash, [last.seq]) : '',
      PageNumber,
      PageSize: limit,
      TotalCount: total,
      SecurityGroups: {
        SecurityGroup: rows.map((row) => viewSecurityGroup(row, counts.get(row.resourceId))),
      },
    };
  },
});
