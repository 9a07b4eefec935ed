// What follows an error that no step expected: another attempt after a pause, or the end.
import { StoreUnavailable } from '../blobs/blob-store.ts';
import { deniedEnd, isFull } from '../blobs/file-error.ts';
import { SyncFailure } from '../blobs/folders.ts';
import { stageFailure, type StageFailure } from '../blobs/stage-failure.ts';
import type { JobFailure } from './step.ts';

/** Attempts at one step before the job fails for good. */
export const MAX_ATTEMPTS = 5;
/** Attempts while a store does not answer: a quarter of an hour, with the pauses between them. */
export const MAX_UNAVAILABLE_ATTEMPTS = 20;

export interface RetryOptions {
  firstMs: number;
  mostMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { firstMs: 500, mostMs: 60_000 };

/** How long to wait after the `attempts`-th failure: doubled each time, up to a bound. */
export const backOffMs = (attempts: number, { firstMs, mostMs }: RetryOptions): number =>
  Math.min(mostMs, firstMs * 2 ** Math.max(0, Math.min(attempts, 30) - 1));

/** The end of the job, if the error leaves no other; undefined when another attempt makes sense. */
export const failureOf = (error: unknown, attempts: number): JobFailure | undefined => {
  const known = knownFailure(error);
  if (known !== undefined) return { errorCode: known, errorMessage: stageFailure(known).message };
  if (error instanceof StoreUnavailable)
    return attempts < MAX_UNAVAILABLE_ATTEMPTS
      ? undefined
      : {
          errorCode: 'STORE_UNAVAILABLE',
          errorMessage: `A store of bytes did not answer in ${attempts} attempts; see the server's log.`,
        };
  if (attempts < MAX_ATTEMPTS) return undefined;
  return {
    errorCode: 'INTERNAL',
    errorMessage: `The work failed ${attempts} times for an unexpected reason; see the server's log.`,
  };
};

const DENIED = { source: 'SOURCE_UNREADABLE', target: 'TARGET_UNWRITABLE' } as const;

/** What nobody but the operator can mend, so that another attempt is of no use. */
const knownFailure = (error: unknown): StageFailure | undefined => {
  if (error instanceof SyncFailure) return 'SYNC_FAILED';
  if (isFull(error)) return 'NO_SPACE';
  const end = deniedEnd(error);
  return end === undefined ? undefined : DENIED[end];
};
