// Token buckets by name, all of one rate. Their number is bounded whatever names come: the one that was
// not used for longest is forgotten first, and whoever comes back after that finds a full bucket.
import type { Clocks } from '../lib/clock.ts';

/** Seconds of the rate that may come at once. */
const BURST_SECONDS = 1;
const MAX_BUCKETS = 10_000;

interface Bucket {
  tokens: number;
  filledMs: number;
}

export class TokenBuckets {
  readonly #rate: number;
  readonly #clocks: Pick<Clocks, 'monotonicMs'>;
  /** In order of use, the latest last. */
  readonly #buckets = new Map<string, Bucket>();

  /** `rate` is tokens a second; 0: no limit. */
  constructor(rate: number, clocks: Pick<Clocks, 'monotonicMs'>) {
    this.#rate = rate;
    this.#clocks = clocks;
  }

  get size(): number {
    return this.#buckets.size;
  }

  /** Takes nothing. Milliseconds until there is a token; 0 when there is one. */
  look(name: string): number {
    const bucket = this.#buckets.get(name);
    return bucket === undefined ? 0 : this.#waitMs(bucket);
  }

  /** Takes a token and gives 0, or takes none and gives the milliseconds until there is one. */
  take(name: string): number {
    if (this.#rate === 0) return 0;
    const bucket = this.#buckets.get(name) ?? this.#full();
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    const waitMs = this.#waitMs(bucket);
    if (waitMs === 0) bucket.tokens -= 1;
    return waitMs;
  }

  #full(): Bucket {
    if (this.#buckets.size >= MAX_BUCKETS) {
      const [oldest] = this.#buckets.keys();
      this.#buckets.delete(oldest!);
    }
    return { tokens: this.#rate * BURST_SECONDS, filledMs: this.#clocks.monotonicMs() };
  }

  #waitMs(bucket: Bucket): number {
    const nowMs = this.#clocks.monotonicMs();
    const earned = ((nowMs - bucket.filledMs) / 1_000) * this.#rate;
    bucket.tokens = Math.min(this.#rate * BURST_SECONDS, bucket.tokens + earned);
    bucket.filledMs = nowMs;
    return bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) / this.#rate) * 1_000);
  }
}
