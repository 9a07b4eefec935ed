import type { Actor } from '../domain/tx.ts';
import type { JobParts } from './step.ts';

/** Who a job is in the journal; every write of a job is a request of its own. */
export const jobActor = (parts: Pick<JobParts, 'random' | 'clocks'>, jobId: string): Actor => ({
  principal: `kindred:job:${jobId}`,
  requestId: parts.random.uuid().toUpperCase(),
  nowMs: parts.clocks.wallMs(),
});
