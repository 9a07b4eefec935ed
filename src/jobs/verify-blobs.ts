// VerifyBlobs: reads stored copies again, the longest unread first. How far it is stands in the rows
// themselves (`verified_ms`), so that a restart goes on where it was. One step reads for two seconds, or
// one large file, and then writes at once what it has seen; what is damaged is written when it is found.
// A damaged copy is made whole from another store if one has it.
import type { DuePlacement, VerificationCounts } from '../domain/blob.ts';
import type { Job } from '../domain/job.ts';
import { jobActor } from './actor.ts';
import { repairCopy } from './repair-copy.ts';
import type { JobContext, JobHandler, StepOutcome } from './step.ts';
import { condemnCopy, readCopy, restoreCopy } from './verify-copy.ts';
import { parseVerifyState, type VerifyState } from '../domain/verification.ts';

/** Copies read in one step at most, and after how long it ends. */
const PAGE_COPIES = 100;
const STEP_MS = 2_000;

/** What a step has seen and not yet written. */
interface Seen extends VerificationCounts {
  /** Whole, or as damaged as they were. */
  looked: DuePlacement[];
}

export const verifyBlobs: JobHandler = {
  async step(ctx, job) {
    const state = parseVerifyState(job.state);
    const page = await pageOf(ctx, state);
    if (page.length === 0) return finish(ctx, job, state);
    const seen: Seen = {
      looked: [],
      checkedBlobs: 0,
      checkedBytes: 0,
      damagedBlobs: 0,
      repairedBlobs: 0,
    };
    let readCount = 0;
    const untilMs = ctx.clocks.monotonicMs() + STEP_MS;
    let isStopped = false;
    for (const copy of page) {
      readCount += 1;
      isStopped = !(await check(ctx, state, copy, seen));
      if (isStopped || ctx.clocks.monotonicMs() > untilMs) break;
    }
    ctx.faults.reach('verify.read');
    await save(ctx, state, seen);
    ctx.faults.reach('verify.saved');
    if (isStopped) return { next: 'stopped' };
    return {
      next: 'step',
      step: 'verify',
      state: JSON.stringify({ ...state, limit: state.limit - readCount }),
    };
  },

  async fail(ctx, job, failure) {
    ctx.log.error({ jobId: job.jobId, ...failure }, 'verification failed');
    await ctx.write((tx) => end(tx, job, ctx.clocks.wallMs()));
  },

  async discard(ctx, job) {
    await ctx.store.write(jobActor(ctx, job.jobId), (tx) => end(tx, job, ctx.clocks.wallMs()));
  },
};

/** First what can be made whole at once, then what was not read for longest. */
const pageOf = (
  ctx: JobContext,
  { beforeMs, lostBeforeMs, limit }: VerifyState,
): Promise<DuePlacement[]> =>
  ctx.store.read(async (tx) => {
    const most = Math.min(limit, PAGE_COPIES);
    if (most <= 0) return [];
    const lost = await tx.repairablePlacements(lostBeforeMs, most);
    return lost.length > 0 ? lost : tx.duePlacements(beforeMs, most);
  });

/** False when the signal was heeded before anything was known. */
const check = async (
  ctx: JobContext,
  { rateBytes, verificationId }: VerifyState,
  copy: DuePlacement,
  seen: Seen,
): Promise<boolean> => {
  const place = ctx.stores.named(copy.store);
  if (place === undefined) throw new Error(`There is no store of the name ${copy.store}.`);
  const verdict = await readCopy(ctx, place, copy, rateBytes);
  if (verdict === undefined) return false;
  if (verdict === 'whole' && copy.state !== 'present') {
    await restoreCopy(ctx, verificationId, copy, 1);
    return true;
  }
  if (verdict === 'whole' || copy.state !== 'present') {
    seen.looked.push(copy);
    seen.checkedBlobs += 1;
    seen.checkedBytes += copy.sizeBytes;
    if (verdict === 'whole') {
      ctx.verified?.({ outcome: 'whole', sizeBytes: copy.sizeBytes });
      return true;
    }
    seen.damagedBlobs += 1;
  } else if (!(await condemnCopy(ctx, verificationId, copy, verdict))) return true;
  const repaired = await repairCopy(ctx, verificationId, place, copy);
  if (typeof repaired === 'object')
    await checkSuspect(ctx, { rateBytes, verificationId }, copy, repaired.suspect);
  return repaired !== 'stopped';
};

/** The copy that was to repair another is itself read from end to end, now and not in its turn. */
const checkSuspect = async (
  ctx: JobContext,
  { rateBytes, verificationId }: Pick<VerifyState, 'rateBytes' | 'verificationId'>,
  { digest, sizeBytes }: DuePlacement,
  store: string,
): Promise<void> => {
  const place = ctx.stores.named(store);
  const placements = await ctx.store.read((tx) => tx.placements(digest));
  const suspect = placements.find((placed) => placed.store === store);
  if (place === undefined || suspect?.state !== 'present') return;
  const { state, verifiedMs } = suspect;
  const copy: DuePlacement = { digest, store, state, verifiedMs, sizeBytes };
  const verdict = await readCopy(ctx, place, copy, rateBytes);
  if (verdict !== undefined && verdict !== 'whole')
    await condemnCopy(ctx, verificationId, copy, verdict);
};

const save = async (
  ctx: JobContext,
  { verificationId }: VerifyState,
  { looked, ...counts }: Seen,
): Promise<void> => {
  await ctx.write(async (tx) => {
    for (const copy of looked) await tx.setVerified(copy, tx.actor.nowMs);
    await tx.addToVerification(verificationId, counts);
  });
};

const finish = async (ctx: JobContext, job: Job, state: VerifyState): Promise<StepOutcome> => {
  await ctx.write((tx) => end(tx, job, ctx.clocks.wallMs()));
  if (state.verificationId !== '')
    ctx.log.info({ verificationId: state.verificationId }, 'verification finished');
  return { next: 'done' };
};

const end = async (
  tx: Parameters<Parameters<JobContext['write']>[0]>[0],
  job: Job,
  nowMs: number,
): Promise<void> => {
  // The id is in the job's own, so that a state that cannot be read ends too.
  await tx.finishVerification(job.jobId.slice(job.jobId.indexOf(':') + 1), nowMs);
  await tx.deleteJob(job.jobId);
};
