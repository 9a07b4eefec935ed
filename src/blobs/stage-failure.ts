// How bytes on their way into a file can fail, for those who write without waiting for others: what a fault
// of source or target means, thrown from the depth of the work and turned into a value at its top.
import { writeSync } from 'node:fs';
import { errorCode, isFull } from './file-error.ts';

export type StageFailure =
  | 'NO_SPACE'
  | 'SOURCE_CHANGED'
  | 'SOURCE_UNREADABLE'
  | 'IO_ERROR'
  | 'TARGET_UNWRITABLE'
  /** An fsync failed; it is never asked again. */
  | 'SYNC_FAILED';

/** How work ends that does not come to its end. */
export type Stopped =
  /** The partial file stays. */
  | { outcome: 'cancelled'; stagedBytes: number }
  | { outcome: 'failed'; reason: StageFailure; message: string };

const MESSAGES: Readonly<Record<StageFailure, string>> = {
  NO_SPACE: 'There is not enough free space to store the source.',
  SOURCE_CHANGED: 'The source has changed since the request was accepted.',
  SOURCE_UNREADABLE: 'The source cannot be read.',
  IO_ERROR: 'The storage reported an error while the source was copied.',
  TARGET_UNWRITABLE: 'The folder that the copy belongs into cannot be written to.',
  SYNC_FAILED: 'The storage reported an error while the copy was written to disk.',
};

export const stageFailure = (reason: StageFailure): Extract<Stopped, { outcome: 'failed' }> => ({
  outcome: 'failed',
  reason,
  message: MESSAGES[reason],
});

/** An expected end, thrown from its depth and turned into a value at its top. */
export class Stop extends Error {
  readonly outcome: Stopped;
  constructor(outcome: Stopped) {
    super(outcome.outcome);
    this.outcome = outcome;
  }
}

export const stop = (reason: StageFailure): never => {
  throw new Stop(stageFailure(reason));
};

export const writeFull = (fd: number, bytes: Uint8Array, position: number): void => {
  let written = 0;
  while (written < bytes.length)
    written += writeSync(fd, bytes, written, bytes.length - written, position + written);
};

export const onSource = async <T>(act: () => T | Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    return errorCode(error) === '' ? rethrow(error) : stop('SOURCE_UNREADABLE');
  }
};

/** Want of room and faults of the disk are answers; anything else is a bug. */
export const onTarget = <T>(act: () => T): T => {
  try {
    return act();
  } catch (error) {
    if (isFull(error)) return stop('NO_SPACE');
    const code = errorCode(error);
    if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return stop('TARGET_UNWRITABLE');
    return code === 'EIO' ? stop('IO_ERROR') : rethrow(error);
  }
};

const rethrow = (error: unknown): never => {
  throw error;
};
