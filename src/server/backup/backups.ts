// The backups that a server makes: one at a time, each known by its id for as long as the process lives.
// What reads and writes its folder is loaded with the first one.
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { errorCode } from '../../blobs/file-error.ts';
import type { BackupRequest, BackupRun, Backups } from '../../domain/backup.ts';
import type { BackupSource } from './backup-run.ts';

/** Runs of the past that are still told of. */
const MAX_REMEMBERED = 16;

export interface BackupsParts extends Omit<BackupSource, 'pool'> {
  /** Folders of the server that no backup may lie in, nor the other way round. */
  ownFolders: readonly string[];
  /** Threads that copy; made with the first backup. */
  openPool(): Promise<BackupSource['pool']>;
  closePool(pool: BackupSource['pool']): Promise<void>;
  log: Record<'info' | 'error', (fields: object, message: string) => void>;
}

export interface RunningBackups extends Backups {
  /** Ends the one that runs, as a death would, and waits for it. */
  close(): Promise<void>;
  /** Resolves when none runs. For tests. */
  settled(): Promise<void>;
}

export const makeBackups = (parts: BackupsParts): RunningBackups => new ServerBackups(parts);

class ServerBackups implements RunningBackups {
  readonly #parts: BackupsParts;
  readonly #runs = new Map<string, BackupRun>();
  readonly #stopping = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  #open = 0;
  #pool: Promise<BackupSource['pool']> | undefined;

  constructor(parts: BackupsParts) {
    this.#parts = parts;
  }

  get isRunning(): boolean {
    return this.#open > 0;
  }

  get masterKeyId(): string {
    return this.#parts.masterKeyId;
  }

  async refusalOf(directory: string): Promise<string | undefined> {
    const { folderRefusal } = await import('./backup-folder.ts');
    const own = this.#parts.ownFolders.map(real);
    try {
      return folderRefusal(directory, this.#parts.instanceId, own);
    } catch (error) {
      if (errorCode(error) === '') throw error;
      return `${directory} cannot be used (${errorCode(error)})`;
    }
  }

  async newBackupId(directory: string, nowMs: number): Promise<string> {
    const { backupIdOf, backupIds } = await import('./backup-folder.ts');
    return backupIdOf(nowMs, new Set([...backupIds(directory), ...this.#runs.keys()]));
  }

  begin(request: BackupRequest): void {
    this.#open += 1;
    this.#set(request.backupId, { ...freshRun, ...request, masterKeyId: this.#parts.masterKeyId });
    this.#tail = this.#tail
      .then(() => this.#make(request))
      .finally(() => {
        this.#open -= 1;
      });
  }

  run(backupId: string): BackupRun | undefined {
    return this.#runs.get(backupId);
  }

  async list(directory: string) {
    const { backupIds, readManifest } = await import('./backup-folder.ts');
    const { summaryOf } = await import('./manifest.ts');
    return backupIds(directory).map((id) => summaryOf(readManifest(directory, id)));
  }

  settled(): Promise<void> {
    return this.#tail;
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('The server stops.'));
    await this.#tail;
    if (this.#pool !== undefined) await this.#parts.closePool(await this.#pool);
  }

  /** Never throws. */
  async #make(request: BackupRequest): Promise<void> {
    const { backupId, directory } = request;
    const note = (set: Partial<BackupRun>): void => {
      this.#set(backupId, { ...this.#runs.get(backupId)!, ...set });
    };
    try {
      const { runBackup } = await import('./backup-run.ts');
      const pool = await (this.#pool ??= this.#parts.openPool());
      await runBackup({ ...this.#parts, pool }, request, note, this.#stopping.signal);
      note({ status: 'Finished' });
      const { newBlobCount, newBytes, lost } = this.#runs.get(backupId)!;
      this.#parts.log.info({ backupId, directory, newBlobCount, newBytes, lost }, 'backup made');
    } catch (error) {
      const { message, code } = error as Error & { code?: unknown };
      const isExpected = (error as Error).name === 'BackupFailed';
      note({
        status: 'Failed',
        errorCode: isExpected ? String(code) : this.#stopping.signal.aborted ? 'STOPPED' : 'FAILED',
        errorMessage: message,
      });
      this.#parts.log.error({ backupId, directory, err: error }, 'a backup failed');
    }
  }

  #set(backupId: string, run: BackupRun): void {
    this.#runs.set(backupId, run);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MAX_REMEMBERED && oldest !== undefined) this.#runs.delete(oldest);
  }
}

const real = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
};

const freshRun = {
  status: 'Running',
  phase: 'database',
  databaseBytes: 0,
  blobCount: 0,
  blobBytes: 0,
  newBlobCount: 0,
  newBytes: 0,
  copiedBytes: 0,
  lost: [],
  prunedCount: 0,
  errorCode: '',
  errorMessage: '',
} as const;
