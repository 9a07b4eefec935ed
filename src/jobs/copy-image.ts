// CopyImage: `turn` (five copies of an account run in a region at once), then for each disk
// `copy:<position>` (nothing, when the destination's store has the bytes; else copied and hashed in a
// worker, from store to store) and `publish:<position>`, at last `finish`. The leases of acceptance
// hold the bytes of the source all the while. Up to the finish nobody sees a byte of the copy; a step
// never trusts that it runs for the first time.
import { holderOf } from '../blobs/holder.ts';
import { isLostIn } from '../blobs/placing.ts';
import { DEFAULT_FLOOR_BYTES } from '../blobs/stage.ts';
import { takeTurn, type CopyDisk } from '../domain/image-copy.ts';
import { changeStatus } from '../domain/image-lifecycle.ts';
import type { Job } from '../domain/job.ts';
import type { Tx } from '../domain/tx.ts';
import { discardJob, failJob } from './come-to-nothing.ts';
import { parseCopyDisks } from './copy-state.ts';
import { dropJob } from './import-end.ts';
import type { IngestOutcome } from './ingest-message.ts';
import { JobProgress } from './job-progress.ts';
import { placeBytes } from './place-bytes.ts';
import { holdBlob, publishStaged } from './publish-staged.ts';
import type { JobContext, JobHandler, StepOutcome } from './step.ts';

/** A waiting copy looks again after so long for each round of copies before it. */
const TURN_MS = 500;
const BUSY_MS = 1_000;

export const copyImage: JobHandler = {
  async step(ctx, job) {
    const disks = parseCopyDisks(job.state);
    const [name, position] = job.step.split(':');
    if (name === 'turn') return turn(ctx, job, disks);
    if (name === 'finish') return finish(ctx, job, disks);
    const disk = disks.find((candidate) => String(candidate.position) === position);
    if (disk !== undefined && name === 'copy') return copy(ctx, job, disks, disk);
    if (disk !== undefined && name === 'publish') return publish(ctx, job, disks, disk);
    throw new Error(`A copy has no step '${job.step}'.`);
  },

  async fail(ctx, job, failure) {
    ctx.log.warn({ jobId: job.jobId, imageId: job.imageId, ...failure }, 'copy failed');
    await failJob(ctx, job, failure);
  },

  discard: discardJob,
};

const stepTo = (job: Job, step: string): StepOutcome => ({ next: 'step', step, state: job.state });

/** The first disk, the disk after `disk`, or the end. */
const stepAfter = (job: Job, disks: readonly CopyDisk[], disk?: CopyDisk): StepOutcome => {
  const next = disks[disk === undefined ? 0 : disks.indexOf(disk) + 1];
  return stepTo(job, next === undefined ? 'finish' : `copy:${next.position}`);
};

const turn = async (
  ctx: JobContext,
  job: Job,
  disks: readonly CopyDisk[],
): Promise<StepOutcome> => {
  ctx.faults.reach('copy.accepted');
  const rounds = await ctx.write(async (tx) => {
    const image = await tx.image(job, job.imageId);
    return image === undefined ? 0 : takeTurn(tx, image);
  });
  if (rounds > 0) return { next: 'wait', delayMs: TURN_MS * rounds };
  return stepAfter(job, disks);
};

const copy = async (
  ctx: JobContext,
  job: Job,
  disks: readonly CopyDisk[],
  disk: CopyDisk,
): Promise<StepOutcome> => {
  const { blobs, staging } = ctx.stores.of(job.regionId);
  const { digest, sizeBytes } = disk;
  const { blob, isPlaced } = await blobOf(ctx, disk, blobs.name);
  if (!(await holdBlob(ctx, job, blob))) return { next: 'wait', delayMs: BUSY_MS };
  const isLost = await ctx.store.read((tx) => isLostIn(tx, digest, blobs.name));
  if (!isLost && (await blobs.head(digest))?.sizeBytes === sizeBytes)
    return isPlaced ? stepAfter(job, disks, disk) : stepTo(job, `publish:${disk.position}`);
  const holder = await holderOf(ctx, digest, sizeBytes);
  if (holder === undefined)
    return failure(disk, 'SOURCE_MISSING', 'No store has the bytes of the source whole; run Fsck.');
  const progress = new JobProgress(ctx, job, disks, disks.indexOf(disk));
  const result = await ctx.pool.ingest(
    {
      blob: holder.blobs.source(digest),
      stagedPath: staging.path(job.imageId, disk.position),
      declaredFormat: undefined,
      floorBytes: ctx.floorBytes ?? DEFAULT_FLOOR_BYTES,
    },
    {
      accountId: job.accountId,
      signal: ctx.signal,
      onProgress: (stagedBytes) => progress.report(stagedBytes),
    },
  );
  await progress.settle();
  return staged(ctx, job, disk, result);
};

