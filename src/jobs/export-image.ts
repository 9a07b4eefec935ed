// ExportImage: `begin`, then for each disk `write:<position>` (copied and hashed in a worker, from the
// store into the bucket, under a name that is no object's), then `publish` (every file takes its
// object's name), at last `finish`. Before `publish` nobody sees a byte of the export, and after it
// began nobody can cancel it. A step never trusts that it runs for the first time.
import {
  bucketIsThere,
  nameObject,
  syncBucket,
  syncObject,
  takeAway,
  unfinishedPath,
  versionAt,
} from '../blobs/unfinished-objects.ts';
import { SyncFailure } from '../blobs/folders.ts';
import { holderOf } from '../blobs/holder.ts';
import { DEFAULT_FLOOR_BYTES } from '../blobs/stage.ts';
import { endTask } from '../domain/image-lifecycle.ts';
import type { Job } from '../domain/job.ts';
import { jobActor } from './actor.ts';
import {
  parseExportState,
  withVersion,
  type ExportState,
  type WrittenDisk,
} from './export-state.ts';
import { dropJob } from './import-end.ts';
import { JobProgress } from './job-progress.ts';
import type { JobContext, JobHandler, StepOutcome } from './step.ts';

export const exportImage: JobHandler = {
  async step(ctx, job) {
    const state = parseExportState(job.state);
    const [name, position] = job.step.split(':');
    if (name === 'begin') return begin(ctx, job, state);
    if (name === 'publish') return publish(ctx, job, state);
    if (name === 'finish') return finish(ctx, job);
    const disk = state.disks.find((candidate) => String(candidate.position) === position);
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

const unfinishedName = (job: Job, position: number): string => `export-${taskOf(job)}.${position}`;

const folderOf = ({ bucketsRoot }: JobContext, { bucket }: ExportState) => ({
  bucketsRoot,
  bucket,
});

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
  return stepTo(job, `write:${disks[0]?.position}`);
};

const write = async (
  ctx: JobContext,
  job: Job,
  state: ExportState,
  disk: WrittenDisk,
): Promise<StepOutcome> => {
  const folder = folderOf(ctx, state);
  if (!(await bucketIsThere(folder)))
    return failure(state, disk, 'BUCKET_MISSING', 'The bucket is not there any more.');
  const holder = await holderOf(ctx, disk.digest, disk.sizeBytes);
  if (holder === undefined)
    return failure(state, disk, 'SOURCE_MISSING', 'No store has the bytes; run Fsck.');
  const path = unfinishedPath(folder, unfinishedName(job, disk.position));
  const progress = new JobProgress(
    ctx,
    job,
    // Of an export only the task tells.
    state.disks.map(({ sizeBytes }) => ({ sizeBytes })),
    state.disks.indexOf(disk),
  );
  const result = await ctx.pool.ingest(
    {
      blob: holder.blobs.source(disk.digest),
      stagedPath: path,
      declaredFormat: undefined,
      floorBytes: ctx.floorBytes ?? DEFAULT_FLOOR_BYTES,
    },
    {
      accountId: job.accountId,
      signal: ctx.signal,
      onProgress: (writtenBytes) => progress.report(writtenBytes),
    },
  );
  await progress.settle();
  if (result.outcome === 'cancelled') return { next: 'stopped' };
  if (result.outcome === 'failed') return failure(state, disk, result.reason, result.message);
  if (result.digest !== disk.digest)
    return failure(state, disk, 'SOURCE_DAMAGED', 'The stored bytes are damaged; run Fsck.');
  const { digest, sizeBytes, resumedBytes } = result;
  ctx.log.info({ jobId: job.jobId, digest, sizeBytes, resumedBytes }, 'disk written');
  ctx.faults.reach('export.written');
  const version = await versionAt(path);
  if (version === undefined) return stepTo(job, job.step);
  const next = state.disks[state.disks.indexOf(disk) + 1];
  const step = next === undefined ? 'publish' : `write:${next.position}`;
  return stepTo(job, step, withVersion(state, disk.position, version));
};

/** A power cut can take the name of a file, or change what its version is told by: write it again. */
const publish = async (ctx: JobContext, job: Job, state: ExportState): Promise<StepOutcome> => {
  const folder = folderOf(ctx, state);
  for (const disk of state.disks) {
    const path = unfinishedPath(folder, unfinishedName(job, disk.position));
    const named = await nameObject(folder, path, disk.object, disk.version ?? '');
    if (named === 'missing') return stepTo(job, `write:${disk.position}`);
    if (named === 'taken')
      return failure(state, disk, 'OBJECT_TAKEN', 'A folder has the name of the object.');
    ctx.faults.reach('export.named');
  }
  for (const { object } of state.disks) await syncObject(folder, object);
  ctx.faults.reach('export.synced');
  return stepTo(job, 'finish');
};

/** What happens to the objects from here on is the bucket's owner's affair: nothing is looked at. */
const finish = async (ctx: JobContext, job: Job): Promise<StepOutcome> => {
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
  const folder = folderOf(ctx, state);
  if (!(await bucketIsThere(folder))) return;
  for (const { position, object, version } of state.disks)
    await takeAway(folder, unfinishedPath(folder, unfinishedName(job, position)), object, version);
  await syncBucket(folder);
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
