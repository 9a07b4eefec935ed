// A restore: the copy of the database is checked and put in place, every blob that it names is copied and
// hashed, the rows are told where the bytes are now, and only then is it a data directory, of the next
// incarnation. Until then a mark in it keeps every server away; the same call goes on after a death. Images
// whose bytes are lost become UnAvailable by the rules of the domain, with rows of the journal.
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { hexOf, isDigest, type BlobStore } from '../../blobs/blob-store.ts';
import type { BlobPlace } from '../../blobs/blob-stores.ts';
import { openFolderBuckets } from '../../blobs/folder-buckets.ts';
import { isFull } from '../../blobs/file-error.ts';
import { openFileBlobs } from '../../blobs/files.ts';
import { syncFolder } from '../../blobs/folders.ts';
import type { LostBlob } from '../../domain/backup.ts';
import type { Digest } from '../../domain/ids.ts';
import { createIngestPool, type IngestPool } from '../../jobs/ingest-pool.ts';
import type { Clocks } from '../../lib/clock.ts';
import { systemRandom } from '../../lib/random.ts';
import type { Faults } from '../../lib/fault.ts';
import { runCopyOrder, type CopyFacts } from '../../store/sqlite/database-copy.ts';
import { lockDataDirectory, type DataLock } from '../../store/sqlite/lock.ts';
import { DATABASE_FILE, openStore } from '../../store/sqlite/open.ts';
import { writeWhole } from '../../lib/write-whole.ts';
import { MASTER_KEY_FILE, RESTORE_MARK, writeIdentity } from '../data-directory.ts';
import { StartRefused } from '../refusal.ts';
import { openCommonStore } from '../region-stores.ts';
import { beginTrail } from '../audit/begin.ts';
import { makeSecrets } from '../secrets.ts';
import { restoreMark, type RestorePlan } from './restore-plan.ts';
import { rewriteRows, type LostImage } from './restore-rows.ts';

const CHUNK_BYTES = 1024 * 1024;
/** Bytes that must stay free where the data come to lie. */
const FLOOR_BYTES = 64 * 1024 * 1024;

export interface RestoreParts {
  clocks: Clocks;
  faults: Faults;
  /** Bytes of blobs that are there, of all that are named. */
  onProgress(copiedBytes: number, totalBytes: number): void;
}

export interface RestoreReport {
  backupId: string;
  creationTime: string;
  dataDir: string;
  incarnation: number;
  imageCount: number;
  blobCount: number;
  blobBytes: number;
  lost: readonly LostBlob[];
  /** Images that are UnAvailable since their bytes are lost. */
  lostImages: readonly LostImage[];
}

/** @throws StartRefused with a sentence: the target is not started from before the restore is whole */
export const restore = async (plan: RestorePlan, parts: RestoreParts): Promise<RestoreReport> => {
  const locks = [lockOf(plan.dataDir, 'another restore has it'), lockOfBackups(plan.folder.path)];
  const pool = createIngestPool({ maxWorkers: 1 });
  try {
    return await fill(plan, parts, pool);
  } catch (error) {
    if (isFull(error)) throw new StartRefused(`there is no room left in ${plan.dataDir}`);
    throw error;
  } finally {
    await pool.close();
    for (const lock of locks) lock?.release();
  }
};

const lockOf = (path: string, why: string): DataLock => {
  const lock = lockDataDirectory(path);
  if (lock === undefined) throw new StartRefused(`${path} is in use: ${why}`);
  return lock;
};

/** Keeps a backup from taking old ones away meanwhile; a folder that cannot be written needs no lock. */
const lockOfBackups = (path: string): DataLock | undefined => {
  try {
    return lockOf(path, 'a backup into it is going on; try again when it has ended');
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    return undefined;
  }
};

const fill = async (
  plan: RestorePlan,
  parts: RestoreParts,
  pool: IngestPool,
): Promise<RestoreReport> => {
  const { dataDir, manifest, folder } = plan;
  writeWhole(join(dataDir, RESTORE_MARK), restoreMark(manifest));
  parts.faults.reach('restore.begun');
  const facts = await placeDatabase(plan);
  parts.faults.reach('restore.database');
  const place = await openCommonStore(dataDir, parts.faults);
  const sources = [folder.blobs];
  if (plan.blobsFrom !== undefined) sources.push(await openFileBlobs({ root: plan.blobsFrom }));
  const lost = await copyBlobs(facts, place, sources, pool, parts);
  const identity = { instanceId: manifest.instanceId, incarnation: manifest.incarnation + 1 };
  const lostImages = await settleRows(plan, { facts, lost, blobs: place.blobs, identity }, parts);
  const buckets = openFolderBuckets(join(dataDir, 'buckets'));
  for (const bucket of facts.buckets) await buckets.createBucket(bucket);
  const masterKey = Buffer.from(plan.masterKey).toString('base64');
  writeWhole(join(dataDir, MASTER_KEY_FILE), `${masterKey}\n`);
  // What comes out of a backup is to be kept: never a directory for tests.
  const restoredMs = parts.clocks.wallMs();
  writeIdentity(dataDir, { ...identity, restoredMs, isForTests: false });
  parts.faults.reach('restore.identified');
  rmSync(join(dataDir, RESTORE_MARK));
  await syncFolder(dataDir);
  return {
    backupId: manifest.backupId,
    creationTime: manifest.creationTime,
    dataDir,
    incarnation: identity.incarnation,
    imageCount: facts.counts.image,
    blobCount: facts.blobs.length,
    blobBytes: facts.blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    lost,
    lostImages,
  };
};

