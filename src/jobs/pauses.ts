// Which jobs wait: for their next attempt, on the monotonic clock, or for a moment of the wall clock. Memory
// only: after a restart every job is tried at once, which is a fine time to try.
import type { Clocks } from '../lib/clock.ts';
import { backOffMs, type RetryOptions } from './retry.ts';

interface Pause {
  attempts: number;
  dueMs: number;
  /** Nothing but this moment of the wall clock is waited for. */
  untilWallMs: number | undefined;
}

export class Pauses {
  readonly #pauses = new Map<string, Pause>();
  readonly #retry: RetryOptions;
  readonly #clocks: Clocks;

  constructor(retry: RetryOptions, clocks: Clocks) {
    this.#retry = retry;
    this.#clocks = clocks;
  }

  /** Failures in a row, as far as they are remembered. */
  attempts(jobId: string): number {
    return this.#pauses.get(jobId)?.attempts ?? 0;
  }

  afterFailure(jobId: string, attempts: number): void {
    this.set(jobId, attempts, backOffMs(attempts, this.#retry));
  }

  set(jobId: string, attempts: number, delayMs: number, untilWallMs?: number): void {
    const dueMs = this.#clocks.monotonicMs() + delayMs;
    this.#pauses.set(jobId, { attempts, dueMs, untilWallMs });
  }

  end(jobId: string): void {
    this.#pauses.delete(jobId);
  }

  /** Forgets every job that is not among `jobIds`. */
  keepOnly(jobIds: ReadonlySet<string>): void {
    for (const jobId of this.#pauses.keys()) if (!jobIds.has(jobId)) this.#pauses.delete(jobId);
  }

  isDue(jobId: string): boolean {
    const pause = this.#pauses.get(jobId);
    if (pause === undefined) return true;
    return this.#leftMs(pause) <= 0;
  }

  /** The moment of the wall clock that the job waits for, while it lies ahead. */
  wallOf(jobId: string): number | undefined {
    const untilWallMs = this.#pauses.get(jobId)?.untilWallMs;
    return untilWallMs !== undefined && untilWallMs > this.#clocks.wallMs()
      ? untilWallMs
      : undefined;
  }

  /** The next moment of the wall clock that a job waits for. */
  nextWallMs(): number | undefined {
    const all = [...this.#pauses.keys()].map((jobId) => this.wallOf(jobId) ?? Infinity);
    const next = Math.min(...all);
    return Number.isFinite(next) ? next : undefined;
  }

  /** Milliseconds to the end of the next pause, but for jobs that run; undefined without one. */
  nextMs(isRunning: (jobId: string) => boolean): number | undefined {
    let next: number | undefined;
    for (const [jobId, pause] of this.#pauses) {
      if (isRunning(jobId)) continue;
      const leftMs = this.#leftMs(pause);
      if (next === undefined || leftMs < next) next = leftMs;
    }
    return next === undefined ? undefined : Math.max(0, next);
  }

  /** By the clock that is waited for: a wall clock that was moved on ends the wait at once. */
  #leftMs({ dueMs, untilWallMs }: Pause): number {
    return untilWallMs === undefined
      ? dueMs - this.#clocks.monotonicMs()
      : untilWallMs - this.#clocks.wallMs();
  }
}
