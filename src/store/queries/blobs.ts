// Blobs, where they are, who holds them, and who owns a bucket. A blob is marked for deletion only by a
// statement that looks at every reference in the same transaction.
import type { Blob, BlobState, Placement } from '../../domain/blob.ts';
import type { AccountId, Digest, RegionId } from '../../domain/ids.ts';
import type { ExpressionBuilder } from 'kysely';
import type { Tables } from '../schema.ts';
import { statement, type Connection } from '../statement.ts';

interface BlobRow {
  digest: string;
  size_bytes: number;
  state: string;
  format: string;
  virtual_size_bytes: number;
  warnings: string;
  creation_ms: number;
}

const toBlob = (row: BlobRow): Blob => ({
  digest: row.digest as Digest,
  sizeBytes: row.size_bytes,
  state: row.state as BlobState,
  format: row.format,
  virtualSizeBytes: row.virtual_size_bytes,
  warnings: row.warnings === '' ? [] : row.warnings.split(','),
  creationMs: row.creation_ms,
});

/** Neither a snapshot names the blob, nor a job holds it. */
const isUnreferenced = (eb: ExpressionBuilder<Tables, 'blob'>) => {
  const snapshots = eb.selectFrom('snapshot').select('snapshot.snapshot_id');
  const leases = eb.selectFrom('blob_lease').select('blob_lease.job_id');
  return eb.and([
    eb.not(eb.exists(snapshots.whereRef('snapshot.digest', '=', 'blob.digest'))),
    eb.not(eb.exists(leases.whereRef('blob_lease.digest', '=', 'blob.digest'))),
  ]);
};

const blobByDigest = statement((db, arg: { digest: string }) =>
  db.selectFrom('blob').selectAll().where('digest', '=', arg.digest),
);
const placementsOf = statement((db, arg: { digest: string }) =>
  db
    .selectFrom('placement')
    .select(['digest', 'store', 'kind', 'state', 'verified_ms as verifiedMs'])
    .where('digest', '=', arg.digest)
    .orderBy('store'),
);
const storesOfPlacements = statement((db) => db.selectFrom('placement').select('store').distinct());
const regionsOfBlob = statement((db, arg: { digest: string }) =>
  db
    .selectFrom('snapshot')
    .select('region_id as regionId')
    .distinct()
    .where('digest', '=', arg.digest),
);
const leaseOf = statement((db, arg: { digest: string }) =>
  db.selectFrom('blob_lease').select('job_id').where('digest', '=', arg.digest).limit(1),
);
const blobPage = statement((db, arg: { afterDigest: string; limit: number }) =>
  db
    .selectFrom('blob')
    .selectAll('blob')
    .select((eb) => isUnreferenced(eb).as('is_unreferenced'))
    .where('blob.digest', '>', arg.afterDigest)
    .orderBy('blob.digest')
    .limit(arg.limit),
);
const ownerOfBucket = statement((db, arg: { bucket: string }) =>
  db
    .selectFrom('bucket')
    .select(['account_id as accountId', 'region_id as regionId'])
    .where('bucket', '=', arg.bucket),
);

export const blobReads = (connection: Connection) => ({
  async blob(digest: Digest): Promise<Blob | undefined> {
    const row = await connection.one(blobByDigest, { digest });
    return row && toBlob(row);
  },
  async placements(digest: Digest): Promise<Placement[]> {
    return (await connection.all(placementsOf, { digest })) as Placement[];
  },
  async placementStores(): Promise<string[]> {
    return (await connection.all(storesOfPlacements, {})).map(({ store }) => store);
  },
  async regionsOfBlob(digest: Digest): Promise<RegionId[]> {
    const rows = await connection.all(regionsOfBlob, { digest });
    return rows.map(({ regionId }) => regionId as RegionId);
  },
  async isLeased(digest: Digest): Promise<boolean> {
    return (await connection.one(leaseOf, { digest })) !== undefined;
  },
  async blobs(afterDigest: string, limit: number) {
    const rows = await connection.all(blobPage, { afterDigest, limit });
    return rows.map((row) => ({ ...toBlob(row), isUnreferenced: Boolean(row.is_unreferenced) }));
  },
  async bucketOwner(bucket: string) {
    const row = await connection.one(ownerOfBucket, { bucket });
    return row && { accountId: row.accountId as AccountId, regionId: row.regionId };
  },
});

