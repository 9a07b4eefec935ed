// One run of a backup: the database as of one commit, then every blob that the copy names and that is not
// there yet, then the manifest, which alone makes it a backup. Bytes are copied and hashed by a worker, grow
// under a name that is no blob's, and are synced before they get their own; damaged ones are told, not taken.
import { rm } from 'node:fs/promises';
import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BlobStores } from '../../blobs/blob-stores.ts';
import { hexOf, isDigest, type BlobStore } from '../../blobs/blob-store.ts';
import { errorCode } from '../../blobs/file-error.ts';
import { syncFolder } from '../../blobs/folders.ts';
import type { BlobHolds } from '../../blobs/holds.ts';
import type { BackupRequest, BackupRun, LostBlob } from '../../domain/backup.ts';
import type { Digest } from '../../domain/ids.ts';
import type { IngestPool } from '../../jobs/ingest-pool.ts';
import type { Faults } from '../../lib/fault.ts';
import { runCopyOrder, type CopyFacts } from '../../store/sqlite/database-copy.ts';
import { lockDataDirectory } from '../../store/sqlite/lock.ts';
import { asBackupFailure, BackupFailed } from './backup-failure.ts';
import { claimBackupFolder, clearUnrecorded, type BackupFolder } from './backup-folder.ts';
import { BACKUP_FORMAT, type Manifest } from './manifest.ts';
import { pruneBackups } from './prune.ts';
import { writeWhole } from '../../lib/write-whole.ts';

export interface BackupSource {
  instanceId: string;
  incarnation: number;
  dataFormat: number;
  kindredVersion: string;
  masterKey: Uint8Array;
  masterKeyId: string;
  /** The live database; only SQLite may open it. */
  databasePath: string;
  stores: BlobStores;
  pool: IngestPool;
  holds: BlobHolds;
  faults: Faults;
  /** Resolves once every write that had begun is over. */
  settleWrites(): Promise<void>;
}

export type Note = (set: Partial<BackupRun>) => void;

/** Makes the backup. @throws BackupFailed, and what nobody expected */
export const runBackup = async (
  source: BackupSource,
  request: BackupRequest,
  note: Note,
  signal: AbortSignal,
): Promise<void> => {
  try {
    await runLocked(source, request, note, signal);
  } catch (error) {
    throw asBackupFailure(error, request.directory);
  }
};

const runLocked = async (
  source: BackupSource,
  request: BackupRequest,
  note: Note,
  signal: AbortSignal,
): Promise<void> => {
  const folder = await claimBackupFolder(request.directory, source.instanceId);
  const lock = lockDataDirectory(request.directory);
  if (lock === undefined)
    throw new BackupFailed('IN_USE', `Another backup into ${request.directory} is going on.`);
  try {
    clearUnrecorded(request.directory);
    source.faults.reach('backup.begun');
    source.holds.holdAll();
    await source.settleWrites();
    const facts = await copyDatabase(source, folder, request.backupId, signal);
    source.holds.narrowTo(facts.blobs.map(({ digest }) => asDigest(digest)));
    source.faults.reach('backup.copied');
    const lost = await new BlobCopies(source, folder, note, signal).run(facts);
    note({ phase: 'record' });
    await record(source, folder, request, facts, lost);
    note({ phase: 'prune' });
    if (request.keep !== undefined)
      note({ prunedCount: await pruneBackups(folder, request.keep, signal) });
  } catch (error) {
    if (!signal.aborted) giveBack(request.directory);
    throw error;
  } finally {
    source.holds.releaseAll();
    lock.release();
  }
};

const asDigest = (text: string): Digest => {
  if (!isDigest(text)) throw new BackupFailed('DATABASE_DAMAGED', `${text} is no digest.`);
  return text;
};

/** What the run has written and no backup names: but a folder may refuse that too, and the next run does it. */
const giveBack = (directory: string): void => {
  try {
    clearUnrecorded(directory);
  } catch (error) {
    if (errorCode(error) === '') throw error;
  }
};

const FAILURES = {
  NO_SPACE: ['NO_SPACE', 'There is no room left for the copy of the database.'],
  NOT_WRITABLE: ['TARGET_UNWRITABLE', 'The copy of the database cannot be written there.'],
  DAMAGED: ['DATABASE_DAMAGED', 'The database is damaged.'],
  FOREIGN: ['DATABASE_DAMAGED', 'The database is not one of Kindred.'],
  FAILED: ['DATABASE_NOT_COPIED', 'The database could not be copied.'],
} as const;

const copyDatabase = async (
  { databasePath }: BackupSource,
  folder: BackupFolder,
  backupId: string,
  signal: AbortSignal,
): Promise<CopyFacts> => {
  const to = folder.partialPath(`${backupId}.db`);
  const outcome = await runCopyOrder({ action: 'copy', from: databasePath, to }, signal);
  if ('facts' in outcome) return outcome.facts;
  rmSync(to, { force: true });
  rmSync(`${to}-journal`, { force: true });
  const [code, sentence] = FAILURES[outcome.failure];
  throw new BackupFailed(code, `${sentence} (${outcome.message})`);
};

/** Copies what is not there yet, one blob after the other. */
class BlobCopies {
  readonly #source: BackupSource;
  readonly #folder: BackupFolder;
  readonly #note: Note;
  readonly #signal: AbortSignal;
  readonly #lost: LostBlob[] = [];
  #copiedBytes = 0;

