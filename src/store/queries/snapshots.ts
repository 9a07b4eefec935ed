// Snapshots: one, a filtered page, and the statements that change one. How many images use a snapshot is
// counted when it is read, never stored.
import { sql, type SelectQueryBuilder } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/sqlite';
import type { AccountId, Digest, RegionId, SnapshotId } from '../../domain/ids.ts';
import type { Snapshot, SnapshotDraft, SnapshotUpdate } from '../../domain/snapshot.ts';
import type { Counted, PageOf, Scope, SnapshotFilter } from '../../domain/tx.ts';
import type { Tables } from '../schema.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';
import { scopeOf } from './images.ts';
import { hasTags } from './tags.ts';

const selectSnapshots = (db: QueryBuilder) =>
  db
    .selectFrom('snapshot')
    .selectAll('snapshot')
    .select((eb) => [
      eb
        .selectFrom('image_disk')
        .select((inner) => inner.fn.countAll<number>().as('n'))
        .whereRef('image_disk.snapshot_id', '=', 'snapshot.snapshot_id')
        .as('image_count'),
      jsonArrayFrom(
        eb
          .selectFrom('tag')
          .select(['tag.tag_key as tagKey', 'tag.tag_value as tagValue'])
          .where('tag.resource_type', '=', 'snapshot')
          .whereRef('tag.resource_id', '=', 'snapshot.snapshot_id')
          .orderBy('tag.tag_key'),
      ).as('tags'),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof selectSnapshots>['execute']>>[number];

const toSnapshot = (row: Row): Snapshot => ({
  snapshotId: row.snapshot_id as SnapshotId,
  accountId: row.account_id as AccountId,
  regionId: row.region_id as RegionId,
  seq: row.seq,
  creationMs: row.creation_ms,
  lastModifiedMs: row.last_modified_ms,
  snapshotName: row.snapshot_name,
  description: row.description,
  status: row.status as Snapshot['status'],
  progress: row.progress,
  sourceDiskType: row.source_disk_type as Snapshot['sourceDiskType'],
  sizeGib: row.size_gib,
  sizeBytes: row.size_bytes,
  sourceDiskId: row.source_disk_id,
  retentionDays: row.retention_days,
  category: row.category,
  resourceGroupId: row.resource_group_id,
  sourceRegionId: row.source_region_id,
  sourceSnapshotId: row.source_snapshot_id,
  digest: row.digest as Digest | null,
  imageCount: row.image_count ?? 0,
  tags: JSON.parse(row.tags as unknown as string) as Snapshot['tags'],
});

const snapshotById = statement((db, arg: Scope & { snapshotId: string }) =>
  selectSnapshots(db)
    .where('snapshot.snapshot_id', '=', arg.snapshotId)
    .where('snapshot.account_id', '=', arg.accountId)
    .where('snapshot.region_id', '=', arg.regionId),
);

const narrow = <O>(
  query: SelectQueryBuilder<Tables, 'snapshot', O>,
  scope: Scope,
  filter: SnapshotFilter,
): SelectQueryBuilder<Tables, 'snapshot', O> => {
  let q = query
    .where('snapshot.account_id', '=', scope.accountId)
    .where('snapshot.region_id', '=', scope.regionId);
  if (filter.snapshotIds) q = q.where('snapshot.snapshot_id', 'in', [...filter.snapshotIds]);
  if (filter.snapshotName !== undefined)
    q = q.where('snapshot.snapshot_name', '=', filter.snapshotName);
  if (filter.status !== undefined) q = q.where('snapshot.status', '=', filter.status);
  if (filter.sourceDiskType !== undefined)
    q = q.where('snapshot.source_disk_type', '=', filter.sourceDiskType);
  if (filter.exceptSnapshotIds?.length)
    q = q.where('snapshot.snapshot_id', 'not in', [...filter.exceptSnapshotIds]);
  if (filter.sourceDiskIds) q = q.where('snapshot.source_disk_id', 'in', [...filter.sourceDiskIds]);
  if (filter.category !== undefined) q = q.where('snapshot.category', '=', filter.category);
  if (filter.resourceGroupId !== undefined)
    q = q.where('snapshot.resource_group_id', '=', filter.resourceGroupId);
  if (filter.creationFromMs !== undefined)
    q = q.where('snapshot.creation_ms', '>=', filter.creationFromMs);
  if (filter.beforeSeq !== undefined) q = q.where('snapshot.seq', '<', filter.beforeSeq);
  const { usedByImage } = filter;
  if (usedByImage !== undefined)
    q = q.where((eb) => {
      const used = eb.exists(
        eb
          .selectFrom('image_disk')
          .select('image_disk.image_id')
          .whereRef('image_disk.snapshot_id', '=', 'snapshot.snapshot_id'),
      );
      return usedByImage ? used : eb.not(used);
    });
  for (const tag of filter.tags ?? [])
    q = q.where(hasTags('snapshot', sql.ref('snapshot.snapshot_id'), tag));
  return q;
};

export const snapshotReads = (connection: Connection) => ({
  async snapshot(scope: Scope, snapshotId: string): Promise<Snapshot | undefined> {
    const row = await connection.one(snapshotById, { ...scopeOf(scope), snapshotId });
    return row && toSnapshot(row);
  },
  async snapshots(scope: Scope, filter: SnapshotFilter, page: PageOf): Promise<Counted<Snapshot>> {
    const { builder } = connection;
    const [count] = await connection.query(
      narrow(
        builder.selectFrom('snapshot').select((eb) => eb.fn.countAll<number>().as('total')),
        scope,
        filter,
      ),
    );
    const rows = await connection.query(
      narrow(selectSnapshots(builder), scope, filter)
        .orderBy('snapshot.seq', 'desc')
        .limit(page.limit)
        .offset(page.offset),
    );
    return { total: count?.total ?? 0, rows: rows.map(toSnapshot) };
  },
});

const SNAPSHOT_COLUMNS = {
  status: 'status',
  progress: 'progress',
  digest: 'digest',
  sizeGib: 'size_gib',
  sizeBytes: 'size_bytes',
  lastModifiedMs: 'last_modified_ms',
  snapshotName: 'snapshot_name',
  description: 'description',
  retentionDays: 'retention_days',
  category: 'category',
  resourceGroupId: 'resource_group_id',
} as const satisfies Record<keyof SnapshotUpdate, keyof Tables['snapshot']>;

export const snapshotWrites = (connection: Connection) => ({
  async insertSnapshot(
    snapshot: SnapshotDraft & Pick<Snapshot, 'seq' | 'creationMs' | 'status'>,
  ): Promise<void> {
    await connection.change(
      connection.builder.insertInto('snapshot').values({
        snapshot_id: snapshot.snapshotId,
        account_id: snapshot.accountId,
        region_id: snapshot.regionId,
        seq: snapshot.seq,
        creation_ms: snapshot.creationMs,
        last_modified_ms: snapshot.creationMs,
        snapshot_name: snapshot.snapshotName,
        description: snapshot.description,
        status: snapshot.status,
        progress: 0,
        source_disk_type: snapshot.sourceDiskType,
        size_gib: snapshot.sizeGib,
        size_bytes: 0,
        digest: null,
        source_disk_id: snapshot.sourceDiskId ?? '',
        retention_days: snapshot.retentionDays ?? 0,
        category: snapshot.category ?? 'standard',
        resource_group_id: snapshot.resourceGroupId ?? '',
        source_region_id: snapshot.sourceRegionId ?? '',
        source_snapshot_id: snapshot.sourceSnapshotId ?? '',
      }),
    );
  },
  async updateSnapshot(snapshotId: SnapshotId, set: SnapshotUpdate): Promise<void> {
    const columns = Object.entries(set).map(([name, value]) => [
      SNAPSHOT_COLUMNS[name as keyof SnapshotUpdate],
      value,
    ]);
    if (columns.length === 0) return;
    await connection.change(
      connection.builder
        .updateTable('snapshot')
        .set(Object.fromEntries(columns))
        .where('snapshot_id', '=', snapshotId),
    );
  },
  async deleteSnapshotRows(snapshotId: SnapshotId): Promise<void> {
    const { builder } = connection;
    await connection.change(builder.deleteFrom('snapshot').where('snapshot_id', '=', snapshotId));
    await connection.change(
      builder
        .deleteFrom('tag')
        .where('resource_type', '=', 'snapshot')
        .where('resource_id', '=', snapshotId),
    );
  },
});
