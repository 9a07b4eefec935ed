// How many calls an account may make: a token bucket for each account and class of operations, on the
// clock that never steps. Two things keep one account's flood from the others: a call beyond the rate is
// refused before its signature is computed, and its answer waits a moment, so that a client which asks
// again at once cannot spin. Nobody without a right signature takes a token of an account.
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../errors.ts';
import type { Clocks } from '../lib/clock.ts';
import type { Operation } from '../operation.ts';

export type OperationClass = 'read' | 'write';

/** Calls a second of one account; as many seconds' worth may come at once. 0: no limit. */
export type ThrottleRates = Readonly<Record<OperationClass, number>>;

/** Far above what a person, a pipeline or a test suite needs. */
export const DEFAULT_RATES: ThrottleRates = { read: 1_000, write: 500 };
export const NO_RATES: ThrottleRates = { read: 0, write: 0 };

/** Seconds of the rate that may come at once. */
const BURST_SECONDS = 1;
/** How long the answer to a refused call waits, milliseconds, spread so that calls do not come back together. */
const LEAST_PAUSE_MS = 100;
const PAUSE_STEPS = 101;
/** Coprime to the steps: one after the other lands far apart. */
const PAUSE_STEP = 37;
/** How many answers wait at most. */
const MAX_WAITING = 1_000;
/** Buckets that are kept; a full one is forgotten when room is needed. */
const MAX_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  filledMs: number;
}

export const classOf = ({ kind }: Operation): OperationClass =>
  kind === 'read' ? 'read' : 'write';

export class Throttle {
  readonly #rates: ThrottleRates;
  readonly #clocks: Clocks;
  readonly #buckets = new Map<string, Bucket>();
  #waiting = 0;
  #paused = 0;

  constructor(rates: ThrottleRates, clocks: Clocks) {
    this.#rates = rates;
    this.#clocks = clocks;
  }

  /** Takes nothing: whether a call would be let in now. @throws ApiError Throttling.User */
  look(accountId: string, operationClass: OperationClass): void {
    const bucket = this.#buckets.get(`${operationClass} ${accountId}`);
    if (bucket !== undefined) this.#fill(bucket, this.#rates[operationClass], false);
  }

  /** @throws ApiError Throttling.User */
  take(accountId: string, operationClass: OperationClass): void {
    const rate = this.#rates[operationClass];
    if (rate === 0) return;
    const name = `${operationClass} ${accountId}`;
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      if (this.#buckets.size >= MAX_BUCKETS) this.#forgetFull();
      bucket = { tokens: rate * BURST_SECONDS, filledMs: this.#clocks.monotonicMs() };
      this.#buckets.set(name, bucket);
    }
    this.#fill(bucket, rate, true);
  }

  /** Before a refusal is answered. */
  async pause(): Promise<void> {
    if (this.#waiting >= MAX_WAITING) return;
    this.#waiting += 1;
    this.#paused += 1;
    try {
      await sleep(LEAST_PAUSE_MS + ((this.#paused * PAUSE_STEP) % PAUSE_STEPS));
    } finally {
      this.#waiting -= 1;
    }
  }

  #fill(bucket: Bucket, rate: number, takesOne: boolean): void {
    const nowMs = this.#clocks.monotonicMs();
    const earned = ((nowMs - bucket.filledMs) / 1_000) * rate;
    bucket.tokens = Math.min(rate * BURST_SECONDS, bucket.tokens + earned);
    bucket.filledMs = nowMs;
    if (bucket.tokens < 1)
      throw new ApiError('Throttling.User', {
        retryAfterMs: Math.ceil(((1 - bucket.tokens) / rate) * 1_000),
      });
    if (takesOne) bucket.tokens -= 1;
  }

  /** A bucket that is full says no more than none. */
  #forgetFull(): void {
    const nowMs = this.#clocks.monotonicMs();
    for (const [name, { filledMs }] of this.#buckets)
      if (nowMs - filledMs >= BURST_SECONDS * 1_000) this.#buckets.delete(name);
  }
}
