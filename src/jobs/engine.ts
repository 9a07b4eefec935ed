// Runs the jobs that the rows name. The rows are all there is: a wake-up carries no data, and what
// the engine remembers (what runs, what pauses) may be forgotten at any moment. A scan reads the open
// jobs, halts what was cancelled, and starts what is due while there are free places.
import type { Job } from '../domain/job.ts';
import { noFaults } from '../lib/fault.ts';
import { jobActor } from './actor.ts';
import { fairOrder } from './fair-order.ts';
import { JobRun } from './job-run.ts';
import { Pauses } from './pauses.ts';
import { DEFAULT_RETRY, type RetryOptions } from './retry.ts';
import type { JobParts } from './step.ts';

export interface JobEngineOptions {
  /** Jobs that run at once (default 8); how many of them move bytes is the pool's bound. */
  concurrency?: number;
  /** Looks at the rows at least so often, in case a wake-up was lost (default 5 s). */
  pollMs?: number;
  /** How long `stop` waits for running steps (default 3 s). */
  stopMs?: number;
  retry?: RetryOptions;
}

export interface JobEngine {
  /** Makes the jobs of a dead process ready again, then runs. */
  start(): Promise<void>;
  /** There may be something to do. */
  wake(): void;
  /** Runs, also without `start`, until no job is left but those that wait for the wall clock. */
  finishAll(): Promise<void>;
  /** The next moment of the wall clock that a job waits for, milliseconds. */
  nextWallMs(): number | undefined;
  /** Halts running steps at their next safe place, saves them, and returns. Never throws. */
  stop(): Promise<void>;
}

/** Rows looked at in one scan, oldest first. */
const MAX_SCANNED = 1_000;
const MIN_TIMER_MS = 10;
const BUSY_POLL_MS = 1_000;

export const createJobEngine = (parts: JobParts, options: JobEngineOptions = {}): JobEngine =>
  new Engine(parts, options);

class Engine implements JobEngine {
  readonly #parts: JobParts;
  readonly #options: Required<JobEngineOptions>;
  readonly #pauses: Pauses;
  readonly #running = new Map<string, { run: JobRun; ended: Promise<void> }>();
  #isOpen = false;
  #isScanning = false;
  #scanAgain = false;
  #timer: NodeJS.Timeout | undefined;
  /** Those who wait until no job is left. */
  #finishers: (() => void)[] = [];

  constructor(parts: JobParts, options: JobEngineOptions) {
    this.#parts = parts;
    const defaults = { concurrency: 8, pollMs: 5_000, stopMs: 3_000, retry: DEFAULT_RETRY };
    this.#options = { ...defaults, ...options };
    this.#pauses = new Pauses(this.#options.retry, parts.clocks);
  }

  async start(): Promise<void> {
    const actor = { ...jobActor(this.#parts, ''), principal: 'kindred:recovery' };
    const released = await this.#parts.store.write(actor, (tx) => tx.releaseJobs());
    (this.#parts.faults ?? noFaults).reach('recovery.released');
    if (released > 0) this.#parts.log.info({ released }, 'unfinished jobs are taken up again');
    this.#isOpen = true;
    this.wake();
  }

  wake(): void {
    if (!this.#isOpen) return;
    this.#scanAgain = true;
    if (!this.#isScanning) void this.#scan();
  }

  async finishAll(): Promise<void> {
    const wasOpen = this.#isOpen;
    this.#isOpen = true;
    await new Promise<void>((resolve) => {
      this.#finishers.push(resolve);
      this.wake();
    });
    if (wasOpen || this.#finishers.length > 0) return;
    this.#isOpen = false;
    clearTimeout(this.#timer);
  }

  nextWallMs(): number | undefined {
    return this.#pauses.nextWallMs();
  }

  async stop(): Promise<void> {
    this.#isOpen = false;
    for (const resolve of this.#finishers.splice(0)) resolve();
    clearTimeout(this.#timer);
    const running = [...this.#running.values()];
    for (const { run } of running) run.halt();
    let alarm: NodeJS.Timeout | undefined;
    const late = new Promise((resolve) => (alarm = setTimeout(resolve, this.#options.stopMs)));
    await Promise.race([Promise.all(running.map(({ ended }) => ended)), late]);
    clearTimeout(alarm);
    // The rows of what still runs are taken up at the next start.
    for (const { run } of running) run.abandon();
  }

  async #scan(): Promise<void> {
    this.#isScanning = true;
    try {
      while (this.#scanAgain && this.#isOpen) {
        this.#scanAgain = false;
        const rows = await this.#parts.store.read((tx) => tx.openJobs(MAX_SCANNED));
        this.#launch(rows);
        const isIdle = rows.every(({ jobId }) => this.#pauses.wallOf(jobId) !== undefined);
        if (isIdle && this.#running.size === 0)
          for (const resolve of this.#finishers.splice(0)) resolve();
      }
    } catch (error) {
      this.#parts.log.error({ err: error }, 'jobs could not be read');
    } finally {
      this.#isScanning = false;
      this.#arm();
    }
  }

  #launch(rows: readonly Job[]): void {
    if (!this.#isOpen) return;
    this.#pauses.keepOnly(new Set(rows.map(({ jobId }) => jobId)));
    const due: Job[] = [];
    for (const row of rows) {
      const running = this.#running.get(row.jobId);
      if (row.status === 'cancelled') running?.run.halt();
      // A row that is `running` and not ours was stranded: its release could not be written.
      const isOpen = row.status !== 'done' && row.status !== 'failed';
      if (running === undefined && isOpen && this.#pauses.isDue(row.jobId)) due.push(row);
    }
    const free = this.#options.concurrency - this.#running.size;
    const atWork = [...this.#running.values()].map(({ run }) => run);
    for (const row of fairOrder(due, atWork, free)) this.#begin(row);
  }

  #begin(row: Job): void {
    const run = new JobRun(this.#parts, this.#pauses, row);
    const ended = run.run().finally(() => {
      this.#running.delete(row.jobId);
      this.wake();
    });
    this.#running.set(row.jobId, { run, ended });
  }

  /** Wakes at the end of the next pause, or to look whether a wake-up was lost. */
  #arm(): void {
    if (!this.#isOpen) return;
    clearTimeout(this.#timer);
    // Without a free place, it is the end of a running job that wakes.
    const hasPlace = this.#running.size < this.#options.concurrency;
    const nextMs = hasPlace ? this.#pauses.nextMs((jobId) => this.#running.has(jobId)) : undefined;
    // While something runs, a cancellation that woke nobody is noticed soon.
    const pollMs = this.#running.size > 0 ? BUSY_POLL_MS : Infinity;
    const delayMs = Math.min(this.#options.pollMs, pollMs, nextMs ?? Infinity);
    this.#timer = setTimeout(() => this.wake(), Math.max(MIN_TIMER_MS, delayMs));
    if (this.#finishers.length === 0) this.#timer.unref();
  }
}
