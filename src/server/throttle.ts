// How many calls may be made, on the clock that never steps: by an account for each class of operations,
// and by an address where no account is proven. Two things keep one account's flood from the others: a call
// beyond the rate is refused before its signature is computed, and its answer waits a moment, so that a
// client which asks again at once cannot spin. Nobody without a right signature takes a token of an account,
// and what an address did wrong is never held against a call of it that is right.
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '../errors.ts';
import type { Clocks } from '../lib/clock.ts';
import type { Operation } from '../operation.ts';
import { TokenBuckets } from './token-buckets.ts';

export type OperationClass = 'read' | 'write';
/** Calls that need no signature; calls whose key or signature is not right. */
export type AddressClass = 'anonymous' | 'failed';

/** Calls a second, of one account or from one address; a second's worth may come at once. 0: no limit. */
export type ThrottleRates = Readonly<Record<OperationClass | AddressClass, number>>;

/** Far above what a person, a pipeline or a test suite needs, or all that share one address. */
export const DEFAULT_RATES: ThrottleRates = { read: 1_000, write: 500, anonymous: 100, failed: 50 };

/** How long the answer to a refused call waits, milliseconds, spread so that calls do not come back together. */
const LEAST_PAUSE_MS = 100;
const PAUSE_STEPS = 101;
/** Coprime to the steps: one after the other lands far apart. */
const PAUSE_STEP = 37;
/** How many answers wait at most. */
const MAX_WAITING = 1_000;

export const classOf = ({ kind }: Operation): OperationClass =>
  kind === 'read' ? 'read' : 'write';

export class Throttle {
  readonly #buckets: Readonly<Record<OperationClass | AddressClass, TokenBuckets>>;
  #waiting = 0;
  #paused = 0;

  /** A rate that is left out is no limit. */
  constructor(rates: Partial<ThrottleRates>, clocks: Clocks) {
    const { read = 0, write = 0, anonymous = 0, failed = 0 } = rates;
    this.#buckets = {
      read: new TokenBuckets(read, clocks),
      write: new TokenBuckets(write, clocks),
      anonymous: new TokenBuckets(anonymous, clocks),
      failed: new TokenBuckets(failed, clocks),
    };
  }

  /** Takes nothing: whether a call would be let in now. @throws ApiError Throttling.User */
  look(accountId: string, operationClass: OperationClass): void {
    refuseFor(this.#buckets[operationClass].look(accountId));
  }

  /** @throws ApiError Throttling.User */
  take(accountId: string, operationClass: OperationClass): void {
    refuseFor(this.#buckets[operationClass].take(accountId));
  }

  /** @throws ApiError Throttling.User */
  takeFrom(address: string, addressClass: AddressClass): void {
    refuseFor(this.#buckets[addressClass].take(networkOf(address)));
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
}

const refuseFor = (retryAfterMs: number): void => {
  if (retryAfterMs > 0) throw new ApiError('Throttling.User', { retryAfterMs });
};

const IPV6_GROUPS = 8;
/** What one customer of a network has at least: /64. */
const KEPT_GROUPS = 4;

/** An IPv4 address, or the network of an IPv6 address, whose last half its host chooses at will. */
export const networkOf = (address: string): string => {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = Math.max(0, IPV6_GROUPS - groups.length - rest.length);
  const all = [...groups, ...Array<string>(missing).fill('0'), ...rest];
  return `${all.slice(0, KEPT_GROUPS).join(':')}::/64`;
};
