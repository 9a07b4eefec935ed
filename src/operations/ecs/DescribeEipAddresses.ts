import type { EipDetail } from '../../domain/eip.ts';
import { everyResource } from '../../domain/every-resource.ts';
import type { RegionId } from '../../domain/ids.ts';
import { choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_INSTANCE, eipSchema, viewEip } from './shared/eip-parameters.ts';
import { given } from './shared/given.ts';
import { filterId } from './shared/network-parameters.ts';
import {
  ECS_VERSION,
  owners,
  pageNumber,
  pageSize,
  regionId,
  tagList,
} from './shared/parameters.ts';
import { idsOfList } from './shared/record-list.ts';
import { requireTagFilters } from './shared/tag-filters.ts';
import { groupAskedFor } from './shared/resource-group.ts';

const MAX_IDS = 50;

export const DescribeEipAddresses = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeEipAddresses',
  kind: 'read',
  docs: {
    summary: 'Lists the elastic addresses of the caller in a region, newest first.',
    notes: 'Filters combine with AND; an id that is not there matches nothing.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    AllocationId: filterId('Up to 50 ids, with commas between them.'),
    EipAddress: filterId('Up to 50 addresses, with commas between them.'),
    EipName: filterId('The exact name.'),
    Status: optional(
      choice(['Associating', 'Unassociating', 'InUse', 'Available'], {
        invalid: 'InvalidParameter',
      }),
    ),
    AssociatedInstanceType: optional(
      string({ description: 'EcsInstance; others match nothing.', maxLength: 64 }),
    ),
    AssociatedInstanceId: filterId('The address of the instance.'),
    ISP: filterId('Addresses of the line.'),
    ChargeType: optional(
      choice(['PostPaid', 'PrePaid'], {
        description: 'PrePaid matches nothing.',
        invalid: 'InvalidParameter',
      }),
    ),
    LockReason: filterId('Matches nothing: none is locked.'),
    ResourceGroupId: filterId('Addresses of the resource group.'),
    Tag: tagList('InvalidTagCount'),
    PageNumber: pageNumber,
    PageSize: pageSize,
    ...owners,
  }),
  output: object({
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    EipAddresses: object({ EipAddress: list(eipSchema) }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    InvalidTagCount: 400,
    'InvalidTag.Mismatch': 400,
    'InvalidRegionId.NotFound': 404,
  },
  cannotOccur: {},
  access: { action: 'vpc:DescribeEipAddresses', resource: () => 'eip/*' },
  example: {
    request: { RegionId: 'cn-hangzhou', AllocationId: 'eip-bp1ejhb4r1lyu55t0abc' },
    response: { PageNumber: 1, PageSize: 10, TotalCount: 0, EipAddresses: { EipAddress: [] } },
  },
  recordsOnly: true,
  async handler(ctx, input) {
    const { PageNumber = 1, PageSize = 10, Status, ISP, AssociatedInstanceType } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const addresses = idsOfList(input.EipAddress, MAX_IDS);
    const filter = {
      resourceType: 'eip',
      tags: requireTagFilters(ctx, input.Tag),
      ...given({
        resourceIds: idsOfList(input.AllocationId, MAX_IDS),
        resourceName: input.EipName,
        parentId: input.AssociatedInstanceId,
        statuses: Status === undefined ? undefined : [Status],
        resourceGroupId: groupAskedFor(ctx, input).ResourceGroupId,
      }),
    } as const;
    // The address itself has no column: few of them (a quota) are read whole and cut here.
    const all = await everyResource<EipDetail>(ctx.tx, scope, filter, ctx.nowMs);
    const found = all.filter(
      ({ detail, parentId }) =>
        (addresses?.includes(detail.ipAddress) ?? true) &&
        (ISP ?? detail.isp) === detail.isp &&
        (AssociatedInstanceType === undefined ||
          (AssociatedInstanceType === ECS_INSTANCE && parentId !== '')) &&
        input.ChargeType !== 'PrePaid' &&
        input.LockReason === undefined,
    );
    const begin = (PageNumber - 1) * PageSize;
    return {
      PageNumber,
      PageSize,
      TotalCount: found.length,
      EipAddresses: { EipAddress: found.slice(begin, begin + PageSize).map(viewEip) },
    };
  },
});
