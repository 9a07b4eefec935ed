// One process owns a data directory: a small database held in an exclusive transaction for life. The
// kernel gives it back when the process ends, however it ends, so that no stale lock is left.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface DataLock {
  release(): void;
}

/** Undefined when another process holds the directory. */
export const lockDataDirectory = (dataDir: string): DataLock | undefined => {
  const database = new DatabaseSync(join(dataDir, 'lock.db'));
  try {
    // Nothing is ever written: no journal file that would have to be removed at the end.
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && /locked|busy/i.test(error.message)) return undefined;
    throw error;
  }
  return { release: () => database.close() };
};
