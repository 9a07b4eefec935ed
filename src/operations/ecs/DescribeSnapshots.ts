// Lists snapshots in either of the vendor's paging styles. `NextToken` or `MaxResults` switches to the
// token style, which walks by keyset and so neither repeats nor skips a snapshot while others come
// and go.
import { boolean, choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import type { RegionId } from '../../domain/ids.ts';
import type { Scope } from '../../domain/tx.ts';
import { disksOf, sourcesOfDisks } from '../../domain/disk-lifecycle.ts';
import { defineOperation, type ReadContext } from '../../operation.ts';
import { given } from './shared/given.ts';
import { pageToken, queryHash, readPageToken } from './shared/page-token.ts';
import {
  dryRun,
  ECS_VERSION,
  owners,
  pageNumber,
  pageSize,
  regionId,
  tagList,
} from './shared/parameters.ts';
import { groupAskedFor } from './shared/resource-group.ts';
import { snapshotFilter, type DiskFacts } from './shared/snapshot-filter.ts';
import { snapshotSchema, viewSnapshot } from './shared/snapshot-view.ts';

export const DescribeSnapshots = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'DescribeSnapshots',
  kind: 'read',
  docs: {
    summary: 'Lists the snapshots of the caller in a region, newest first.',
    notes:
      'Filters combine with AND. No snapshot here has a policy, a key or a `SnapshotLinkId`. `InstanceId` finds the snapshots of the disks that the instance has now. With `NextToken` or `MaxResults` the page parameters are ignored; `TotalCount` counts all matches in both styles, `PageSize` is then the size of the page and `PageNumber` has no meaning. A `NextToken` holds for the same filters only.',
  },
  input: object({
    RegionId: regionId(),
    SnapshotIds: optional(
      string({
        description: 'A JSON array of 1 to 100 ids: ["s-…"].',
        maxLength: 8192,
        invalid: 'InvalidSnapshotIds.Malformed',
      }),
    ),
    SnapshotName: optional(string({ description: 'The exact name.', maxLength: 128 })),
    Status: optional(
      choice(['progressing', 'accomplished', 'failed', 'all'], {
        invalid: 'InvalidStatus.NotFound',
      }),
    ),
    SnapshotType: optional(
      choice(['auto', 'user', 'all'], { invalid: 'InvalidSnapshotType.NotFound' }),
    ),
    SourceDiskType: optional(
      string({ description: 'system or data, in any case.', invalid: 'InvalidSourceDiskType' }),
    ),
    Usage: optional(choice(['image', 'disk', 'image_disk', 'none'], { invalid: 'InvalidUsage' })),
    Category: optional(
      string({
        description: 'standard, flash or archive, in any case: the label given at creation.',
        invalid: 'InvalidSnapshotCategory.Malformed',
      }),
    ),
    Encrypted: optional(boolean({ description: 'true matches nothing: none is encrypted.' })),
    InstanceId: optional(string({ maxLength: 128 })),
    DiskId: optional(string({ maxLength: 128 })),
    SnapshotLinkId: optional(string({ invalid: 'InvalidSnapshotLinkId.NotFound' })),
    KMSKeyId: optional(string({ maxLength: 256 })),
    ResourceGroupId: optional(string({ maxLength: 128 })),
    Filter: optional(
      list(object({ Key: optional(string()), Value: optional(string()) }), {
        description: 'CreationStartTime: created at this minute (2017-12-05T22:40Z) or later.',
        maxItems: 1,
        tooMany: 'InvalidFilterKey.NotFound',
      }),
    ),
    Tag: tagList('InvalidTagCount'),
    PageNumber: pageNumber,
    PageSize: pageSize,
    MaxResults: optional(
      integer({
        description: 'Entries a page in the token style, 1 to 100; more is answered as 100.',
        minimum: 1,
        maximum: 100,
        clamp: true,
      }),
    ),
    NextToken: optional(string({ description: 'From the page before.', maxLength: 512 })),
    DryRun: dryRun,
    ...owners,
  }),
  output: object({
    NextToken: string({ description: 'Empty on the last page and in the page style.' }),
    PageNumber: integer(),
    PageSize: integer(),
    TotalCount: integer(),
    Snapshots: object({ Snapshot: list(snapshotSchema) }),
  }),
  errors: {
    MissingRegionId: 400,
    InvalidParameter: 400,
    'InvalidTag.Mismatch': 400,
    InvalidTagCount: 400,
    DryRunOperation: 400,
    'InvalidSnapshotIds.Malformed': 403,
    'InvalidSnapshotCategory.Malformed': 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidFilterKey.NotFound': 404,
    InvalidFilterValue: 404,
    InvalidUsage: 404,
    InvalidSourceDiskType: 404,
    'InvalidStatus.NotFound': 404,
    'InvalidSnapshotType.NotFound': 404,
    'InvalidSnapshotLinkId.NotFound': 404,
  },
  cannotOccur: {
    '500 InternalError':
      'The gateway answers it for a bug in any operation; none raises it itself.',
  },
  access: { action: 'ecs:DescribeSnapshots', resource: () => 'snapshot/*' },
  dryRun: true,
  example: {
    request: { RegionId: 'cn-hangzhou', MaxResults: '20' },
    response: {
      NextToken: '',
      PageNumber: 1,
      PageSize: 20,
      TotalCount: 0,
      Snapshots: { Snapshot: [] },
    },
  },
  async handler(ctx, input) {
    const { NextToken, MaxResults, PageNumber = 1, PageSize = 10, DryRun: _, ...query } = input;
    const scope = { accountId: ctx.caller.accountId, regionId: input.RegionId as RegionId };
    const facts = await diskFacts(ctx, scope, input.InstanceId);
    const filter = snapshotFilter({ ...query, ...groupAskedFor(ctx, query) }, facts);
    if ('fault' in filter) throw ctx.fail(filter.fault, { parameter: filter.parameter });
    const byToken = NextToken !== undefined || MaxResults !== undefined;
    const limit = byToken ? (MaxResults ?? 10) : PageSize;
    const hash = queryHash('DescribeSnapshots', scope.accountId, query);
    const position = NextToken === undefined ? [] : readPageToken(NextToken, hash, ['number']);
    if (position === undefined) throw ctx.fail('InvalidParameter', { parameter: 'NextToken' });

    const answer = { NextToken: '', PageNumber, PageSize: limit, TotalCount: 0 };
    if (filter.matches === 'nothing') return { ...answer, Snapshots: { Snapshot: [] } };
    const [beforeSeq] = position;
    const { rows, total } = await ctx.tx.snapshots(
      scope,
      { ...filter.matches, ...given({ beforeSeq }) },
      { limit, offset: byToken ? 0 : (PageNumber - 1) * limit },
    );
    const last = rows.at(-1);
    if (byToken && last !== undefined && total > rows.length)
      answer.NextToken = pageToken(hash, [last.seq]);
    // Behind a token the store counts what is left; the answer counts everything.
    answer.TotalCount =
      beforeSeq === undefined
        ? total
        : (await ctx.tx.snapshots(scope, filter.matches, { limit: 0, offset: 0 })).total;
    return {
      ...answer,
      Snapshots: { Snapshot: rows.map((row) => viewSnapshot(row, facts.usedByDisks)) },
    };
  },
});

const diskFacts = async (
  { tx, nowMs }: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  scope: Scope,
  instanceId: string | undefined,
): Promise<DiskFacts> => {
  const usedByDisks = await sourcesOfDisks(tx, scope, nowMs);
  if (instanceId === undefined) return { usedByDisks };
  const disks = await disksOf(tx, scope, instanceId, nowMs);
  return { usedByDisks, disksOfInstance: disks.map(({ resourceId }) => resourceId) };
};
