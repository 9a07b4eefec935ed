// CreateImage: the bytes are there already, in snapshots. One step: once every snapshot of the image
// is accomplished, the image is Available; until then the job waits.
import { DAMAGED_BYTES, hasDamage } from '../domain/damage.ts';
import type { Job } from '../domain/job.ts';
import { changeStatus } from '../domain/image-lifecycle.ts';
import type { Image } from '../domain/image.ts';
import type { Tx } from '../domain/tx.ts';
import { jobActor } from './actor.ts';
import type { JobFailure, JobHandler } from './step.ts';

const WAIT_MS = 1_000;

type Readiness = 'done' | 'waiting' | JobFailure;

export const createImage: JobHandler = {
  async step(ctx, job) {
    ctx.faults.reach('finish.before');
    const readiness = await ctx.write((tx) => finish(tx, job));
    if (readiness === 'waiting') return { next: 'wait', delayMs: WAIT_MS };
    if (readiness !== 'done') return { next: 'fail', failure: readiness };
    ctx.faults.reach('finish.after');
    return { next: 'done' };
  },

  async fail(ctx, job, failure) {
    ctx.log.warn({ jobId: job.jobId, ...failure }, 'image could not be created');
    await ctx.write(async (tx) => {
      const image = await tx.image(job, job.imageId);
      if (image?.status === 'Creating') {
        await tx.setImageFailure(job.imageId, failure);
        await changeStatus(tx, image, 'CreateFailed');
      }
      await tx.deleteJob(job.jobId);
    });
  },

  async discard(ctx, job) {
    await ctx.store.write(jobActor(ctx, job.jobId), (tx) => tx.deleteJob(job.jobId));
  },
};

const finish = async (tx: Tx, job: Job): Promise<Readiness> => {
  const image = await tx.image(job, job.imageId);
  if (image?.status === 'Creating') {
    const readiness = await readinessOf(tx, image);
    if (readiness !== 'done') return readiness;
    await tx.setImageProgress(image.imageId, 100);
    await changeStatus(tx, image, 'Available');
  }
  await tx.deleteJob(job.jobId);
  return 'done';
};

const readinessOf = async (tx: Tx, image: Image): Promise<Readiness> => {
  for (const { snapshotId, position } of image.disks) {
    if (snapshotId === null) continue;
    const snapshot = await tx.snapshot(image, snapshotId);
    if (snapshot?.status === 'progressing') return 'waiting';
    if (snapshot?.status !== 'accomplished')
      return {
        errorCode: 'SNAPSHOT_FAILED',
        errorMessage: `The snapshot of disk ${position} is not usable.`,
      };
  }
  return (await hasDamage(tx, image, image.disks))
    ? { errorCode: 'BLOB_DAMAGED', errorMessage: DAMAGED_BYTES }
    : 'done';
};