const insertBlob = statement(
  (db, arg: Omit<Blob, 'warnings'> & { warnings: string; digest: string }) =>
    db.insertInto('blob').values({
      digest: arg.digest,
      size_bytes: arg.sizeBytes,
      state: arg.state,
      format: arg.format,
      virtual_size_bytes: arg.virtualSizeBytes,
      warnings: arg.warnings,
      creation_ms: arg.creationMs,
    }),
);
const setState = statement((db, arg: { digest: string; from: string; to: string }) =>
  db
    .updateTable('blob')
    .set({ state: arg.to })
    .where('digest', '=', arg.digest)
    .where('state', '=', arg.from),
);
const dropBlob = statement((db, arg: { digest: string }) =>
  db.deleteFrom('blob').where('digest', '=', arg.digest),
);
const insertPlacement = statement(
  (db, arg: { digest: string; store: string; kind: string; state: string; verifiedMs: number }) =>
    db
      .insertInto('placement')
      .values({
        digest: arg.digest,
        store: arg.store,
        kind: arg.kind,
        state: arg.state,
        verified_ms: arg.verifiedMs,
        damage: '',
        damaged_ms: 0,
      })
      .onConflict((oc) =>
        oc.columns(['digest', 'store']).doUpdateSet((eb) => ({
          kind: eb.ref('excluded.kind'),
          state: eb.ref('excluded.state'),
          verified_ms: eb.ref('excluded.verified_ms'),
          damage: eb.ref('excluded.damage'),
          damaged_ms: eb.ref('excluded.damaged_ms'),
        })),
      ),
);
const dropPlacements = statement((db, arg: { digest: string }) =>
  db.deleteFrom('placement').where('digest', '=', arg.digest),
);
const dropPlacement = statement((db, arg: { digest: string; store: string }) =>
  db.deleteFrom('placement').where('digest', '=', arg.digest).where('store', '=', arg.store),
);
const insertLease = statement((db, arg: { digest: string; jobId: string }) =>
  db
    .insertInto('blob_lease')
    .values({ digest: arg.digest, job_id: arg.jobId })
    .onConflict((oc) => oc.doNothing()),
);
const dropLeases = statement((db, arg: { jobId: string }) =>
  db.deleteFrom('blob_lease').where('job_id', '=', arg.jobId),
);
const mark = statement((db, arg: { digest: string }) =>
  db
    .updateTable('blob')
    .set({ state: 'deleting' })
    .where('digest', '=', arg.digest)
    .where(isUnreferenced),
);
const insertBucket = statement((db, arg: { bucket: string; accountId: string; regionId: string }) =>
  db
    .insertInto('bucket')
    .values({ bucket: arg.bucket, account_id: arg.accountId, region_id: arg.regionId }),
);

export const blobWrites = (connection: Connection) => ({
  async insertBlob(blob: Blob): Promise<void> {
    await connection.run(insertBlob, { ...blob, warnings: blob.warnings.join(',') });
  },
  async setBlobState(digest: Digest, from: BlobState, to: BlobState): Promise<boolean> {
    return (await connection.run(setState, { digest, from, to })) === 1;
  },
  async deleteBlob(digest: Digest): Promise<void> {
    await connection.run(dropBlob, { digest });
  },
  async insertPlacement(placement: Placement): Promise<void> {
    await connection.run(insertPlacement, { ...placement });
  },
  async deletePlacements(digest: Digest): Promise<void> {
    await connection.run(dropPlacements, { digest });
  },
  async deletePlacement(digest: Digest, store: string): Promise<void> {
    await connection.run(dropPlacement, { digest, store });
  },
  async insertLease(digest: Digest, jobId: string): Promise<void> {
    await connection.run(insertLease, { digest, jobId });
  },
  async deleteLeases(jobId: string): Promise<void> {
    await connection.run(dropLeases, { jobId });
  },
  async markUnreferenced(digest: Digest): Promise<boolean> {
    return (await connection.run(mark, { digest })) === 1;
  },
  async insertBucket(bucket: string, accountId: AccountId, regionId: string): Promise<void> {
    await connection.run(insertBucket, { bucket, accountId, regionId });
  },
});
