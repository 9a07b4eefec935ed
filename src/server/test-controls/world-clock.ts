// The clock of a world: wall time that can be moved, set and frozen; the monotonic clock is the real one
// and never moves, so that leases and time-outs stay what they are. It only moves forward by `advance`;
// `set` may go back, as clocks do.
import { systemClocks, type Clocks } from '../../lib/clock.ts';
import type { SignatureClock } from '../call-watch.ts';
import { WINDOW_MS } from '../nonces.ts';
import type { SignatureMode } from './signature-mode.ts';

export interface ClockState {
  /** The world's wall clock, milliseconds since the epoch. */
  nowMs: number;
  isFrozen: boolean;
  signatures: SignatureMode;
}

export class WorldClock implements Clocks, SignatureClock {
  /** Beside the real clock; while frozen the wall clock is `#frozenMs` instead. */
  #offsetMs = 0;
  #frozenMs: number | undefined;
  #signatures: SignatureMode = 'either';

  // Clocks are handed on function by function.
  readonly wallMs = (): number => this.#frozenMs ?? systemClocks.wallMs() + this.#offsetMs;
  readonly monotonicMs = systemClocks.monotonicMs;

  /** Official clients sign by the machine's clock, wherever the world's may be. */
  readonly nowMs = (timestampMs: number): number => {
    const wallMs = this.wallMs();
    if (this.#signatures === 'wall' || Math.abs(timestampMs - wallMs) <= WINDOW_MS) return wallMs;
    return systemClocks.wallMs();
  };

  readonly leastMs = (): number => Math.min(this.wallMs(), systemClocks.wallMs());

  state(): ClockState {
    return {
      nowMs: this.wallMs(),
      isFrozen: this.#frozenMs !== undefined,
      signatures: this.#signatures,
    };
  }

  /** The world's time is `nowMs` from here on, running or frozen as before. */
  set(nowMs: number): void {
    if (this.#frozenMs !== undefined) this.#frozenMs = nowMs;
    else this.#offsetMs = nowMs - systemClocks.wallMs();
  }

  freeze(): void {
    this.#frozenMs ??= this.wallMs();
  }

  /** Runs again, from where it stands. */
  run(): void {
    const nowMs = this.wallMs();
    this.#frozenMs = undefined;
    this.set(nowMs);
  }

  advance(ms: number): void {
    this.set(this.wallMs() + ms);
  }

  signBy(mode: SignatureMode): void {
    this.#signatures = mode;
  }

  /** As it stood when the state was taken. */
  take({ nowMs, isFrozen, signatures }: ClockState): void {
    this.#frozenMs = isFrozen ? nowMs : undefined;
    this.set(nowMs);
    this.#signatures = signatures;
  }

  /** As a new world's. */
  reset(): void {
    this.#offsetMs = 0;
    this.#frozenMs = undefined;
    this.#signatures = 'either';
  }
}
