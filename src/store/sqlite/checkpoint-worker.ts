import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

// Worker of checkpointer.ts. PASSIVE never waits for a reader or the writer; once all frames are in
// the database file, the next write begins the log anew, so that the file stops growing.
const { path } = workerData as { path: string };
const database = new DatabaseSync(path);
database.exec('PRAGMA busy_timeout = 2000');
database.exec('PRAGMA synchronous = FULL');

parentPort?.on('message', (order: 'checkpoint' | 'close') => {
  if (order === 'close') {
    database.close();
    parentPort?.close();
    return;
  }
  try {
    database.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch {
    // Busy: the next commit asks again.
  }
  parentPort?.postMessage('done');
});
