// A copy of the database as of one commit, and what stands in such a copy. Both are the work of a thread
// with a connection of its own: the server goes on, and none of its own file calls ever touches the live
// files (closing a `-shm` there would drop SQLite's locks).
import { startWorker } from '../../lib/start-worker.ts';
import type { SqliteFailure } from './sqlite-failure.ts';

/** What a family named at the commit. */
export interface CopiedHead {
  accountId: string;
  regionId: string;
  imageFamily: string;
  imageId: string;
}

/** What a copy holds. */
export interface CopyFacts {
  /** Of the file, hexadecimal. */
  sha256: string;
  sizeBytes: number;
  /** SQLite's user_version: the shape of the tables. */
  schemaVersion: number;
  /** Rows of each of these tables. */
  counts: Readonly<Record<CountedTable, number>>;
  /** At most `MAX_HEADS`, in order of account, region and family. */
  heads: readonly CopiedHead[];
  /** Blobs that a snapshot or a lease names, in order of digest. */
  blobs: readonly { digest: string; sizeBytes: number }[];
  /** Names of buckets that have an owner. */
  buckets: readonly string[];
}

export const COUNTED_TABLES = ['account', 'image', 'snapshot', 'change'] as const;
export type CountedTable = (typeof COUNTED_TABLES)[number];

/** More heads than these are not listed one by one. */
export const MAX_HEADS = 100_000;

export type CopyOrder =
  /** Copies `from` to `to`, syncs it, and tells what it holds. */
  | { action: 'copy'; from: string; to: string }
  /** Tells what the copy at `path` holds. */
  | { action: 'read'; path: string };

export type CopyFailure = SqliteFailure | 'FOREIGN' | 'FAILED';
export type CopyOutcome = { facts: CopyFacts } | { failure: CopyFailure; message: string };

/** Runs one order; aborting ends the thread and rejects. */
export const runCopyOrder = (order: CopyOrder, signal: AbortSignal): Promise<CopyOutcome> =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const worker = startWorker(import.meta.url, 'database-copy-worker', {
      name: 'kindred-copy',
      workerData: order,
    });
    const abort = (): void => void worker.terminate();
    signal.addEventListener('abort', abort);
    let outcome: CopyOutcome | undefined;
    let cause: unknown;
    worker.on('message', (told: CopyOutcome) => (outcome = told));
    worker.on('error', (error) => (cause = error));
    worker.on('exit', () => {
      signal.removeEventListener('abort', abort);
      if (outcome !== undefined) resolve(outcome);
      else
        reject(
          signal.aborted ? signal.reason : new Error('The copy of the database died.', { cause }),
        );
    });
  });
