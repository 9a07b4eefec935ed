// How a job that brings bytes ends when it brings none: staged files, rows and what was published
// already are given back. First the bytes: an image is not seen as failed while its staging still takes
// room.
import type { Job } from '../domain/job.ts';
import { jobActor } from './actor.ts';
import { dropJob, failImage } from './import-end.ts';
import type { JobContext, JobFailure } from './step.ts';

/** The image fails, with the reason. */
export const failJob = async (ctx: JobContext, job: Job, failure: JobFailure): Promise<void> => {
  await ctx.stores.of(job.regionId).staging.removeOf(job.imageId);
  ctx.faults.reach('fail.before');
  await ctx.write((tx) => failImage(tx, job, failure));
  ctx.faults.reach('fail.after');
  sweepSoon(ctx);
};

/** The job was cancelled, and its image is gone with the call that did so. */
export const discardJob = async (ctx: JobContext, job: Job): Promise<void> => {
  await ctx.stores.of(job.regionId).staging.removeOf(job.imageId);
  ctx.faults.reach('cancel.cleaned');
  await ctx.store.write(jobActor(ctx, job.jobId), (tx) => dropJob(tx, job));
  sweepSoon(ctx);
};

const sweepSoon = (ctx: JobContext): void => {
  ctx.sweep.run().catch((error: unknown) => ctx.log.warn({ err: error }, 'sweep failed'));
};
