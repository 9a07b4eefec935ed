// ExportImage: `begin`, then for each disk `convert:<position>` if another format is wanted (see
// convert-disk.ts) and `write:<position>` (copied or packed and hashed in a worker, from the store or from
// what was converted into the bucket, under a name that is no object's), then `publish` (every file takes its
// object's name), at last `finish`. Before `publish` nobody sees a byte of the export, and after it
// began nobody can cancel it. A step never trusts that it runs for the first time.
import type { BlobSource } from '../blobs/blob-store.ts';
import { versionAt } from '../blobs/file-version.ts';
import { SyncFailure } from '../blobs/folders.ts';
import { growthPath } from '../blobs/growth-place.ts';
import { holderOf } from '../blobs/holder.ts';
import { DEFAULT_FLOOR_BYTES } from '../blobs/stage.ts';
import { endTask } from '../domain/image-lifecycle.ts';
import type { Job } from '../domain/job.ts';
import { jobActor } from './actor.ts';
import { parseExportState, withFound, type ExportState, type WrittenDisk } from './export-state.ts';
import {
  convertDisk,
  convertedBytes,
  convertedPath,
  PARTS_OF_CONVERSION,
  removeBox,
} from './convert-disk.ts';
import { dropJob } from './import-end.ts';
import type { IngestOutcome, PackOutcome } from './ingest-message.ts';
import { JobProgress } from './job-progress.ts';
import type { JobContext, JobHandler, StepOutcome } from './step.ts';

const SECTOR_BYTES = 512;

export const exportImage: JobHandler = {
  async step(ctx, job) {
    const state = parseExportState(job.state);
    const [name, position] = job.step.split(':');
    if (name === 'begin') return begin(ctx, job, state);
    if (name === 'publish') return publish(ctx, job, state);
    if (name === 'finish') return finish(ctx, job, state);
    const disk = state.disks.find((candidate) => String(candidate.position) === position);
    if (disk !== undefined && name === 'convert') return convert(ctx, job, state, disk);
    if (disk !== undefined && name === 'write') return write(ctx, job, state, disk);
    throw new Error(`An export has no step '${job.step}'.`);
  },

  async fail(ctx, job, failure) {
    ctx.log.warn({ jobId: job.jobId, ...failure }, 'export failed');
    await clear(ctx, job);
    ctx.faults.reach('fail.before');
    await ctx.write(async (tx) => {
      await endTask(tx, taskOf(job), { taskStatus: 'Failed', ...failure });
      await dropJob(tx, job);
    });
    ctx.faults.reach('fail.after');
  },

  async discard(ctx, job) {
    await clear(ctx, job);
    ctx.faults.reach('cancel.cleaned');
    await ctx.store.write(jobActor(ctx, job.jobId), (tx) => dropJob(tx, job));
  },
};

const taskOf = ({ jobId, taskId }: Job) => {
  if (taskId === null) throw new Error(`The export ${jobId} has no task.`);
  return taskId;
};

/** Where the file of one disk grows. */
const pathOf = (ctx: JobContext, job: Job, { bucket }: ExportState, position: number): string =>
  growthPath(ctx.buckets, bucket, `export-${taskOf(job)}.${position}`);

const stepTo = (job: Job, step: string, state = job.state): StepOutcome => ({
  next: 'step',
  step,
  state,
});

const begin = async (ctx: JobContext, job: Job, { disks }: ExportState): Promise<StepOutcome> => {
  ctx.faults.reach('export.accepted');
  const running = { finishedMs: null, errorCode: '', errorMessage: '' };
  await ctx.write((tx) =>
    tx.setTaskStatus(taskOf(job), 'Waiting', { taskStatus: 'Processing', ...running }),
  );
  return stepTo(job, firstStepOf(disks[0]));
};

const firstStepOf = (disk: WrittenDisk | undefined): string =>
  disk?.convertTo === undefined ? `write:${disk?.position}` : `convert:${disk.position}`;

/** Of an export only the task tells. */
const progressOf = (ctx: JobContext, job: Job, { disks }: ExportState, disk: WrittenDisk) =>
  new JobProgress(
    ctx,
    job,
    disks.map(({ sizeBytes, convertTo }) => ({
      sizeBytes: sizeBytes * (convertTo === undefined ? 1 : PARTS_OF_CONVERSION),
    })),
    disks.indexOf(disk),
  );

