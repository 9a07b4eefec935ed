// Bytes that come into a bucket by a secret URL. The row owns the file that grows: whatever the file is
// called, it is there because a row says so, and goes before its row does.
import type { AccountId, UploadId } from './ids.ts';

export type UploadStatus =
  /** Bytes are awaited. */
  | 'Uploading'
  /** Every byte is on disk and checked; the file is given the object's name. */
  | 'Finishing'
  /** The object is there. The row stays for a while, for a client that lost the last answer. */
  | 'Finished'
  /** What came was refused; the message says why. */
  | 'Failed'
  /** Its file is being removed, then the row goes. */
  | 'Deleting';

export interface Upload {
  uploadId: UploadId;
  accountId: AccountId;
  bucket: string;
  object: string;
  /** Of the whole object, as promised when the upload was made. */
  sizeBytes: number;
  /** 64 hexadecimal digits that the bytes must have; empty when nothing was promised. */
  sha256: string;
  status: UploadStatus;
  /** The file with all its bytes, so that it is known under either name; empty before. */
  version: string;
  /** Why it failed; empty otherwise. */
  message: string;
  creationMs: number;
  /** From then on the URL opens nothing, and what has come is removed. */
  expiresMs: number;
}

/** As large as ImportImage reads: the largest disk (2048 GiB) as a raw file, and room for tables. */
export const MAX_UPLOAD_BYTES = 2050 * 2 ** 30;
/** How long an upload may take. */
export const UPLOAD_MS = 7 * 24 * 60 * 60_000;
/** How much must stay free where the bytes grow. */
export const UPLOAD_FLOOR_BYTES = 64 * 2 ** 20;