/** The blob as its row tells it, and whether the destination's store is known to have it. */
const blobOf = (ctx: JobContext, { digest }: CopyDisk, store: string) =>
  ctx.store.read(async (tx) => {
    const blob = await tx.blob(digest);
    if (blob === undefined) throw new Error(`The leased blob ${digest} is gone.`);
    const placements = await tx.placements(digest);
    const isPlaced = placements.some(
      (placed) => placed.store === store && placed.state === 'present',
    );
    return { blob, isPlaced };
  });

/** What was copied is what was wanted, or the copy ends here. */
const staged = (ctx: JobContext, job: Job, disk: CopyDisk, result: IngestOutcome): StepOutcome => {
  if (result.outcome === 'cancelled') return { next: 'stopped' };
  if (result.outcome === 'failed') return failure(disk, result.reason, result.message);
  const { digest, sizeBytes, resumedBytes } = result;
  ctx.log.info({ jobId: job.jobId, digest, sizeBytes, resumedBytes }, 'disk copied');
  if (digest !== disk.digest)
    return failure(
      disk,
      'SOURCE_DAMAGED',
      'The stored bytes of the source do not have the digest that they are known by.',
    );
  ctx.faults.reach('copy.staged');
  return stepTo(job, `publish:${disk.position}`);
};

const publish = async (
  ctx: JobContext,
  job: Job,
  disks: readonly CopyDisk[],
  disk: CopyDisk,
): Promise<StepOutcome> => {
  const { blob } = await blobOf(ctx, disk, '');
  const published = await publishStaged(ctx, job, disk.position, blob);
  if (published === 'busy') return { next: 'wait', delayMs: BUSY_MS };
  if (published === 'missing') return stepTo(job, `copy:${disk.position}`);
  return stepAfter(job, disks, disk);
};

const finish = async (
  ctx: JobContext,
  job: Job,
  disks: readonly CopyDisk[],
): Promise<StepOutcome> => {
  const { blobs } = ctx.stores.of(job.regionId);
  for (const disk of disks) {
    if (await ctx.store.read((tx) => isLostIn(tx, disk.digest, blobs.name)))
      return stepTo(job, `copy:${disk.position}`);
    if ((await blobs.head(disk.digest))?.sizeBytes !== disk.sizeBytes)
      return failure(disk, 'BLOB_DAMAGED', 'The stored bytes are not there any more; run Fsck.');
  }
  ctx.faults.reach('copy.finish');
  await ctx.write((tx) => finishCopy(tx, job, disks, blobs.name));
  ctx.faults.reach('copy.finished');
  ctx.log.info({ jobId: job.jobId, imageId: job.imageId }, 'copy finished');
  return { next: 'done' };
};

/** Blobs placed, snapshots accomplished, image Available: true together. */
const finishCopy = async (
  tx: Tx,
  job: Job,
  disks: readonly CopyDisk[],
  storeName: string,
): Promise<void> => {
  const image = await tx.image(job, job.imageId);
  if (image?.status === 'Creating') {
    for (const { snapshotId, digest, sizeBytes } of disks) {
      await placeBytes(tx, digest, storeName);
      await tx.updateSnapshot(snapshotId, {
        status: 'accomplished',
        progress: 100,
        digest,
        sizeBytes,
        lastModifiedMs: tx.actor.nowMs,
      });
    }
    await tx.setImageProgress(image.imageId, 100);
    await changeStatus(tx, image, 'Available');
  }
  await dropJob(tx, job);
};

const failure = (disk: CopyDisk, errorCode: string, sentence: string): StepOutcome => ({
  next: 'fail',
  failure: { errorCode, errorMessage: `Disk ${disk.position} (${disk.digest}): ${sentence}` },
});