/** The copy, hashed on the way and looked through before any row of it is believed. */
const placeDatabase = async ({ dataDir, folder, manifest }: RestorePlan): Promise<CopyFacts> => {
  const { backupId, database } = manifest;
  const path = join(dataDir, DATABASE_FILE);
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
  const staged = join(dataDir, `${DATABASE_FILE}.part`);
  const damaged = (why: string): StartRefused =>
    new StartRefused(
      `the database of backup ${backupId} is damaged (${why}): choose another one with --backup`,
    );
  let sha256: string;
  try {
    sha256 = copyAndHash(folder.databasePath(backupId), staged);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw damaged('it is missing');
    throw error;
  }
  if (sha256 !== database.sha256) throw damaged('its SHA-256 is another one');
  const order = { action: 'read', path: staged } as const;
  const outcome = await runCopyOrder(order, new AbortController().signal);
  if (!('facts' in outcome)) throw damaged(outcome.message);
  renameSync(staged, path);
  await syncFolder(dataDir);
  return outcome.facts;
};

const copyAndHash = (from: string, to: string): string => {
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'w', 0o600);
    try {
      const hash = createHash('sha256');
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      for (let count = readSync(source, chunk); count > 0; count = readSync(source, chunk)) {
        hash.update(chunk.subarray(0, count));
        for (let at = 0; at < count;) at += writeSync(target, chunk, at, count - at);
      }
      fsyncSync(target);
      return hash.digest('hex');
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
};

/** Each blob from the first source that has it whole; what none has is lost. */
const copyBlobs = async (
  { blobs }: CopyFacts,
  place: BlobPlace,
  sources: readonly BlobStore[],
  pool: IngestPool,
  parts: RestoreParts,
): Promise<LostBlob[]> => {
  const lost: LostBlob[] = [];
  const totalBytes = blobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  let doneBytes = 0;
  for (const { digest, sizeBytes } of blobs) {
    if (!isDigest(digest)) throw new StartRefused(`${digest} of the database is no digest`);
    const onProgress = (bytes: number): void => parts.onProgress(doneBytes + bytes, totalBytes);
    const reason = await copyBlob({ digest, sizeBytes }, place, sources, pool, onProgress);
    if (reason !== undefined) lost.push({ digest, sizeBytes, reason });
    doneBytes += sizeBytes;
    parts.onProgress(doneBytes, totalBytes);
    parts.faults.reach('restore.blob');
  }
  return lost;
};

const copyBlob = async (
  { digest, sizeBytes }: { digest: Digest; sizeBytes: number },
  { blobs, staging }: BlobPlace,
  sources: readonly BlobStore[],
  pool: IngestPool,
  onProgress: (bytes: number) => void,
): Promise<LostBlob['reason'] | undefined> => {
  // Hashed by an earlier attempt, which had the same mark.
  if ((await blobs.head(digest))?.sizeBytes === sizeBytes) return undefined;
  let reason: LostBlob['reason'] = 'MISSING';
  const stagedPath = join(staging.root, `restore-${hexOf(digest)}.part`);
  for (const source of sources) {
    const found = await source.head(digest);
    if (found === undefined) continue;
    const result = await pool.ingest(
      {
        blob: source.source(digest),
        stagedPath,
        declaredFormat: undefined,
        floorBytes: FLOOR_BYTES,
      },
      { accountId: 'kindred:restore', signal: new AbortController().signal, onProgress },
    );
    if (result.outcome === 'ingested' && result.digest === digest) {
      await blobs.put(stagedPath, digest, sizeBytes);
      return undefined;
    }
    rmSync(stagedPath, { force: true });
    if (result.outcome === 'failed' && !result.reason.startsWith('SOURCE_'))
      throw new StartRefused(`${result.message} (${stagedPath})`);
    reason = result.outcome === 'failed' ? 'UNREADABLE' : 'DAMAGED';
  }
  return reason;
};

interface Found {
  facts: CopyFacts;
  lost: readonly LostBlob[];
  blobs: BlobStore;
  /** What the directory is to be. */
  identity: { instanceId: string; incarnation: number };
}

/**
 * Opens the rows, which brings an older copy to the newest shape, and settles them. The trail tells of the
 * restore before it tells of anything that it changes: what comes after the backup is of another incarnation.
 */
const settleRows = async (
  { dataDir, masterKey }: RestorePlan,
  { facts, lost, blobs, identity }: Found,
  { clocks, faults }: RestoreParts,
): Promise<LostImage[]> => {
  const store = openStore({ dataDir });
  try {
    const random = systemRandom();
    const secrets = makeSecrets(masterKey, random);
    await beginTrail({ store, clocks, random, secrets, directory: identity });
    const named = new Set(facts.blobs.map(({ digest }) => digest));
    const gone = new Map(lost.map((blob) => [blob.digest, blob]));
    const nowMs = clocks.wallMs();
    const lostImages = await rewriteRows(store, { named, gone, storeName: blobs.name, nowMs });
    faults.reach('restore.settled');
    return lostImages;
  } finally {
    await store.close();
  }
};
