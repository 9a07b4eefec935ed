import { StoreUnavailable } from '../../blobs/blob-store.ts';
import { GrowthStopped } from '../../blobs/growing-file.ts';
import { UploadLocked } from './locks.ts';

/** What a client of an upload's URL is told, in one sentence. */
export interface UploadAnswer {
  status: number;
  message: string;
}

/** A refusal in the form in which the protocol's server hands it on. */
export class UploadRefused extends Error {
  override readonly name = 'UploadRefused';
  readonly status_code: number;
  readonly body: string;
  constructor({ status, message }: UploadAnswer) {
    super(message);
    this.status_code = status;
    this.body = `${message}\n`;
  }
}

const FAULTS: Readonly<Record<GrowthStopped['fault'], UploadAnswer>> = {
  TOO_LONG: { status: 413, message: 'More bytes came than the upload was made for.' },
  NO_SPACE: {
    status: 507,
    message: 'There is no room for more bytes; the upload goes on from here once there is.',
  },
  UNWRITABLE: {
    status: 500,
    message: 'The bytes cannot be written; the log of the server says why.',
  },
};

const AWAY: UploadAnswer = {
  status: 503,
  message: 'The storage of the bucket does not answer; what came is kept, ask again.',
};

/** Nothing of the inside is told: what nobody expected is an error of the server. */
export const answerOf = (error: unknown): UploadAnswer => {
  if (error instanceof GrowthStopped) return FAULTS[error.fault];
  if (error instanceof UploadRefused) return { status: error.status_code, message: error.message };
  if (error instanceof UploadLocked) return { status: 423, message: error.message };
  if (error instanceof StoreUnavailable) return AWAY;
  return { status: 500, message: 'The upload failed; the log of the server says why.' };
};