const convert = async (
  ctx: JobContext,
  job: Job,
  state: ExportState,
  disk: WrittenDisk,
): Promise<StepOutcome> => {
  const result = await convertDisk(ctx, job, disk, progressOf(ctx, job, state, disk));
  if (result.outcome === 'cancelled') return { next: 'stopped' };
  if (result.outcome === 'failed')
    return failure(state, disk, result.errorCode, result.errorMessage);
  const { version: converted } = result;
  ctx.log.info({ jobId: job.jobId, position: disk.position }, 'disk converted');
  return stepTo(job, `write:${disk.position}`, withFound(state, disk.position, { converted }));
};

interface Source {
  blob: BlobSource;
  /** Bytes of the disk's progress, by those that were read. */
  report(bytes: number): number;
}

type IngestedOrPacked = Extract<
  IngestOutcome | PackOutcome,
  { outcome: 'ingested' } | { outcome: 'packed' }
>;

/** Where the bytes of the disk are read, and what they are; a step when they are to be made first. */
const sourceOf = async (
  ctx: JobContext,
  job: Job,
  state: ExportState,
  disk: WrittenDisk,
): Promise<StepOutcome | Source> => {
  if (disk.convertTo === undefined) {
    const holder = await holderOf(ctx, disk.digest, disk.sizeBytes);
    if (holder === undefined)
      return failure(state, disk, 'SOURCE_MISSING', 'No store has the bytes; run Fsck.');
    return { blob: holder.blobs.source(disk.digest), report: (bytes) => bytes };
  }
  const path = convertedPath(ctx, job, disk.position);
  if (disk.converted === undefined || (await versionAt(path)) !== disk.converted)
    return stepTo(job, `convert:${disk.position}`);
  const totalBytes = Math.max(1, await convertedBytes(path));
  return {
    blob: { kind: 'file', path },
    report: (bytes) => disk.sizeBytes * (2 + bytes / totalBytes),
  };
};

const CONVERTED_UNFIT = ['CONVERTED_UNFIT', 'What qemu-img made is not the disk that was kept.'];

/** What the file in the bucket is refused for. */
const unfit = (
  { convertTo, digest, virtualSizeBytes }: WrittenDisk,
  written: IngestedOrPacked,
): readonly string[] | undefined => {
  if (convertTo === undefined)
    return written.digest === digest
      ? undefined
      : ['SOURCE_DAMAGED', 'The stored bytes are damaged; run Fsck.'];
  const wholeBytes = Math.ceil(virtualSizeBytes / SECTOR_BYTES) * SECTOR_BYTES;
  // What is packed is raw: of that there is no more to judge than its length.
  if (written.outcome === 'packed')
    return written.sizeBytes === wholeBytes ? undefined : CONVERTED_UNFIT;
  const { verdict } = written;
  const isFit =
    verdict.verdict === 'accepted' &&
    verdict.format === convertTo &&
    verdict.virtualSizeBytes === wholeBytes;
  return isFit ? undefined : CONVERTED_UNFIT;
};

const ARCHIVE_ENDING = /\.tar\.gz$/;

/** The copy, or the archive, as the worker leaves it under a name that is no object's. */
const bring = async (
  ctx: JobContext,
  job: Job,
  state: ExportState,
  disk: WrittenDisk,
  { blob, report }: Source,
): Promise<IngestOutcome | PackOutcome> => {
  const progress = progressOf(ctx, job, state, disk);
  const request = {
    blob,
    stagedPath: pathOf(ctx, job, state, disk.position),
    floorBytes: ctx.floorBytes ?? DEFAULT_FLOOR_BYTES,
  };
  const options = {
    accountId: job.accountId,
    signal: ctx.signal,
    onProgress: (writtenBytes: number) => progress.report(report(writtenBytes)),
  };
  const name = disk.object.replace(ARCHIVE_ENDING, '');
  const result = disk.isPacked
    ? await ctx.pool.pack({ ...request, name, modifiedMs: job.creationMs }, options)
    : await ctx.pool.ingest({ ...request, declaredFormat: undefined }, options);
  await progress.settle();
  return result;
};