  constructor(source: BackupSource, folder: BackupFolder, note: Note, signal: AbortSignal) {
    this.#source = source;
    this.#folder = folder;
    this.#note = note;
    this.#signal = signal;
  }

  async run({ blobs, sizeBytes }: CopyFacts): Promise<LostBlob[]> {
    const wanted = await this.#missing(blobs);
    this.#note({
      phase: 'blobs',
      databaseBytes: sizeBytes,
      blobCount: blobs.length,
      blobBytes: sumOf(blobs),
      newBlobCount: wanted.length,
      newBytes: sumOf(wanted),
    });
    for (const blob of wanted) {
      this.#signal.throwIfAborted();
      const reason = await this.#copy(blob.digest, blob.sizeBytes);
      this.#source.holds.release(blob.digest);
      this.#copiedBytes += blob.sizeBytes;
      if (reason !== undefined) this.#lost.push({ ...blob, reason });
      this.#note({ copiedBytes: this.#copiedBytes, lost: [...this.#lost] });
      this.#source.faults.reach('backup.blob');
    }
    return this.#lost;
  }

  /** Bytes of another length than they must have are none: they are taken away, and copied again. */
  async #missing(blobs: CopyFacts['blobs']): Promise<{ digest: Digest; sizeBytes: number }[]> {
    const wanted: { digest: Digest; sizeBytes: number }[] = [];
    for (const { digest: text, sizeBytes } of blobs) {
      const digest = asDigest(text);
      const found = await this.#folder.blobs.head(digest);
      if (found?.sizeBytes === sizeBytes) this.#source.holds.release(digest);
      else wanted.push({ digest, sizeBytes });
      if (found !== undefined && found.sizeBytes !== sizeBytes)
        await this.#folder.blobs.delete(digest);
    }
    return wanted;
  }

  /** Tries every store that has the blob; why none gave it, or undefined. */
  async #copy(digest: Digest, sizeBytes: number): Promise<LostBlob['reason'] | undefined> {
    let reason: LostBlob['reason'] = 'MISSING';
    for (const { blobs } of this.#source.stores.all) {
      const found = await blobs.head(digest);
      if (found === undefined) continue;
      const outcome =
        found.sizeBytes === sizeBytes ? await this.#copyFrom(blobs, digest, sizeBytes) : 'DAMAGED';
      if (outcome === 'copied') return undefined;
      reason = outcome;
    }
    return reason;
  }

  async #copyFrom(
    blobs: BlobStore,
    digest: Digest,
    sizeBytes: number,
  ): Promise<'copied' | LostBlob['reason']> {
    const stagedPath = this.#folder.partialPath(`${hexOf(digest)}.part`);
    const result = await this.#source.pool.ingest(
      { blob: blobs.source(digest), stagedPath, declaredFormat: undefined, floorBytes: 0 },
      {
        accountId: 'kindred:backup',
        signal: this.#signal,
        onProgress: (bytes) => this.#note({ copiedBytes: this.#copiedBytes + bytes }),
      },
    );
    if (result.outcome === 'ingested' && result.digest === digest) {
      await this.#folder.blobs.put(stagedPath, digest, sizeBytes).catch(async (error: unknown) => {
        await rm(stagedPath, { force: true });
        throw error;
      });
      return 'copied';
    }
    if (result.outcome === 'cancelled') throw this.#signal.reason;
    await rm(stagedPath, { force: true });
    if (result.outcome === 'ingested') return 'DAMAGED';
    if (result.reason === 'SOURCE_MISSING') return 'MISSING';
    if (result.reason.startsWith('SOURCE_')) return 'UNREADABLE';
    const where = `${hexOf(digest)}, ${sizeBytes} bytes`;
    throw new BackupFailed(result.reason, `${result.message} (${this.#folder.path}, ${where})`);
  }
}

const sumOf = (blobs: readonly { sizeBytes: number }[]): number =>
  blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** The database takes its name, then the manifest: from then on it is a backup. */
const record = async (
  source: BackupSource,
  folder: BackupFolder,
  request: BackupRequest,
  facts: CopyFacts,
  lost: readonly LostBlob[],
): Promise<void> => {
  const { backupId, creationMs, withMasterKey } = request;
  const { instanceId, incarnation, dataFormat, kindredVersion } = source;
  const keyId = source.masterKeyId;
  if (withMasterKey)
    writeWhole(folder.keyPath(keyId), `${Buffer.from(source.masterKey).toString('base64')}\n`);
  const database = folder.databasePath(backupId);
  renameSync(folder.partialPath(`${backupId}.db`), database);
  await syncFolder(dirname(database));
  source.faults.reach('backup.named');
  const { sha256, sizeBytes, schemaVersion, counts, heads, blobs } = facts;
  const manifest: Manifest = {
    format: BACKUP_FORMAT,
    backupId,
    creationTime: new Date(creationMs).toISOString(),
    instanceId,
    incarnation,
    dataFormat,
    kindredVersion,
    masterKeyId: keyId,
    hasMasterKey: withMasterKey,
    database: { sha256, sizeBytes, schemaVersion },
    counts,
    blobs: { count: blobs.length, sizeBytes: sumOf(blobs) },
    lost,
    heads,
  };
  writeWhole(folder.manifestPath(backupId), `${JSON.stringify(manifest, null, 2)}\n`);
  source.faults.reach('backup.recorded');
};
