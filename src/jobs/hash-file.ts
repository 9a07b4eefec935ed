// Reads a file from its first byte to its last and computes its SHA-256, at a bounded rate. Synchronous,
// so it belongs on a worker thread. It only reads. An error of the storage is an answer here; want of
// descriptors or memory is not, since it says nothing about the file.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { digestOfHex } from '../blobs/blob-store.ts';
import { errorCode, isMissing } from '../blobs/file-error.ts';
import type { Digest } from '../domain/ids.ts';

export interface HashRequest {
  path: string;
  /** Bytes per second at most. */
  rateBytes: number;
}

export type HashOutcome =
  | { outcome: 'hashed'; digest: Digest; sizeBytes: number }
  | { outcome: 'missing' }
  /** `code` as the system gave it, for example EIO. */
  | { outcome: 'unreadable'; code: string }
  | { outcome: 'cancelled' };

/** The calls to the system, so that a test can let them fail. */
export interface FileCalls {
  open(path: string): number;
  isFile(fd: number): boolean;
  read(fd: number, bytes: Uint8Array, position: number): number;
  close(fd: number): void;
}

export const fileCalls: FileCalls = {
  open: (path) => openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW),
  isFile: (fd) => fstatSync(fd).isFile(),
  read: (fd, bytes, position) => readSync(fd, bytes, 0, bytes.length, position),
  close: closeSync,
};

export interface HashOptions {
  /** Another thread stores a number other than 0 at index 0, and notifies, to stop the reading. */
  cancel: Int32Array;
  monotonicMs: () => number;
  onProgress?: (readBytes: number) => void;
  progressMs?: number;
  calls?: FileCalls;
}

const CHUNK_BYTES = 1024 * 1024;
/** What the storage says of bytes that it cannot give; anything else is a bug or a want. */
const UNREADABLE = new Set(['EIO', 'EACCES', 'EPERM', 'EUCLEAN', 'EBADMSG', 'ENODATA', 'EILSEQ']);

export const hashFile = (request: HashRequest, options: HashOptions): HashOutcome => {
  const calls = options.calls ?? fileCalls;
  let fd: number | undefined;
  try {
    fd = calls.open(request.path);
    return calls.isFile(fd) ? readAll(fd, request, calls, options) : { outcome: 'missing' };
  } catch (error) {
    if (isMissing(error)) return { outcome: 'missing' };
    const code = errorCode(error);
    if (UNREADABLE.has(code)) return { outcome: 'unreadable', code };
    throw error;
  } finally {
    if (fd !== undefined) calls.close(fd);
  }
};

const readAll = (
  fd: number,
  { rateBytes }: HashRequest,
  calls: FileCalls,
  { cancel, monotonicMs, onProgress, progressMs = 500 }: HashOptions,
): HashOutcome => {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const beganMs = monotonicMs();
  let toldMs = beganMs;
  for (let at = 0; ;) {
    if (Atomics.load(cancel, 0) !== 0) return { outcome: 'cancelled' };
    const count = calls.read(fd, chunk, at);
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
