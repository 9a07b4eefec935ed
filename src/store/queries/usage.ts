// What one account keeps, added up by the engine. Every part of every statement is bound to the account,
// so that no figure depends on another one's rows.
import { sql } from 'kysely';
import type { FamilySums, FamilyUsage, HeldBytes } from '../../domain/usage-tx.ts';
import type { RegionUsage, UsageReads, UsageScope } from '../../domain/usage-tx.ts';
import { statement, type Connection } from '../statement.ts';

/** `regionId` empty: every region. */
interface Arg {
  accountId: string;
  regionId: string;
}

const argOf = ({ accountId, regionId }: UsageScope): Arg => ({
  accountId,
  regionId: regionId ?? '',
});

const regions = statement((db, arg: Arg) => ({
  compile: () =>
    sql<RegionUsage>`
      SELECT region_id AS "regionId", image_count AS "imageCount", family_count AS "familyCount"
      FROM account_region
      WHERE account_id = ${arg.accountId} AND (${arg.regionId} = '' OR region_id = ${arg.regionId})
      ORDER BY region_id`.compile(db),
}));

// Who holds a digest most firmly: 3 an image, 2 a snapshot, 1 a disk. A disk holds by a lease.
const held = statement((db, arg: Arg) => ({
  compile: () =>
    sql<HeldBytes>`
      WITH holder AS (
        SELECT image.region_id, snapshot.digest, snapshot.size_bytes, 3 AS strength
        FROM image JOIN image_disk ON image_disk.image_id = image.image_id
          JOIN snapshot ON snapshot.snapshot_id = image_disk.snapshot_id
        WHERE image.account_id = ${arg.accountId} AND snapshot.digest IS NOT NULL
        UNION ALL
        SELECT region_id, digest, size_bytes, 2 FROM snapshot
        WHERE account_id = ${arg.accountId} AND digest IS NOT NULL
        UNION ALL
        SELECT resource.region_id, blob.digest, blob.size_bytes, 1
        FROM resource JOIN blob_lease ON blob_lease.job_id = resource.resource_id
          JOIN blob ON blob.digest = blob_lease.digest
        WHERE resource.account_id = ${arg.accountId} AND resource.resource_type = 'disk'),
      scoped AS (
        SELECT * FROM holder WHERE ${arg.regionId} = '' OR region_id = ${arg.regionId}),
      once AS (
        SELECT '' AS region_id, MAX(size_bytes) AS bytes, MAX(strength) AS strength
        FROM scoped GROUP BY digest
        UNION ALL
        SELECT region_id, MAX(size_bytes), MAX(strength) FROM scoped GROUP BY region_id, digest)
      SELECT region_id AS "regionId", SUM(bytes) AS "sizeBytes",
        SUM(CASE WHEN strength = 2 THEN bytes ELSE 0 END) AS "snapshotOnlyBytes",
        SUM(CASE WHEN strength = 1 THEN bytes ELSE 0 END) AS "diskOnlyBytes"
      FROM once GROUP BY region_id ORDER BY region_id`.compile(db),
}));

type FamilyRow = FamilyUsage & {
  imageFamily: string;
  allRows: number;
  allImages: number;
  allBytes: number;
  allShared: number;
};

const families = statement((db, arg: Arg & { limit: number }) => ({
  compile: () =>
    sql<FamilyRow>`
      WITH held AS (
        SELECT image.region_id, COALESCE(image.image_family, '') AS image_family, snapshot.digest,
          MAX(snapshot.size_bytes) AS bytes
        FROM image JOIN image_disk ON image_disk.image_id = image.image_id
          JOIN snapshot ON snapshot.snapshot_id = image_disk.snapshot_id
        WHERE image.account_id = ${arg.accountId} AND snapshot.digest IS NOT NULL
        GROUP BY image.region_id, COALESCE(image.image_family, ''), snapshot.digest),
      spread AS (SELECT digest, COUNT(*) AS holders FROM held GROUP BY digest),
      kept AS (
        SELECT held.region_id, held.image_family, SUM(held.bytes) AS bytes,
          SUM(CASE WHEN spread.holders > 1 THEN held.bytes ELSE 0 END) AS shared
        FROM held JOIN spread ON spread.digest = held.digest
        GROUP BY held.region_id, held.image_family),
      counted AS (
        SELECT region_id, COALESCE(image_family, '') AS image_family, COUNT(*) AS images
        FROM image
        WHERE account_id = ${arg.accountId} AND (${arg.regionId} = '' OR region_id = ${arg.regionId})
        GROUP BY region_id, COALESCE(image_family, ''))
      SELECT counted.region_id AS "regionId", counted.image_family AS "imageFamily",
        counted.images AS "imageCount", COALESCE(kept.bytes, 0) AS "sizeBytes",
        COALESCE(kept.shared, 0) AS "sharedBytes",
        COUNT(*) OVER () AS "allRows", SUM(counted.images) OVER () AS "allImages",
        SUM(COALESCE(kept.bytes, 0)) OVER () AS "allBytes",
        SUM(COALESCE(kept.shared, 0)) OVER () AS "allShared"
      FROM counted LEFT JOIN kept
        ON kept.region_id = counted.region_id AND kept.image_family = counted.image_family
      ORDER BY counted.region_id, counted.image_family LIMIT ${arg.limit}`.compile(db),
}));

const full = statement((db, arg: Arg & { imageCount: number; limit: number }) => ({
  compile: () =>
    sql<Pick<FamilyUsage, 'regionId' | 'imageFamily' | 'imageCount'>>`
      SELECT region_id AS "regionId", image_family AS "imageFamily", image_count AS "imageCount"
      FROM family
      WHERE account_id = ${arg.accountId} AND (${arg.regionId} = '' OR region_id = ${arg.regionId})
        AND image_count >= ${arg.imageCount}
      ORDER BY image_count DESC, region_id, image_family LIMIT ${arg.limit}`.compile(db),
}));

const NOTHING: FamilySums = { rows: 0, imageCount: 0, sizeBytes: 0, sharedBytes: 0 };

export const usageReads = (connection: Connection): UsageReads => ({
  regionUsage: (scope) => connection.all(regions, argOf(scope)),
  heldBytes: (scope) => connection.all(held, argOf(scope)),
  async familyUsage(scope, limit) {
    const found = await connection.all(families, { ...argOf(scope), limit });
    const [first] = found;
    const rows = found.map(({ regionId, imageFamily, imageCount, sizeBytes, sharedBytes }) => ({
      regionId,
      imageFamily: imageFamily === '' ? null : imageFamily,
      imageCount,
      sizeBytes,
      sharedBytes,
    }));
    if (first === undefined) return { rows, sums: NOTHING };
    const { allRows, allImages, allBytes, allShared } = first;
    const sums = { rows: allRows, imageCount: allImages, sizeBytes: allBytes };
    return { rows, sums: { ...sums, sharedBytes: allShared } };
  },
  fullFamilies: (scope, imageCount, limit) =>
    connection.all(full, { ...argOf(scope), imageCount, limit }),
});
