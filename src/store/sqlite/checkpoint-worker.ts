// Worker of checkpointer.ts. PASSIVE never waits for a reader or the writer; once all frames are in
// the database file, the next write begins the log anew, so that the file stops growing.
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointOutcome } from './checkpointer.ts';

/** SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL. */
const PASSING: ReadonlySet<number> = new Set([5, 6, 13]);

const { path } = workerData as { path: string };
const database = new DatabaseSync(path);
database.exec('PRAGMA busy_timeout = 2000');
database.exec('PRAGMA synchronous = FULL');

const checkpoint = (): CheckpointOutcome => {
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
    return {};
  } catch (error) {
    // Busy or full: the next commit asks again. Else a sync may have failed, and that is final.
    const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : 0;
    return PASSING.has(code) ? {} : { failure: String(error) };
  }
};

parentPort?.on('message', (order: 'checkpoint' | 'close') => {
  if (order === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  parentPort?.postMessage(checkpoint() satisfies CheckpointOutcome);
});
