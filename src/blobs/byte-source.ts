// Bytes that a worker thread copies from, whatever keeps them: a file, an object in a bucket, a blob in
// a store. A source is read from its start to its end in chunks; it says by its version whether it is
// still what it was.
import { constants, fstatSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { BlobSource } from './blob-store.ts';
import type { ObjectSource } from './buckets.ts';
import { isMissing } from './file-error.ts';
import { versionOf } from './file-version.ts';
import { openObjectFile } from './object-files.ts';

export interface ByteSource {
  /** As it was when it was opened. */
  readonly sizeBytes: number;
  /** Changes whenever the bytes may have changed. */
  version(): string;
  /**
   * Fills `bytes` from `position` on; gives how many there were, fewer only at the end.
   * @throws StoreUnavailable when the store does not answer, or breaks off
   */
  read(bytes: Uint8Array, position: number): number | Promise<number>;
  close(): Promise<void>;
}

/** The source over a file that is open for reading; closing it closes the file. */
export const fileSource = (handle: FileHandle): ByteSource => ({
  sizeBytes: fstatSync(handle.fd).size,
  version: () => versionOf(fstatSync(handle.fd, { bigint: true })),
  read: (bytes, position) => readFull(handle.fd, bytes, position),
  close: () => handle.close(),
});

/** Undefined when the store has no such blob. */
export const openBlobSource = async (blob: BlobSource): Promise<ByteSource | undefined> => {
  if (blob.kind === 's3') {
    const { openS3Source } = await import('./s3/source.ts');
    return openS3Source(blob.settings, blob.key);
  }
  try {
    return fileSource(await open(blob.path, constants.O_RDONLY | constants.O_NOFOLLOW));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** Undefined when there is no such object. */
export const openObjectSource = async (source: ObjectSource): Promise<ByteSource | undefined> => {
  if (source.kind === 's3') {
    const { openS3ObjectSource } = await import('./s3/source.ts');
    return openS3ObjectSource(source.settings, source.key);
  }
  const file = await openObjectFile(source.root, source.bucket, source.object);
  return file && fileSource(file.handle);
};

/** Fills `bytes` from `position` on; returns how many there were. */
export const readFull = (fd: number, bytes: Uint8Array, position: number): number => {
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
};
