// The words between the engine and the kinds of jobs. A kind is a set of named steps; each is
// idempotent, since a process may die after its effect and before its checkpoint.
import type { BlobStores } from '../blobs/blob-stores.ts';
import type { Buckets } from '../blobs/buckets.ts';
import type { Sweep } from '../blobs/sweep.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { FamilyLookup } from '../domain/family.ts';
import type { Job } from '../domain/job.ts';
import type { Quotas } from '../domain/quota.ts';
import type { Regions } from '../domain/region.ts';
import type { Store, Tx } from '../domain/tx.ts';
import type { Clocks } from '../lib/clock.ts';
import type { Faults } from '../lib/fault.ts';
import type { Random } from '../lib/random.ts';
import type { Hasher } from './hasher.ts';
import type { IngestPool } from './ingest-pool.ts';

/** The part of a logger that jobs need; a pino logger is one. */
export interface JobLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The settings that jobs decide by; the server's own. */
export interface JobSettings {
  regions: Regions;
  quotas: Quotas;
  familyLookup: FamilyLookup;
  catalogue: Catalogue;
}

export interface JobParts {
  store: Store;
  stores: BlobStores;
  sweep: Sweep;
  settings: JobSettings;
  pool: IngestPool;
  hasher: Hasher;
  buckets: Buckets;
  clocks: Clocks;
  random: Random;
  log: JobLog;
  faults?: Faults;
  /** Bytes that must stay free on the data's file system (default 64 MiB). */
  floorBytes?: number;
  /** Told after an fsync failed: the service must stop taking writes. */
  storageFailed?: (error: unknown) => void;
  /** Told of every stored copy that was read again. */
  verified?: (found: VerifiedCopy) => void;
  /** Test controls: how a job is to end instead of by its next step. */
  plannedFailure?: (job: Job) => Promise<PlannedFailure | undefined>;
}

/** What reading a stored copy again has shown. */
export interface VerifiedCopy {
  outcome: 'whole' | 'damaged' | 'repaired';
  /** Read for it. */
  sizeBytes: number;
}

/** What a step of one job is given. */
export interface JobContext extends JobParts {
  faults: Faults;
  /** Aborted when the job is cancelled or the engine stops; the step then returns `stopped`. */
  signal: AbortSignal;
  /**
   * One write on behalf of the job, as long as it is still this engine's to run.
   * @throws JobLost when the job was cancelled or is gone; nothing is written then
   */
  write<T>(fn: (tx: Tx) => Promise<T>): Promise<T>;
}

/** Why a job ends without success, in the words that the task shows. */
export interface JobFailure {
  errorCode: string;
  /** One sentence for the image engineer. */
  errorMessage: string;
}

/** Shown before the end: how far the job has come, percent. */
export interface PlannedFailure extends JobFailure {
  progress: number;
}

export type StepOutcome =
  /** Checkpoint: what comes next and what is known now. */
  | { next: 'step'; step: string; state: string }
  /** The step's own write has ended the job and removed its row. */
  | { next: 'done' }
  /**
   * Not yet: run the same step again later; `untilWallMs` tells that nothing but the wall clock is waited
   * for. Counts as no attempt.
   */
  | { next: 'wait'; delayMs: number; untilWallMs?: number }
  | { next: 'fail'; failure: JobFailure }
  /** The signal was heeded. */
  | { next: 'stopped' };

export interface JobHandler {
  /** Runs the step that `job.step` names. Throws only what nobody expected: that is tried again. */
  step(ctx: JobContext, job: Job): Promise<StepOutcome>;
  /** Ends the job without success, in one write; also for a state that cannot be read. */
  fail(ctx: JobContext, job: Job, failure: JobFailure): Promise<void>;
  /** Removes what a cancelled job left outside the rows. */
  discard(ctx: JobContext, job: Job): Promise<void>;
}

/** The row is not this engine's any more: cancelled, or ended. Not an error of the job. */
export class JobLost extends Error {
  override readonly name = 'JobLost';
}
