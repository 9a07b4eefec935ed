// The words of a fault: what it can be, in wire names. What is checked of them stands in fault-spec.ts.
export const FAULT_KINDS = ['error', 'delay', 'drop', 'fail-task'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export interface FaultSpec {
  /** Name in the registry, or `*`. */
  Operation: string;
  Kind: FaultKind;
  /** Calls that meet it (default 1). */
  Times?: number;
  /** Only calls about this region. */
  RegionId?: string;
  /** Only calls of this key. */
  AccessKeyId?: string;
  /** `error`: the code of the answer; `fail-task`: of the task. */
  Code?: string;
  /** `error`, `fail-task`: the message, default the catalogue's. */
  Message?: string;
  /** `error`: milliseconds that the answer asks the client to wait (`x-acs-retry-after`). */
  RetryAfter?: number;
  /** `delay`: milliseconds, on the real clock, between the work and its answer. */
  Delay?: number;
  /** `drop`: the connection ends `before` the call does anything, or `after` its work is done (default). */
  When?: 'before' | 'after';
  /** `fail-task`: percent that the task shows when it fails (default 0). */
  Progress?: number;
}

/** As it waits in a world. */
export interface WaitingFault extends FaultSpec {
  FaultId: string;
  /** Calls that will still meet it. */
  Left: number;
}
