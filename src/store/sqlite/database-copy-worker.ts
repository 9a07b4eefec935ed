// Worker of database-copy.ts: one order, one answer. `VACUUM INTO` reads one snapshot, however much is
// written meanwhile, and its output is a plain file without a log beside it.
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import {
  COUNTED_TABLES,
  MAX_HEADS,
  type CopiedHead,
  type CopyFacts,
  type CopyFailure,
  type CopyOrder,
  type CopyOutcome,
  type CountedTable,
} from './database-copy.ts';
import { APPLICATION_ID } from './migrate.ts';
import { sqliteFailure } from './sqlite-failure.ts';

const CHUNK_BYTES = 1024 * 1024;

const copy = (from: string, to: string): void => {
  const database = new DatabaseSync(from, { readOnly: true });
  try {
    database.exec('PRAGMA busy_timeout = 5000');
    database.exec('PRAGMA temp_store = MEMORY');
    database.exec(`VACUUM INTO '${to.replaceAll("'", "''")}'`);
  } finally {
    database.close();
  }
};

/** The copy as bytes, synced to disk first when it is new. */
const measure = (path: string, isNew: boolean): Pick<CopyFacts, 'sha256' | 'sizeBytes'> => {
  const fd = openSync(path, 'r');
  try {
    if (isNew) fsyncSync(fd);
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let count = readSync(fd, chunk);
    for (; count > 0; count = readSync(fd, chunk)) hash.update(chunk.subarray(0, count));
    return { sha256: hash.digest('hex'), sizeBytes: fstatSync(fd).size };
  } finally {
    closeSync(fd);
  }
};

class NotWhole extends Error {
  readonly failure: CopyFailure;
  constructor(failure: CopyFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

const BLOBS = `SELECT digest, size_bytes AS sizeBytes FROM blob
  WHERE state NOT IN ('publishing', 'deleting')
    AND (digest IN (SELECT digest FROM snapshot) OR digest IN (SELECT digest FROM blob_lease))
  ORDER BY digest`;
const HEADS = `SELECT account_id AS accountId, region_id AS regionId, image_family AS imageFamily,
    head_image_id AS imageId
  FROM family WHERE head_image_id IS NOT NULL ORDER BY 1, 2, 3 LIMIT ${MAX_HEADS}`;

const read = (path: string): Omit<CopyFacts, 'sha256' | 'sizeBytes'> => {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    database.exec('PRAGMA temp_store = MEMORY');
    const number = (sql: string): number => Number(Object.values(database.prepare(sql).get()!)[0]);
    if (number('PRAGMA application_id') !== APPLICATION_ID)
      throw new NotWhole('FOREIGN', 'The database is not one of Kindred.');
    const [check] = database.prepare('PRAGMA integrity_check(1)').all();
    const verdict = String(Object.values(check ?? {})[0]);
    if (verdict !== 'ok') throw new NotWhole('DAMAGED', `The database is damaged: ${verdict}.`);
    if (database.prepare('PRAGMA foreign_key_check').get() !== undefined)
      throw new NotWhole('DAMAGED', 'A row of the database names a row that is not there.');
    const counts = COUNTED_TABLES.map((table) => [
      table,
      number(`SELECT count(*) FROM "${table}"`),
    ]);
    return {
      schemaVersion: number('PRAGMA user_version'),
      counts: Object.fromEntries(counts) as Record<CountedTable, number>, // keys are those of the table
      // The columns are named after the members.
      heads: database.prepare(HEADS).all() as unknown as CopiedHead[],
      blobs: database.prepare(BLOBS).all() as unknown as CopyFacts['blobs'],
      buckets: database
        .prepare('SELECT bucket FROM bucket ORDER BY bucket')
        .all()
        .map(({ bucket }) => String(bucket)),
    };
  } finally {
    database.close();
  }
};

const run = (order: CopyOrder): CopyOutcome => {
  try {
    if (order.action === 'copy') copy(order.from, order.to);
    const path = order.action === 'copy' ? order.to : order.path;
    return { facts: { ...measure(path, order.action === 'copy'), ...read(path) } };
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof NotWhole) return { failure: error.failure, message };
    const isFull =
      error instanceof Error && 'code' in error && /ENOSPC|EDQUOT/.test(String(error.code));
    return { failure: isFull ? 'NO_SPACE' : (sqliteFailure(error) ?? 'FAILED'), message };
  }
};

parentPort?.postMessage(run(workerData as CopyOrder)); // database-copy.ts starts no other way
