// One job at work: claimed by compare-and-set, step after step with a checkpoint after each, until it
// ends, waits, is halted or meets an error. Every save names the status it expects, so a job that was
// cancelled meanwhile is left alone. `run` never throws.
import type { StageFailure } from '../blobs/stage-failure.ts';
import type { Job, JobKind, JobStatus } from '../domain/job.ts';
import type { Tx } from '../domain/tx.ts';
import { noFaults } from '../lib/fault.ts';
import { jobActor } from './actor.ts';
import { copyImage } from './copy-image.ts';
import { createImage } from './create-image.ts';
import { exportImage } from './export-image.ts';
import { imagePipelineExecution } from './image-pipeline-execution.ts';
import { importImage } from './import-image.ts';
import type { Pauses } from './pauses.ts';
import { failureOf } from './retry.ts';
import {
  JobLost,
  type JobContext,
  type JobFailure,
  type JobHandler,
  type JobParts,
  type PlannedFailure,
} from './step.ts';
import { verifyBlobs } from './verify-blobs.ts';

const HANDLERS: Readonly<Record<JobKind, JobHandler>> = {
  ImportImage: importImage,
  CreateImage: createImage,
  CopyImage: copyImage,
  ExportImage: exportImage,
  ImagePipelineExecution: imagePipelineExecution,
  VerifyBlobs: verifyBlobs,
};

export class JobRun {
  readonly #parts: JobParts;
  readonly #pauses: Pauses;
  readonly #row: Job;
  readonly #handler: JobHandler;
  readonly #ctx: JobContext;
  readonly #halt = new AbortController();
  #isAbandoned = false;

  constructor(parts: JobParts, pauses: Pauses, row: Job) {
    this.#parts = parts;
    this.#pauses = pauses;
    this.#row = row;
    this.#handler = HANDLERS[row.kind];
    this.#ctx = {
      ...parts,
      faults: parts.faults ?? noFaults,
      signal: this.#halt.signal,
      write: (fn) => this.#guardedWrite(fn),
    };
  }

  get accountId(): string {
    return this.#row.accountId;
  }

  /** Asks the running step to come to an end; its job stays for later. */
  halt(): void {
    this.#halt.abort();
  }

  /** From here on nothing more is written for the job, whatever still runs. */
  abandon(): void {
    this.#isAbandoned = true;
  }

  async run(): Promise<void> {
    const row = this.#row;
    try {
      if (row.status === 'cancelled') {
        await this.#handler.discard(this.#ctx, row);
        this.#pauses.end(row.jobId);
      } else {
        const job = await this.#claim();
        if (job !== undefined) await this.#runSteps(job);
      }
    } catch (error) {
      await this.#attemptFailed(error);
    }
  }

  /** The row as it is now, not as the scan saw it; undefined when it has moved on. */
  #claim(): Promise<Job | undefined> {
    const { jobId, status } = this.#row;
    return this.#write(async (tx) => {
      const job = await tx.job(jobId);
      if (job === undefined) return undefined;
      return (await tx.saveJob(jobId, status, { ...job, status: 'running' })) ? job : undefined;
    });
  }

  async #runSteps(claimed: Job): Promise<void> {
    const planned = await this.#parts.plannedFailure?.(claimed);
    if (planned !== undefined) return this.#failAt(claimed, planned);
    let job = claimed;
    for (;;) {
      const outcome = this.#halt.signal.aborted
        ? ({ next: 'stopped' } as const)
        : await this.#handler.step(this.#ctx, job);
      switch (outcome.next) {
        case 'step':
          job = { ...job, step: outcome.step, state: outcome.state, attempts: 0 };
          if (!(await this.#save(job, 'running', 'running'))) return;
          this.#pauses.end(job.jobId);
          break;
        case 'done':
          return this.#pauses.end(job.jobId);
        case 'fail':
          return this.#fail(job, outcome.failure);
        case 'wait':
          this.#pauses.set(job.jobId, 0, outcome.delayMs, outcome.untilWallMs);
          await this.#save(job, 'running', 'ready');
          return;
        case 'stopped':
          await this.#save(job, 'running', 'ready');
          return;
      }
    }
  }

  async #failAt(job: Job, { progress, ...failure }: PlannedFailure): Promise<void> {
    const { imageId, taskId } = job;
    await this.#guardedWrite(async (tx) => {
      if (taskId !== null) await tx.setTaskProgress(taskId, progress);
      await tx.setImageProgress(imageId, progress);
    });
    return this.#fail(job, failure);
  }

  async #fail(job: Job, failure: JobFailure): Promise<void> {
    await this.#handler.fail(this.#ctx, job, failure);
    this.#pauses.end(job.jobId);
    if (failure.errorCode === ('SYNC_FAILED' satisfies StageFailure))
      this.#parts.storageFailed?.(new Error(failure.errorMessage));
  }

  /** An error that nobody expected: again after a pause, or the end of the job. */
  async #attemptFailed(error: unknown): Promise<void> {
    if (error instanceof JobLost) return;
    const { log, store } = this.#parts;
    const { jobId } = this.#row;
    const remembered = this.#pauses.attempts(jobId) + 1;
    try {
      const job = await store.read((tx) => tx.job(jobId));
      const attempts = (job?.attempts ?? 0) + 1;
      log.error({ jobId, step: job?.step, attempts, err: error }, 'a step of a job failed');
      // No row: the step threw after it had ended the job. Cancelled: cleaning up failed.
      if (job?.status !== 'running') return this.#pauses.afterFailure(jobId, remembered);
      const failure = failureOf(error, attempts);
      if (failure !== undefined) return await this.#fail(job, failure);
      this.#pauses.afterFailure(jobId, Math.max(attempts, remembered));
      await this.#save({ ...job, attempts }, 'running', 'ready');
    } catch (second) {
      if (second instanceof JobLost) return;
      log.error({ jobId, err: second }, 'the failure of a job could not be written');
      this.#pauses.afterFailure(jobId, remembered);
    }
  }

  #save(job: Job, from: JobStatus, status: JobStatus): Promise<boolean> {
    const { jobId, step, state, attempts } = job;
    return this.#write((tx) => tx.saveJob(jobId, from, { status, step, state, attempts }));
  }

  #write<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.#isAbandoned) return Promise.reject(new JobLost('The engine has stopped.'));
    return this.#parts.store.write(jobActor(this.#parts, this.#row.jobId), fn);
  }

  #guardedWrite<T>(fn: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#write(async (tx) => {
      // Thrown inside the write, so that nothing of it stays.
      if ((await tx.job(this.#row.jobId))?.status !== 'running')
        throw new JobLost('No longer ours.');
      return fn(tx);
    });
  }
}
