// A blob in S3 as a worker reads it: one answer that streams, read on from where it stands. Its
// connection is opened by the worker itself, with credentials from the environment.
import type { Readable } from 'node:stream';
import type { ByteSource } from '../byte-source.ts';
import { openS3 } from './client.ts';
import { headObject, openObject } from './objects.ts';
import { StoreUnavailable } from '../blob-store.ts';
import type { S3Settings } from './settings.ts';

export const openS3Source = async (
  settings: S3Settings,
  key: string,
): Promise<ByteSource | undefined> => {
  const access = await openS3(settings);
  const close = async (): Promise<void> => {
    open?.stream.destroy();
    access.client.destroy();
  };
  let open:
    | { stream: Readable; at: number; chunks: AsyncIterator<Buffer>; rest: Buffer }
    | undefined;
  const found = await headObject(access, key);
  if (found === undefined) {
    await close();
    return undefined;
  }
  const { sizeBytes } = found;

  const openAt = async (start: number): Promise<NonNullable<typeof open>> => {
    if (open?.at === start) return open;
    open?.stream.destroy();
    const answer = await openObject(access, key, { start, end: sizeBytes });
    if (answer === undefined) throw new StoreUnavailable('The blob went while it was read.');
    const { stream } = answer;
    const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>; // of bytes, never text
    return (open = { stream, at: start, chunks, rest: Buffer.alloc(0) });
  };

  return {
    sizeBytes,
    // Named by its digest, which the reader compares: it cannot become another unseen.
    version: () => key,
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
