import { backOffMs, type RetryOptions } from './retry.ts';

interface Pause {
  attempts: number;
  dueMs: number;
}

/**
 * Which jobs wait for their next attempt, on the monotonic clock. Memory only: after a restart every
 * job is tried at once, which is a fine time to try.
 */
export class Pauses {
  readonly #pauses = new Map<string, Pause>();
  readonly #retry: RetryOptions;
  readonly #monotonicMs: () => number;

  constructor(retry: RetryOptions, monotonicMs: () => number) {
    this.#retry = retry;
    this.#monotonicMs = monotonicMs;
  }

  /** Failures in a row, as far as they are remembered. */
  attempts(jobId: string): number {
    return this.#pauses.get(jobId)?.attempts ?? 0;
  }

  afterFailure(jobId: string, attempts: number): void {
    this.set(jobId, attempts, backOffMs(attempts, this.#retry));
  }

  set(jobId: string, attempts: number, delayMs: number): void {
    this.#pauses.set(jobId, { attempts, dueMs: this.#monotonicMs() + delayMs });
  }

  end(jobId: string): void {
    this.#pauses.delete(jobId);
  }

  /** Forgets every job that is not among `jobIds`. */
  keepOnly(jobIds: ReadonlySet<string>): void {
    for (const jobId of this.#pauses.keys()) if (!jobIds.has(jobId)) this.#pauses.delete(jobId);
  }

  isDue(jobId: string): boolean {
    return (this.#pauses.get(jobId)?.dueMs ?? 0) <= this.#monotonicMs();
  }

  /** Milliseconds to the end of the next pause, but for jobs that run; undefined without one. */
  nextMs(isRunning: (jobId: string) => boolean): number | undefined {
    let next: number | undefined;
    for (const [jobId, { dueMs }] of this.#pauses)
      if (!isRunning(jobId) && (next === undefined || dueMs < next)) next = dueMs;
    return next === undefined ? undefined : Math.max(0, next - this.#monotonicMs());
  }
}
