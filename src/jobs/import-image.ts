// ImportImage: for each disk `ingest:<position>` (copy, hash and inspect in a worker), then
// `publish:<position>` (lease the blob, move the file to its place), at last `finish`. Everything up
// to the finish is invisible; a crash anywhere leads back to the last checkpoint. A step never
// trusts that it runs for the first time.
import type { Job } from '../domain/job.ts';
import type { Verdict } from '../disk/inspect.ts';
import { isLostIn } from '../blobs/placing.ts';
import { DEFAULT_FLOOR_BYTES } from '../blobs/stage.ts';
import { discardJob, failJob } from './come-to-nothing.ts';
import { finishImport } from './import-end.ts';
import {
  declaredDiskFormat,
  ingestedOf,
  parseImportState,
  sizeGibOf,
  withIngested,
  type Ingested,
  type ImportDisk,
  type ImportState,
} from './import-state.ts';
import { JobProgress } from './job-progress.ts';
import { publishStaged } from './publish-staged.ts';
import type { JobContext, JobHandler, StepOutcome } from './step.ts';

export const importImage: JobHandler = {
  async step(ctx, job) {
    const state = parseImportState(job.state);
    const [name, position] = job.step.split(':');
    if (name === 'finish') return finish(ctx, job, state);
    const disk = state.disks.find((candidate) => String(candidate.position) === position);
    if (disk !== undefined && name === 'ingest') return ingest(ctx, job, state, disk);
    if (disk !== undefined && name === 'publish') return publish(ctx, job, state, disk);
    throw new Error(`An import has no step '${job.step}'.`);
  },

  async fail(ctx, job, failure) {
    ctx.log.warn({ jobId: job.jobId, ...failure }, 'import failed');
    await failJob(ctx, job, failure);
  },

  discard: discardJob,
};

const ingest = async (
  ctx: JobContext,
  job: Job,
  state: ImportState,
  disk: ImportDisk,
): Promise<StepOutcome> => {
  ctx.faults.reach('import.accepted');
  const moved = state.disks.map(({ snapshotId, sourceSizeBytes }) => ({
    snapshotId,
    sizeBytes: sourceSizeBytes,
  }));
  const progress = new JobProgress(ctx, job, moved, state.disks.indexOf(disk));
  const result = await ctx.pool.ingest(
    {
      object: ctx.buckets.source(disk.bucket, disk.object),
      sourceVersion: disk.sourceVersion,
      stagedPath: ctx.stores.of(job.regionId).staging.path(job.imageId, disk.position),
      declaredFormat: declaredDiskFormat(disk),
      floorBytes: ctx.floorBytes ?? DEFAULT_FLOOR_BYTES,
    },
    {
      accountId: job.accountId,
      signal: ctx.signal,
      onProgress: (stagedBytes) => progress.report(stagedBytes),
    },
  );
  await progress.settle();
  if (result.outcome === 'cancelled') return { next: 'stopped' };
  if (result.outcome === 'failed') return failure(disk, result.reason, result.message);
  const { digest, sizeBytes, resumedBytes, verdict } = result;
  ctx.log.info({ jobId: job.jobId, digest, sizeBytes, resumedBytes }, 'disk ingested');
  if (verdict.verdict === 'refused') return failure(disk, verdict.reason, verdict.message);
  return settle(state, disk, { digest, sizeBytes, ...accepted(verdict) });
};

const accepted = (
  verdict: Extract<Verdict, { verdict: 'accepted' }>,
): Pick<Ingested, 'format' | 'virtualSizeBytes' | 'warnings'> => ({
  format: verdict.format,
  virtualSizeBytes: verdict.virtualSizeBytes,
  warnings: verdict.warnings.map(({ code }) => code),
});

/** Checks the size that the request asked for, and goes on to publish. */
const settle = (state: ImportState, disk: ImportDisk, found: Ingested): StepOutcome => {
  const neededGib = sizeGibOf({ ...disk, ...found });
  if (disk.declaredSizeGib > 0 && neededGib > disk.declaredSizeGib)
    return failure(
      disk,
      'DISK_IMAGE_SIZE',
      `DiskImageSize is ${disk.declaredSizeGib} GiB and the disk in the file needs ${neededGib} GiB.`,
    );
  return {
    next: 'step',
    step: `publish:${disk.position}`,
    state: JSON.stringify(withIngested(state, disk.position, found)),
  };
};

const publish = async (
  ctx: JobContext,
  job: Job,
  state: ImportState,
  disk: ImportDisk,
): Promise<StepOutcome> => {
  ctx.faults.reach('ingest.saved');
  const published = await publishStaged(ctx, job, disk.position, ingestedOf(disk));
  if (published === 'busy') return { next: 'wait', delayMs: 1_000 };
  if (published === 'missing')
    return { next: 'step', step: `ingest:${disk.position}`, state: job.state };
  const next = state.disks[state.disks.indexOf(disk) + 1];
  const step = next === undefined ? 'finish' : `ingest:${next.position}`;
  return { next: 'step', step, state: job.state };
};

const finish = async (ctx: JobContext, job: Job, state: ImportState): Promise<StepOutcome> => {
  const { blobs } = ctx.stores.of(job.regionId);
  for (const disk of state.disks) {
    const { digest, sizeBytes } = ingestedOf(disk);
    // Found damaged since they were published, in bytes that were there before: bring them anew.
    if (await ctx.store.read((tx) => isLostIn(tx, digest, blobs.name)))
      return { next: 'step', step: `ingest:${disk.position}`, state: job.state };
    if ((await blobs.head(digest))?.sizeBytes !== sizeBytes)
      return failure(disk, 'BLOB_DAMAGED', 'The stored bytes are not there any more; run Fsck.');
  }
  ctx.faults.reach('finish.before');
  await ctx.write((tx) => finishImport(tx, job, state, blobs.name));
  ctx.faults.reach('finish.after');
  ctx.log.info({ jobId: job.jobId, imageId: job.imageId }, 'import finished');
  return { next: 'done' };
};

const failure = (disk: ImportDisk, errorCode: string, sentence: string): StepOutcome => ({
  next: 'fail',
  failure: {
    errorCode,
    errorMessage: `Disk ${disk.position} (${disk.bucket}/${disk.object}): ${sentence}`,
  },
});
