// Reads a stored blob from its first byte to its last and computes its SHA-256, at a bounded rate. It reads
// files, and sleeps, without waiting for others, so it belongs on a worker thread. It only reads. An error of the storage is an answer here; want of
// descriptors or memory is not, since it says nothing about the file.
import { createHash } from 'node:crypto';
import { digestOfHex, type BlobSource } from '../blobs/blob-store.ts';
import { openBlobSource, type ByteSource } from '../blobs/byte-source.ts';
import { errorCode, isMissing } from '../blobs/file-error.ts';
import type { Digest } from '../domain/ids.ts';

export interface HashRequest {
  blob: BlobSource;
  /** Bytes per second at most. */
  rateBytes: number;
}

export type HashOutcome =
  | { outcome: 'hashed'; digest: Digest; sizeBytes: number }
  | { outcome: 'missing' }
  /** `code` as the system gave it, for example EIO. */
  | { outcome: 'unreadable'; code: string }
  | { outcome: 'cancelled' };

/** Opens a blob; undefined when it is not there. A test can let it fail. */
export type OpenBlobSource = (blob: BlobSource) => Promise<ByteSource | undefined>;

export interface HashOptions {
  /** Another thread stores a number other than 0 at index 0, and notifies, to stop the reading. */
  cancel: Int32Array;
  monotonicMs: () => number;
  onProgress?: (readBytes: number) => void;
  progressMs?: number;
  open?: OpenBlobSource;
}

const CHUNK_BYTES = 1024 * 1024;
/** What the storage says of bytes that it cannot give; anything else is a bug or a want. */
const UNREADABLE = new Set(['EIO', 'EACCES', 'EPERM', 'EUCLEAN', 'EBADMSG', 'ENODATA', 'EILSEQ']);

/** @throws StoreUnavailable when the store does not answer: nothing is known of the blob */
export const hashFile = async (
  request: HashRequest,
  options: HashOptions,
): Promise<HashOutcome> => {
  let source: ByteSource | undefined;
  try {
    source = await (options.open ?? openBlobSource)(request.blob);
    return source === undefined ? { outcome: 'missing' } : await readAll(source, request, options);
  } catch (error) {
    if (isMissing(error)) return { outcome: 'missing' };
    const code = errorCode(error);
    if (UNREADABLE.has(code)) return { outcome: 'unreadable', code };
    throw error;
  } finally {
    await source?.close();
  }
};

const readAll = async (
  source: ByteSource,
  { rateBytes }: HashRequest,
  { cancel, monotonicMs, onProgress, progressMs = 500 }: HashOptions,
): Promise<HashOutcome> => {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const beganMs = monotonicMs();
  let toldMs = beganMs;
  for (let at = 0; ;) {
    if (Atomics.load(cancel, 0) !== 0) return { outcome: 'cancelled' };
    const count = await source.read(chunk, at);
    if (count === 0)
      return { outcome: 'hashed', digest: digestOfHex(hash.digest('hex')), sizeBytes: at };
    hash.update(chunk.subarray(0, count));
    at += count;
    const nowMs = monotonicMs();
    // Sleeps as long as the reading is ahead of its rate; a cancellation wakes it.
    const aheadMs = (at / rateBytes) * 1000 - (nowMs - beganMs);
    if (aheadMs > 1) Atomics.wait(cancel, 0, 0, aheadMs);
    if (nowMs - toldMs < progressMs) continue;
    toldMs = nowMs;
    onProgress?.(at);
  }
};
