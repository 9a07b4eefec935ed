import { boolean, choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { DISK_CATEGORIES, DISK_STATUSES, toDisk } from '../../domain/disk.ts';
import type { RegionId } from '../../domain/ids.ts';
import { defineOperation } from '../../operation.ts';
import { diskFilter } from './shared/disk-filter.ts';
import { diskSchema, viewDisk } from './shared/disk-view.ts';
import { given } from './shared/given.ts';
import { dryRun, ECS_VERSION, owners, regionId, tagList } from './shared/parameters.ts';
import { groupAskedFor } from './shared/resource-group.ts';
import { bothPagingStyles, pageOfResources } from './shared/resource-page.ts';

const id = (description?: string) =>
  optional(string({ maxLength: 128, ...(description === undefined ? {} : { description }) }));
const NONE_SUCH = 'Matches nothing.';

export const DescribeDisks = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeDisks',
  kind: 'read',
  docs: {
    summary: 'Lists the records of disks, newest first; no machine writes to them.',
    notes:
      'A disk holds the bytes of the snapshot or image that it was made from, by reference; a blank one, and the system disk of a public image, hold none. Filters combine with AND; an empty list of ids matches nothing. With `NextToken` or `MaxResults` the page parameters are ignored.',
  },
  input: object({
    RegionId: regionId(),
    DiskIds: optional(
      string({ description: 'A JSON array of up to 100 ids: ["d-…"].', maxLength: 8192 }),
    ),
    DiskName: id('The name; `*` stands for any characters.'),
    DiskType: optional(
      choice(['all', 'system', 'data'], { invalid: 'InvalidDiskType.ValueNotSupported' }),
    ),
    Category: optional(
      choice(['all', ...DISK_CATEGORIES], { invalid: 'InvalidDiskCategory.ValueNotSupported' }),
    ),
    Status: optional(
      choice(['All', ...DISK_STATUSES], { invalid: 'InvalidStatus.ValueNotSupported' }),
    ),
    InstanceId: id('The disks of this instance.'),
    SnapshotId: id('The disks that were made from this snapshot.'),
    ZoneId: id(),
    ResourceGroupId: id(),
    Portable: optional(boolean()),
    DeleteWithInstance: optional(boolean()),
    DeleteAutoSnapshot: optional(boolean()),
    EnableAutoSnapshot: optional(boolean({ description: 'true matches nothing.' })),
    EnableAutomatedSnapshotPolicy: optional(boolean({ description: 'true matches nothing.' })),
    Encrypted: optional(boolean({ description: 'true matches nothing.' })),
    EnableShared: optional(boolean({ description: 'true matches nothing.' })),
    DiskChargeType: optional(
      choice(['PostPaid', 'PrePaid'], { description: 'PrePaid matches nothing.' }),
    ),
    MultiAttach: optional(
      choice(['Disabled', 'Enabled', 'LegacyShared'], { description: 'Others match nothing.' }),
    ),
    AutoSnapshotPolicyId: id(NONE_SUCH),
    KMSKeyId: id(NONE_SUCH),
    LockReason: id(NONE_SUCH),
    Filter: optional(
      list(object({ Key: optional(string()), Value: optional(string()) }), {
        withoutEffect: 'The vendor opens it to few.',
        maxItems: 10,
      }),
    ),
    Tag: tagList('InvalidTagCount'),
    AdditionalAttributes: optional(
      list(string(), { withoutEffect: 'Every attribute that exists is answered.', maxItems: 20 }),
    ),
    DryRun: dryRun,
    ...bothPagingStyles,
    ...owners,
  }),
  output: object({
    NextToken: string({ description: 'Empty on the last page and in the page style.' }),
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    Disks: object({ Disk: list(diskSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    DryRunOperation: 400,
    'InvalidDiskIds.Malformed': 400,
    'InvalidTag.Mismatch': 400,
    InvalidTagCount: 400,
    'InvalidRegionId.NotFound': 404,
    'InvalidDiskType.ValueNotSupported': 404,
    'InvalidDiskCategory.ValueNotSupported': 404,
    'InvalidStatus.ValueNotSupported': 404,
  },
  cannotOccur: {},
  access: { action: 'ecs:DescribeDisks', resource: () => 'disk/*' },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      InstanceId: 'i-bp1g6zv0ce8oghu7k2qp',
      DiskType: 'system',
    },
    response: {
      NextToken: '',
      PageNumber: 1,
      PageSize: 10,
      TotalCount: 0,
      Disks: { Disk: [] },
    },
  },
  recordsOnly: true,
  dryRun: true,
  async handler(ctx, input) {
    const { PageNumber, PageSize, MaxResults, NextToken, DryRun: _, ...query } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const found = diskFilter({ ...query, ...groupAskedFor(ctx, query) });
    if ('fault' in found) throw ctx.fail(found.fault, { parameter: found.parameter });
    const { rows, answer } = await pageOfResources(
      ctx,
      scope,
      found,
      given({ PageNumber, PageSize, MaxResults, NextToken }),
      ['DescribeDisks', query],
    );
    return { ...answer, Disks: { Disk: rows.map((row) => viewDisk(toDisk(row))) } };
  },
});
