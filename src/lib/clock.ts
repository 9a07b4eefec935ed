/** Two clocks, both injected. Never call `Date.now()` or `performance.now()` elsewhere. */
export interface Clocks {
  /** Milliseconds since the epoch, UTC. Signatures, CreationTime, tokens, schedules. Movable in tests. */
  wallMs(): number;
  /** Milliseconds on a clock that never steps. Leases, retries, throttling, time-outs. */
  monotonicMs(): number;
}

export const systemClocks: Clocks = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** `2018-01-10T01:01:10Z`: the time form of images and snapshots, whole seconds, UTC. */
export const formatSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** `2015-11-24T12:50Z`: the time form of tasks and filters, whole minutes, UTC. */
export const formatMinutes = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16)}Z`;
