import { readSync } from 'node:fs';

/** The longest single read: the largest qcow2 cluster is 2 MiB, and its compressed form a bit more. */
export const MAX_READ_BYTES = 4 * 1024 * 1024;

/** Random access to the bytes of a disk image, bounded. */
export interface DiskReader {
  readonly sizeBytes: number;
  /**
   * Up to `length` bytes at `offset`; short only at the end of the image.
   * The answer may share memory with the image: look at it, never write into it.
   * @param scratch at least `length` bytes that may hold the answer; whoever reads much gives it
   * @throws RangeError when asked for more than {@link MAX_READ_BYTES} or for no whole position.
   */
  read(offset: number, length: number, scratch?: Uint8Array): Uint8Array;
}

/** How many bytes really lie at `offset`, after the bounds that every reader keeps. */
function available(sizeBytes: number, offset: number, length: number): number {
  if (!Number.isSafeInteger(offset) || offset < 0) throw new RangeError('offset is not a position');
  if (!Number.isSafeInteger(length) || length < 0 || length > MAX_READ_BYTES)
    throw new RangeError('length is out of bounds');
  return Math.max(0, Math.min(length, sizeBytes - offset));
}

/** Reads an image that lies in memory; nothing is copied. */
export function bufferReader(bytes: Uint8Array): DiskReader {
  return {
    sizeBytes: bytes.length,
    read(offset, length) {
      const count = available(bytes.length, offset, length);
      return bytes.subarray(offset, offset + count);
    },
  };
}

/**
 * Reads an image through a source that may answer with fewer bytes than it was asked for, as every
 * file may: how it cuts them makes no difference to who reads.
 * @param readInto fills the beginning of `bytes` from `offset` on; 0 means that there is no more
 */
export function positionedReader(
  sizeBytes: number,
  readInto: (bytes: Uint8Array, offset: number) => number,
): DiskReader {
  return {
    sizeBytes,
    read(offset, length, scratch) {
      const count = available(sizeBytes, offset, length);
      const bytes = scratch?.subarray(0, count) ?? new Uint8Array(count);
      let filled = 0;
      while (filled < bytes.length) {
        const more = readInto(bytes.subarray(filled), offset + filled);
        if (more === 0) break; // the file shrank since it was measured
        filled += more;
      }
      return bytes.subarray(0, filled);
    },
  };
}

/**
 * Reads an image from an open file by position (the file's own position is not used).
 * @param fd stays open and belongs to the caller
 * @param sizeBytes the size that was measured on this same descriptor
 */
export function fileReader(fd: number, sizeBytes: number): DiskReader {
  return positionedReader(sizeBytes, (bytes, offset) =>
    readSync(fd, bytes, 0, bytes.length, offset),
  );
}
