// A blob, or an object of a bucket, in S3 as a worker reads it: one answer that streams, read on from where
// it stands. Its connection is opened by the worker itself, with credentials from the environment.
import type { Readable } from 'node:stream';
import type { ByteSource } from '../byte-source.ts';
import { versionOfHead } from './bucket-objects.ts';
import { BUCKETS_MARK, openS3, type S3Access } from './client.ts';
import { headObject, openObject, type ObjectHead } from './objects.ts';
import { StoreUnavailable } from '../blob-store.ts';
import type { S3Settings } from './settings.ts';

/** Of a blob: named by its digest, which the reader compares, so that it cannot become another unseen. */
export const openS3Source = async (
  settings: S3Settings,
  key: string,
): Promise<ByteSource | undefined> => open(await openS3(settings), key, () => ({ version: key }));

/** Of an object, which others may replace: every answer must be of the content that was there at first. */
export const openS3ObjectSource = async (
  settings: S3Settings,
  key: string,
): Promise<ByteSource | undefined> =>
  open(await openS3(settings, BUCKETS_MARK), key, (head) => ({
    version: versionOfHead(head),
    etag: head.etag,
  }));

const open = async (
  access: S3Access,
  key: string,
  identify: (head: ObjectHead) => { version: string; etag?: string },
): Promise<ByteSource | undefined> => {
  const close = async (): Promise<void> => {
    reading?.stream.destroy();
    access.client.destroy();
  };
  let reading:
    | { stream: Readable; at: number; chunks: AsyncIterator<Buffer>; rest: Buffer }
    | undefined;
  const found = await headObject(access, key);
  if (found === undefined) {
    await close();
    return undefined;
  }
  const { sizeBytes } = found;
  const { version, etag } = identify(found);

  const openAt = async (start: number): Promise<NonNullable<typeof reading>> => {
    if (reading?.at === start) return reading;
    reading?.stream.destroy();
    const answer = await openObject(access, key, {
      range: { start, end: sizeBytes },
      ...(etag !== undefined && { etag }),
    });
    if (answer === undefined) throw new StoreUnavailable('The blob went while it was read.');
    const { stream } = answer;
    const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>; // of bytes, never text
    return (reading = { stream, at: start, chunks, rest: Buffer.alloc(0) });
  };

  return {
    sizeBytes,
    version: () => version,
    async read(bytes, position) {
      const wanted = Math.min(bytes.length, sizeBytes - position);
      if (wanted <= 0) return 0;
      const from = await openAt(position);
      let filled = 0;
      while (filled < wanted) {
        if (from.rest.length === 0) {
          const next = await from.chunks.next();
          if (next.done === true) throw new StoreUnavailable('The blob ended early.');
          from.rest = next.value;
        }
        const part = from.rest.subarray(0, wanted - filled);
        bytes.set(part, filled);
        from.rest = from.rest.subarray(part.length);
        filled += part.length;
      }
      from.at += filled;
      return filled;
    },
    close,
  };
};
