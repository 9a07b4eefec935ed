// Named points in the work at which a crash would matter. A test names one, and the process dies (or
// the step throws) exactly there; in normal service every point is a call that does nothing. No
// probability: a run is repeated by its point and occurrence.

export const FAULT_POINTS = [
  'import.accepted',
  'ingest.started',
  'ingest.chunk',
  'ingest.half',
  'ingest.hashed',
  'ingest.inspected',
  'ingest.saved',
  'publish.leased',
  'publish.renamed',
  'publish.synced',
  'finish.before',
  'finish.after',
  'fail.before',
  'fail.after',
  'copy.accepted',
  'copy.staged',
  'copy.finish',
  'copy.finished',
  'export.accepted',
  'export.boxed',
  'export.converted',
  'export.written',
  'export.named',
  'export.synced',
  'export.finished',
  'execution.accepted',
  'execution.begun',
  'execution.distributed',
  'execution.publish',
  'execution.published',
  'cancel.cleaned',
  'verify.read',
  'verify.condemned',
  'repair.staged',
  'repair.placed',
  'verify.saved',
  'upload.whole',
  'upload.finishing',
  'upload.named',
  'sweep.marked',
  'sweep.unlinked',
  'recovery.released',
  'backup.begun',
  'backup.copied',
  'backup.blob',
  'backup.named',
  'backup.recorded',
  'restore.begun',
  'restore.database',
  'restore.blob',
  'restore.settled',
  'restore.identified',
  'rotate.next',
  'rotate.sealed',
  'rotate.committed',
  'rotate.kept',
  'rotate.named',
] as const;
export type FaultPoint = (typeof FAULT_POINTS)[number];

export interface Faults {
  /** Called at the point; returns at once unless a test has chosen this point. */
  reach(point: FaultPoint): void;
}

/** What a test chose. Plain data, so that it can be handed to a worker thread. */
export interface FaultPlan {
  point: FaultPoint;
  /** The n-th time the point is reached in this thread, from 1. */
  occurrence: number;
  /**
   * `kill`: the process ends as by `kill -9`; `exit`: the thread ends (a worker dies alone);
   * `throw`: an error that nobody expected; `hold`: the thread sleeps, this time and every later one,
   * so that a test sees what else lasts too short a time.
   */
  action: 'kill' | 'exit' | 'throw' | 'hold';
  /** How long `hold` sleeps (default 200 ms). */
  holdMs?: number;
}

export const noFaults: Faults = { reach: () => undefined };

const DEFAULT_HOLD_MS = 200;

const hold = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

export const faultsOf = (plan: FaultPlan | undefined): Faults => {
  if (plan === undefined) return noFaults;
  let reached = 0;
  return {
    reach(point) {
      if (point !== plan.point || ++reached < plan.occurrence) return;
      if (plan.action === 'hold') return hold(plan.holdMs ?? DEFAULT_HOLD_MS);
      if (reached > plan.occurrence) return;
      if (plan.action === 'throw') throw new Error(`fault at ${point}, time ${reached}`);
      if (plan.action === 'exit') process.exit(1);
      process.kill(process.pid, 'SIGKILL');
    },
  };
};

/** Ends the own process as by `kill -9` at the n-th time that `point` is reached. */
export const killAt = (point: FaultPoint, occurrence = 1): Faults =>
  faultsOf({ point, occurrence, action: 'kill' });

/** Throws at the n-th time that `point` is reached. */
export const throwAt = (point: FaultPoint, occurrence = 1): Faults =>
  faultsOf({ point, occurrence, action: 'throw' });
