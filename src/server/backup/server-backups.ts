import { join } from 'node:path';
import type { BlobStores } from '../../blobs/blob-stores.ts';
import type { BlobHolds } from '../../blobs/holds.ts';
import type { Clocks } from '../../lib/clock.ts';
import type { Faults } from '../../lib/fault.ts';
import { DATABASE_FILE, type SqliteStore } from '../../store/sqlite/open.ts';
import { FORMAT, type DataDirectory } from '../data-directory.ts';
import type { JobRunnerOptions } from '../job-runner.ts';
import type { Logger } from '../log.ts';
import { VERSION } from '../version.ts';
import { makeBackups, type BackupsParts, type RunningBackups } from './backups.ts';
import { masterKeyId } from './master-key-id.ts';

export interface ServerBackupsParts {
  directory: DataDirectory;
  store: SqliteStore;
  stores: BlobStores;
  holds: BlobHolds;
  clocks: Clocks;
  faults: Faults;
  log: Logger;
  /** Folders beside the data directory that the server uses. */
  otherFolders: readonly string[];
  test: JobRunnerOptions | undefined;
}

/** The backups of a server, over its own parts. */
export const openServerBackups = (parts: ServerBackupsParts): RunningBackups => {
  const { directory, store, stores, holds, clocks, faults, log } = parts;
  const { instanceId, incarnation, masterKey, path } = directory;
  return makeBackups({
    instanceId,
    incarnation,
    masterKey,
    dataFormat: FORMAT,
    kindredVersion: VERSION,
    masterKeyId: masterKeyId(masterKey),
    databasePath: join(path, DATABASE_FILE),
    ownFolders: [path, ...parts.otherFolders],
    stores,
    holds,
    faults,
    log,
    settleWrites: () => settleWrites(store, clocks),
    ...threads(parts.test),
  });
};

/** A write that changes nothing waits for all before it. When none is taken any more, none is under way. */
const settleWrites = async (store: SqliteStore, clocks: Clocks): Promise<void> => {
  const actor = { principal: 'kindred:backup', requestId: '', nowMs: clocks.wallMs() };
  if (!store.isStopped) await store.write(actor, () => Promise.resolve());
};

/** One thread of its own: a backup takes no turn away from imports. */
const threads = ({ pool, faultPlan }: JobRunnerOptions = {}): Pick<
  BackupsParts,
  'openPool' | 'closePool'
> => ({
  async openPool() {
    if (pool !== undefined) return pool();
    const { createIngestPool } = await import('../../jobs/ingest-pool.ts');
    return createIngestPool({ maxWorkers: 1, ...(faultPlan && { faultPlan }) });
  },
  async closePool(opened) {
    if (pool === undefined) await opened.close();
  },
});
