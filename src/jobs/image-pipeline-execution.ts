// An execution of an image pipeline: `prepare` (the base image is found now; the image is taken in),
// `build` (until that image is there; its copies are taken in), `distribute` (until these have ended;
// then shares, families and the end in one transaction). The bytes are brought by jobs of the images'
// own, so that this one only watches and decides. The status of the record says how far it has come: a
// step that runs again after it took effect changes nothing.
import {
  beginBuild,
  distributeImage,
  type BuildFailure,
  type BuildIds,
} from '../domain/build-images.ts';
import { findExecution, type Execution } from '../domain/image-pipeline-execution.ts';
import { asImagePipeline, type ImagePipeline } from '../domain/image-pipeline.ts';
import { newId, type IdPrefix, type RegionId } from '../domain/ids.ts';
import type { Job } from '../domain/job.ts';
import { giveUp, publishImages } from '../domain/publish-images.ts';
import type { Tx } from '../domain/tx.ts';
import { jobActor } from './actor.ts';
import type { JobContext, JobHandler, StepOutcome } from './step.ts';

/** It looks again after a quarter of the time that it has waited, within these bounds. */
const SOONEST_MS = 50;
const LATEST_MS = 1_000;

export const imagePipelineExecution: JobHandler = {
  async step(ctx, job) {
    switch (job.step) {
      case 'prepare':
        return prepare(ctx, job);
      case 'build':
        return build(ctx, job);
      case 'distribute':
        return distribute(ctx, job);
      default:
        throw new Error(`An execution has no step '${job.step}'.`);
    }
  },

  async fail(ctx, job, failure) {
    ctx.log.warn({ jobId: job.jobId, ...failure }, 'an execution failed');
    await ctx.write(async (tx) => {
      const execution = await findExecution(tx, job, tx.actor.nowMs);
      if (execution !== undefined) await giveUp(tx, execution, 'FAILED', failure);
      await tx.deleteJob(job.jobId);
    });
  },

  async discard(ctx, job) {
    await ctx.store.write(jobActor(ctx, job.jobId), (tx) => tx.deleteJob(job.jobId));
  },
};

const prepare = async (ctx: JobContext, job: Job): Promise<StepOutcome> => {
  const untilWallMs = notBeforeMs(job);
  const leftMs = untilWallMs - ctx.clocks.wallMs();
  if (leftMs > 0) return { next: 'wait', delayMs: Math.min(leftMs, LATEST_MS), untilWallMs };
  ctx.faults.reach('execution.accepted');
  const failure = await ctx.write(async (tx) => {
    const { execution, pipeline } = await load(tx, job);
    return beginBuild(tx, execution, pipeline, ctx.settings, idsOf(ctx));
  });
  ctx.faults.reach('execution.begun');
  return failure === undefined ? stepTo(job, 'build') : { next: 'fail', failure };
};

const build = async (ctx: JobContext, job: Job): Promise<StepOutcome> => {
  const { outcome, waitedMs } = await ctx.write(async (tx) => {
    const { execution, pipeline } = await load(tx, job);
    const { settings } = ctx;
    const outcome = await distributeImage(tx, execution, pipeline, settings, idsOf(ctx));
    return { outcome, waitedMs: waited(tx, execution) };
  });
  if (outcome !== 'distributing') return waitOrFail(outcome, waitedMs);
  ctx.faults.reach('execution.distributed');
  return stepTo(job, 'distribute');
};

const distribute = async (ctx: JobContext, job: Job): Promise<StepOutcome> => {
  ctx.faults.reach('execution.publish');
  const { outcome, waitedMs } = await ctx.write(async (tx) => {
    const { execution, pipeline } = await load(tx, job);
    const outcome = await publishImages(tx, execution, pipeline, ctx.settings);
    if (outcome === 'published') await tx.deleteJob(job.jobId);
    return { outcome, waitedMs: waited(tx, execution) };
  });
  if (outcome !== 'published') return waitOrFail(outcome, waitedMs);
  ctx.faults.reach('execution.published');
  ctx.log.info({ jobId: job.jobId }, 'an execution has ended');
  return { next: 'done' };
};

const stepTo = (job: Job, step: string): StepOutcome => ({ next: 'step', step, state: job.state });

const waited = (tx: Tx, execution: Execution): number =>
  tx.actor.nowMs - execution.detail.modifiedMs;

const waitOrFail = (outcome: BuildFailure | 'waiting', waitedMs: number): StepOutcome => {
  if (outcome !== 'waiting') return { next: 'fail', failure: outcome };
  const delayMs = Math.min(LATEST_MS, Math.max(SOONEST_MS, waitedMs / 4));
  return { next: 'wait', delayMs };
};

const load = async (
  tx: Tx,
  job: Job,
): Promise<{ execution: Execution; pipeline: ImagePipeline }> => {
  const execution = await findExecution(tx, job, tx.actor.nowMs);
  const found =
    execution && (await tx.resource(job, 'imagepipeline', execution.parentId, tx.actor.nowMs));
  // Neither can be deleted while the execution is open.
  if (execution === undefined || found === undefined)
    throw new Error('An execution or its pipeline has no record.');
  return { execution, pipeline: asImagePipeline(found) };
};

const idsOf = ({ random, settings }: JobContext): BuildIds => {
  const draw = <P extends IdPrefix>(prefix: P, regionId: RegionId) =>
    newId(random, prefix, settings.regions.get(regionId)?.code ?? '000');
  return {
    image: (regionId) => draw('m-', regionId),
    snapshot: (regionId) => draw('s-', regionId),
  };
};

/** @throws when the text is no state of an execution */
const notBeforeMs = (job: Job): number => {
  const state: unknown = JSON.parse(job.state);
  if (typeof state === 'object' && state !== null && 'notBeforeMs' in state)
    if (typeof state.notBeforeMs === 'number') return state.notBeforeMs;
  throw new TypeError('The state of an execution says no time.');
};