const write = async (
  ctx: JobContext,
  job: Job,
  state: ExportState,
  disk: WrittenDisk,
): Promise<StepOutcome> => {
  if (!(await ctx.buckets.bucketExists(state.bucket)))
    return failure(state, disk, 'BUCKET_MISSING', 'The bucket is not there any more.');
  const source = await sourceOf(ctx, job, state, disk);
  if (!('blob' in source)) return source;
  await ctx.buckets.prepareGrowth(state.bucket);
  const result = await bring(ctx, job, state, disk, source);
  if (result.outcome === 'cancelled') return { next: 'stopped' };
  if (result.outcome === 'failed') return failure(state, disk, result.reason, result.message);
  const [code, sentence = ''] = unfit(disk, result) ?? [];
  if (code !== undefined) return failure(state, disk, code, sentence);
  const { position } = disk;
  ctx.log.info({ jobId: job.jobId, position, ...toldOf(result) }, 'disk written');
  ctx.faults.reach('export.written');
  const version = await versionAt(pathOf(ctx, job, state, position));
  if (version === undefined) return stepTo(job, job.step);
  const next = state.disks[state.disks.indexOf(disk) + 1];
  const step = next === undefined ? 'publish' : firstStepOf(next);
  return stepTo(job, step, withFound(state, position, { version }));
};

const toldOf = (written: IngestedOrPacked): object => {
  const { outcome, digest, sizeBytes } = written;
  const resumedBytes = outcome === 'ingested' ? written.resumedBytes : 0;
  return { outcome, digest, sizeBytes, resumedBytes };
};

/** A power cut can take the name of a file, or change what its version is told by: write it again. */
const publish = async (ctx: JobContext, job: Job, state: ExportState): Promise<StepOutcome> => {
  for (const disk of state.disks) {
    const path = pathOf(ctx, job, state, disk.position);
    const version = disk.version ?? '';
    const named = await ctx.buckets.nameObject(state.bucket, path, disk.object, version);
    if (named === 'missing') return stepTo(job, `write:${disk.position}`);
    if (named === 'taken')
      return failure(state, disk, 'OBJECT_TAKEN', 'A folder has the name of the object.');
    ctx.faults.reach('export.named');
  }
  ctx.faults.reach('export.synced');
  return stepTo(job, 'finish');
};

/** What happens to the objects from here on is the bucket's owner's affair: nothing is looked at. */
const finish = async (ctx: JobContext, job: Job, state: ExportState): Promise<StepOutcome> => {
  for (const { position } of state.disks) await removeBox(ctx, job, position);
  await ctx.write(async (tx) => {
    await endTask(tx, taskOf(job), { taskStatus: 'Finished' });
    await dropJob(tx, job);
  });
  ctx.faults.reach('export.finished');
  ctx.log.info({ jobId: job.jobId, imageId: job.imageId }, 'export finished');
  return { next: 'done' };
};

/**
 * Nothing is left of the export in the bucket. A bucket that does not let go of what lies in it (read-only
 * by now) does not keep the job from its end, nor does a state that cannot be read and names no file.
 */
const clear = async (ctx: JobContext, job: Job): Promise<void> => {
  try {
    await clearBucket(ctx, job);
  } catch (error) {
    ctx.log.error({ jobId: job.jobId, err: error }, 'files of an export could not be removed');
    if (error instanceof SyncFailure) ctx.storageFailed?.(error);
  }
};

const clearBucket = async (ctx: JobContext, job: Job): Promise<void> => {
  const state = parseExportState(job.state);
  for (const { position } of state.disks) await removeBox(ctx, job, position);
  for (const { position, object, version } of state.disks) {
    const path = pathOf(ctx, job, state, position);
    await ctx.buckets.takeAway(state.bucket, path, object, version);
  }
};

const failure = (
  { bucket }: ExportState,
  { position, object }: WrittenDisk,
  errorCode: string,
  sentence: string,
): StepOutcome => ({
  next: 'fail',
  failure: { errorCode, errorMessage: `Disk ${position} (${bucket}/${object}): ${sentence}` },
});
