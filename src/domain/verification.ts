// The work of reading stored bytes again, as a row: who asks for it, and when copies are due by themselves.
import type { AccountId, RegionId } from './ids.ts';
import { NO_IMAGE, type Job } from './job.ts';
import type { Tx } from './tx.ts';

/** What a verification knows from its start; how far it is the rows say (`placement.verified_ms`). */
export interface VerifyState {
  /** The row that counts; empty for one of the schedule, which has none. */
  verificationId: string;
  /** Reads what was last verified before, wall clock. */
  beforeMs: number;
  /** Makes lost copies whole, where that is possible, that were last looked at before. */
  lostBeforeMs: number;
  /** Copies to read at most: it ends the work even when the wall clock runs backwards. */
  limit: number;
  /** Bytes per second at most. */
  rateBytes: number;
}

const PREFIX = 'VerifyBlobs:';
/** The schedule has one job at a time. */
const SCHEDULED = 'schedule';
/** No account has this id: the work is the server's own. */
const NOBODY = '' as AccountId;
/** How many verifications are remembered. */
const KEPT = 20;

const MIB = 1024 * 1024;
const SCHEDULED_RATE_BYTES = 32 * MIB;
const DAY_MS = 24 * 3_600_000;

/** A job that reads stored bytes again. */
const verifyJob = (name: string, state: VerifyState, accountId: AccountId, nowMs: number): Job => ({
  jobId: `${PREFIX}${name}`,
  kind: 'VerifyBlobs',
  accountId,
  regionId: '' as RegionId, // it belongs to none, and the column takes no null
  imageId: NO_IMAGE,
  taskId: null,
  step: 'verify',
  state: JSON.stringify(state),
  status: 'ready',
  attempts: 0,
  creationMs: nowMs,
});

/** Begins to read everything that is stored now, or gives the run that goes on already. */
export const startVerification = async (
  tx: Tx,
  verificationId: string,
  accountId: AccountId,
  rateMib: number,
): Promise<{ verificationId: string; isNew: boolean }> => {
  const newest = await tx.verification();
  if (newest?.finishMs === null) return { verificationId: newest.verificationId, isNew: false };
  const { nowMs } = tx.actor;
  // What is stored in this very millisecond was hashed in it.
  const { blobs, bytes } = await tx.dueTotals(nowMs);
  await tx.insertVerification({
    verificationId,
    startMs: nowMs,
    finishMs: null,
    totalBlobs: blobs,
    totalBytes: bytes,
    checkedBlobs: 0,
    checkedBytes: 0,
    damagedBlobs: 0,
    repairedBlobs: 0,
  });
  const state: VerifyState = {
    verificationId,
    beforeMs: nowMs,
    lostBeforeMs: nowMs,
    limit: blobs,
    rateBytes: rateMib * MIB,
  };
  await tx.insertJob(verifyJob(verificationId, state, accountId, nowMs));
  await tx.trimVerifications(KEPT);
  return { verificationId, isNew: true };
};

/**
 * One tick of the schedule, `tickMs` after the one before. Copies become due a seventh of the time before
 * they must have been read, and the due ones are spread over that seventh, the longest unread first: few
 * copies are read one by one, many steadily. With `everyDays` 0 nothing is read, but what can be made
 * whole is.
 */
export const scheduleVerification = async (
  tx: Tx,
  everyDays: number,
  tickMs: number,
): Promise<void> => {
  if ((await tx.job(`${PREFIX}${SCHEDULED}`)) !== undefined) return;
  const { nowMs } = tx.actor;
  const everyMs = everyDays * DAY_MS;
  const beforeMs = everyDays === 0 ? 0 : nowMs - Math.floor((everyMs * 6) / 7);
  const due = (await tx.dueTotals(beforeMs)).blobs;
  const limit = everyDays === 0 ? 0 : Math.ceil(due / Math.max(1, everyMs / 7 / tickMs));
  const repairable = (await tx.repairablePlacements(nowMs, MAX_REPAIRS)).length;
  if (limit + repairable === 0) return;
  const state: VerifyState = {
    verificationId: '',
    beforeMs,
    lostBeforeMs: nowMs,
    limit: limit + repairable,
    rateBytes: SCHEDULED_RATE_BYTES,
  };
  await tx.insertJob(verifyJob(SCHEDULED, state, NOBODY, nowMs));
};

const MAX_REPAIRS = 100;

export const parseVerifyState = (text: string): VerifyState => {
  const state = JSON.parse(text) as VerifyState;
  if (
    ![state.beforeMs, state.lostBeforeMs, state.limit].every(Number.isFinite) ||
    !(state.rateBytes > 0)
  )
    throw new Error('The state of a verification cannot be read.');
  return state;
};
