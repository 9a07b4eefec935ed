// The rows as they are on disk, read by the test's own process on a connection of its own: the journal,
// the counters, and a recount of both that shares nothing with the server but the replay function.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Change } from '../../src/domain/change.ts';
import { replayHeads } from '../../src/domain/family.ts';
import { CHAIN_START, ChainCheck } from '../../src/lib/hash-chain.ts';

export interface Rows {
  /** Family to image id, by replaying the journal. */
  heads: Map<string, string>;
  requestIds: Set<string>;
  /** RequestIds of the audit trail's records. */
  recordedIds: Set<string>;
  /** Sentences about counters and rows that do not agree. */
  faults: string[];
}

type Row = Record<string, string | number | null>;

const RECOUNTS: Readonly<Record<string, string>> = {
  'image counters': `SELECT r.account_id, r.region_id, r.image_count AS kept,
      (SELECT count(*) FROM image i WHERE i.account_id = r.account_id AND i.region_id = r.region_id) AS counted
    FROM account_region r WHERE kept <> counted`,
  'family counters': `SELECT r.account_id, r.region_id, r.family_count AS kept,
      (SELECT count(DISTINCT i.image_family) FROM image i WHERE i.account_id = r.account_id
        AND i.region_id = r.region_id) AS counted
    FROM account_region r WHERE kept <> counted`,
  'images of a family': `SELECT f.image_family, f.image_count AS kept,
      (SELECT count(*) FROM image i WHERE i.account_id = f.account_id AND i.region_id = f.region_id
        AND i.image_family = f.image_family) AS counted
    FROM family f WHERE kept <> counted`,
  'jobs left': `SELECT job_id, status, step FROM job`,
  'leases left': `SELECT digest, job_id FROM blob_lease`,
  'blobs on the way': `SELECT digest, state FROM blob WHERE state = 'publishing'
      AND digest IN (SELECT digest FROM snapshot)`,
  'sequence used twice': `SELECT account_id, region_id, seq, count(*) AS uses FROM (
      SELECT account_id, region_id, seq FROM image UNION ALL SELECT account_id, region_id, seq FROM snapshot)
    GROUP BY account_id, region_id, seq HAVING uses > 1`,
  'an id that came back': `SELECT resource_id FROM tombstone
    WHERE resource_id IN (SELECT image_id FROM image UNION ALL SELECT snapshot_id FROM snapshot)`,
};

export const readRows = (dataDir: string): Rows => {
  const database = new DatabaseSync(join(dataDir, 'kindred.db'), { readOnly: true });
  try {
    const changes = database.prepare('SELECT * FROM change ORDER BY change_seq').all() as Row[];
    const faults: string[] = [];
    for (const [name, sql] of Object.entries(RECOUNTS))
      for (const row of database.prepare(sql).all()) faults.push(`${name}: ${JSON.stringify(row)}`);
    const records = database.prepare('SELECT * FROM audit_record ORDER BY sequence').all() as Row[];
    const recordedIds = new Set(records.map((row) => String(row.request_id)));
    faults.push(...trailFaults(records, recordedIds, changes));
    const check = database.prepare('PRAGMA quick_check').get() as Row;
    if (Object.values(check)[0] !== 'ok') faults.push(`quick_check: ${JSON.stringify(check)}`);
    return {
      heads: replayHeads(changes.map(toChange)),
      requestIds: new Set(changes.map((row) => String(row.request_id))),
      recordedIds,
      faults,
    };
  } finally {
    database.close();
  }
};

/** The chain is whole, and no call has changed anything without a record, nor has two of them. */
const trailFaults = (
  records: readonly Row[],
  recordedIds: ReadonlySet<string>,
  changes: readonly Row[],
): string[] => {
  const check = new ChainCheck(CHAIN_START);
  for (const { record, hash } of records) check.take(String(record), String(hash));
  const faults = check.faults.map(({ kind, message }) => `audit trail: ${kind}: ${message}`);
  if (recordedIds.size !== records.length) faults.push('audit trail: a call was recorded twice');
  for (const { principal, request_id: id } of changes)
    if (String(principal).startsWith('acs:') && !recordedIds.has(String(id)))
      faults.push(`audit trail: the call ${String(id)} changed an image and left no record`);
  return faults;
};

const toChange = (row: Row): Change =>
  ({
    imageId: row.image_id,
    imageSeq: row.image_seq,
    familyAfter: row.family_after,
    statusAfter: row.status_after,
  }) as Change; // the members that the replay reads

/** Every stored file must be what its name says. Returns the names of those that are not. */
export const damagedBlobs = (dataDir: string): string[] => {
  const root = join(dataDir, 'blobs', 'sha256');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .filter((file) => {
      const bytes = readFileSync(join(file.parentPath, file.name));
      return createHash('sha256').update(bytes).digest('hex') !== file.name;
    })
    .map((file) => file.name);
};
