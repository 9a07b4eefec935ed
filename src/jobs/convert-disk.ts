// The step of an export that makes one disk another format: a verified copy of the kept bytes goes into
// a folder of its own beside what is staged, qemu-img converts it there in a box, and the result is
// synced. Whoever copies it into the bucket inspects that copy. Begins anew after every interruption.
import { mkdir, open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { holderOf } from '../blobs/holder.ts';
import { isFull } from '../blobs/file-error.ts';
import { SyncFailure, syncFolder } from '../blobs/folders.ts';
import { DEFAULT_FLOOR_BYTES } from '../blobs/stage.ts';
import { versionAt } from '../blobs/file-version.ts';
import type { Job } from '../domain/job.ts';
import {
  boundOf,
  convertInBox,
  isConvertedFormat,
  SOURCE,
  TARGET,
  type BoxOutcome,
} from './box.ts';
import type { WrittenDisk } from './export-state.ts';
import type { JobProgress } from './job-progress.ts';
import type { JobContext, JobFailure } from './step.ts';

/** A disk is copied, converted and written: three parts of one length each, for its progress. */
export const PARTS_OF_CONVERSION = 3;

const MESSAGES = {
  CONVERTER_MISSING: 'qemu-img (or prlimit, setpriv) is not installed any more.',
  CONVERSION_LIMIT: 'The conversion took more time or room than a disk of this size may take.',
  CONVERSION_FAILED: 'qemu-img could not convert the disk; the log of the server has its words.',
  NO_SPACE: 'There is not enough free space to convert the disk.',
} as const satisfies Record<Extract<BoxOutcome, { outcome: 'failed' }>['reason'], string>;

const folderOf = (ctx: JobContext, job: Job, position: number): string => {
  const name = `${job.taskId}.${position}.box`;
  if (!/^t-[0-9a-z]{1,60}\.[0-9]{1,3}\.box$/.test(name))
    throw new RangeError('A box is named after a task and a position.');
  return join(ctx.stores.of(job.regionId).staging.root, name);
};

/** Where the converted disk lies. */
export const convertedPath = (ctx: JobContext, job: Job, position: number): string =>
  join(folderOf(ctx, job, position), TARGET);

/** Takes away what a conversion made; idempotent. */
export const removeBox = (ctx: JobContext, job: Job, position: number): Promise<void> =>
  rm(folderOf(ctx, job, position), { recursive: true, force: true });

export type ConvertOutcome =
  /** The version of the converted file. */
  | { outcome: 'converted'; version: string }
  | { outcome: 'cancelled' }
  | ({ outcome: 'failed' } & JobFailure);

const failed = (errorCode: string, errorMessage: string): ConvertOutcome => ({
  outcome: 'failed',
  errorCode,
  errorMessage,
});

export const convertDisk = async (
  ctx: JobContext,
  job: Job,
  disk: WrittenDisk,
  progress: JobProgress,
): Promise<ConvertOutcome> => {
  const { convertTo, format, virtualSizeBytes } = disk;
  if (convertTo === undefined || !isConvertedFormat(convertTo) || !isConvertedFormat(format))
    throw new TypeError(`Disk ${disk.position} is not to be converted.`);
  const folder = folderOf(ctx, job, disk.position);
  await removeBox(ctx, job, disk.position);
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if (isFull(error)) return failed('NO_SPACE', MESSAGES.NO_SPACE);
    throw error;
  }
  if (!(await hasRoom(ctx, folder, disk.sizeBytes + boundOf(virtualSizeBytes))))
    return failed('NO_SPACE', MESSAGES.NO_SPACE);
  const copied = await copySource(ctx, job, disk, folder, progress);
  if (copied !== undefined) return copied;
  ctx.faults.reach('export.boxed');
  const ended = await convertInBox({
    folder,
    from: format,
    to: convertTo,
    virtualSizeBytes,
    signal: ctx.signal,
    onProgress: (share) => progress.report(disk.sizeBytes * (1 + share)),
  });
  await progress.settle();
  if (ended.outcome === 'cancelled') return ended;
  const told = { jobId: job.jobId, position: disk.position };
  if (ended.outcome === 'failed') {
    ctx.log.warn({ ...told, reason: ended.reason, said: ended.said }, 'a conversion failed');
    // qemu-img does not always say that it was for want of room (of a VHD never).
    const isFullNow = ended.reason === 'CONVERSION_FAILED' && !(await hasRoom(ctx, folder, 0));
    const reason = isFullNow ? 'NO_SPACE' : ended.reason;
    return failed(reason, MESSAGES[reason]);
  }
  if (ended.hasNetwork) ctx.log.warn(told, 'this system gives qemu-img no network of its own');
  return settle(ctx, folder);
};

/** The whole disk might be written out: a sparse one takes less, which nobody knows before. */
const hasRoom = async (ctx: JobContext, folder: string, bytes: number): Promise<boolean> => {
  const { bavail, bsize, files, ffree } = await statfs(folder);
  const hasInode = ffree > 0 || files === 0;
  return hasInode && bavail * bsize - bytes >= (ctx.floorBytes ?? DEFAULT_FLOOR_BYTES);
};

/** Undefined once the copy's digest is the blob's: damage is never converted. */
const copySource = async (
  ctx: JobContext,
  job: Job,
  disk: WrittenDisk,
  folder: string,
  progress: JobProgress,
): Promise<ConvertOutcome | undefined> => {
  const holder = await holderOf(ctx, disk.digest, disk.sizeBytes);
  if (holder === undefined) return failed('SOURCE_MISSING', 'No store has the bytes; run Fsck.');
  const copied = await ctx.pool.ingest(
    {
      blob: holder.blobs.source(disk.digest),
      stagedPath: join(folder, SOURCE),
      declaredFormat: undefined,
      floorBytes: ctx.floorBytes ?? DEFAULT_FLOOR_BYTES,
    },
    {
      accountId: job.accountId,
      signal: ctx.signal,
      onProgress: (copiedBytes) => progress.report(copiedBytes),
    },
  );
  if (copied.outcome === 'cancelled') return copied;
  if (copied.outcome === 'failed') return failed(copied.reason, copied.message);
  return copied.digest === disk.digest && copied.verdict.verdict === 'accepted'
    ? undefined
    : failed('SOURCE_DAMAGED', 'The stored bytes are damaged; run Fsck.');
};

/** What qemu-img wrote is on disk before anybody relies on its version; the copy is not needed more. */
const settle = async (ctx: JobContext, folder: string): Promise<ConvertOutcome> => {
  const path = join(folder, TARGET);
  await rm(join(folder, SOURCE), { force: true });
  const handle = await open(path, 'r+');
  try {
    await handle.datasync();
  } catch (cause) {
    if (isFull(cause)) return failed('NO_SPACE', MESSAGES.NO_SPACE);
    throw new SyncFailure('A converted disk could not be written to disk.', { cause });
  } finally {
    await handle.close();
  }
  await syncFolder(folder);
  ctx.faults.reach('export.converted');
  const version = await versionAt(path);
  return version === undefined
    ? failed('CONVERSION_FAILED', MESSAGES.CONVERSION_FAILED)
    : { outcome: 'converted', version };
};

/** Bytes of a converted disk; 0 when it is gone. */
export const convertedBytes = async (path: string): Promise<number> =>
  (await stat(path).catch(() => undefined))?.size ?? 0;
