import type { Clocks } from '../lib/clock.ts';

export interface TestClock extends Clocks {
  advance(ms: number): void;
  setWall(ms: number): void;
}

/** A wall clock that stands still until it is moved; the monotonic one is the real one. */
export const testClock = (startMs = Date.UTC(2026, 10, 24, 12, 0, 0)): TestClock => {
  let nowMs = startMs;
  return {
    wallMs: () => nowMs,
    monotonicMs: () => performance.now(),
    advance: (ms) => {
      nowMs += ms;
    },
    setWall: (ms) => {
      nowMs = ms;
    },
  };
};
