import { pipeline, Transform, type Readable } from 'node:stream';
import { StoreUnavailable } from '../blob-store.ts';

/**
 * The stream, which fails unless it carries exactly `sizeBytes`: an answer that ends early, or goes on
 * too long, must never look like a whole one. Destroying it destroys `source`.
 */
export const exactly = (source: Readable, sizeBytes: number, what: string): Readable => {
  let seenBytes = 0;
  const fault = (how: string, cause?: unknown): StoreUnavailable =>
    new StoreUnavailable(`${what} broke off: ${how} ${seenBytes} of ${sizeBytes} bytes came.`, {
      cause,
    });
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      seenBytes += chunk.length;
      if (seenBytes > sizeBytes) done(fault('more than asked;'));
      else done(null, chunk);
    },
    flush(done) {
      done(seenBytes === sizeBytes ? null : fault('it ended early;'));
    },
  });
  source.once('error', (cause) => counted.destroy(fault('the connection failed;', cause)));
  pipeline(source, counted, () => undefined);
  return counted;
};
