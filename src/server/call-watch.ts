import type { PlannedFailure } from '../jobs/step.ts';
import type { Job } from '../domain/job.ts';
import type { WireResponse } from '../wire/request.ts';
import type { Exchange } from './exchange.ts';

/**
 * What the test controls see of calls and may do to them. A server without test controls has none; there
 * is no other way for anything to get between a call and its operation.
 */
export interface CallWatch {
  /** The call has every right to go on. It may wait, or end in an error here. @throws ApiError */
  beforeOperation(exchange: Exchange): Promise<void> | undefined;
  /** The answer is rendered and may be replaced, held back, or dropped. */
  answered(exchange: Exchange, response: WireResponse, code: string): Promise<WireResponse>;
  /** How a job is to end at its next step; undefined: by its own work. */
  plannedFailure(job: Job): Promise<PlannedFailure | undefined>;
}

/** The clock that timestamps of signatures are held against; the wall clock, unless a test moved it. */
export interface SignatureClock {
  nowMs(timestampMs: number): number;
  /** Not later than any `nowMs`: what is older than a window before it is never accepted again. */
  leastMs(): number;
}
