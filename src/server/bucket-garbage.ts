// What is swept in buckets: uploads whose time has passed, what lies there and is no object, and what puts
// that were interrupted have left in S3. A storage that is away is asked again by the next sweep, and
// keeps nothing else from being swept.
import { StoreUnavailable } from '../blobs/blob-store.ts';
import { leftoverSource } from '../blobs/bucket-leftovers.ts';
import type { Buckets } from '../blobs/buckets.ts';
import type { GarbageSource } from '../blobs/garbage.ts';
import type { Clocks } from '../lib/clock.ts';
import type { Logger } from './log.ts';
import type { Uploads } from './uploads/uploads.ts';

const DAY_MS = 24 * 3600 * 1000;
const DEFAULT_EXPIRY_DAYS = 7;

export interface BucketGarbageParts {
  options: { multipartExpiryDays?: number; log: Logger };
  uploads: Uploads;
  buckets: Buckets;
  clocks: Clocks;
}

export const bucketGarbage = (parts: BucketGarbageParts): GarbageSource[] => {
  const { options, uploads, buckets, clocks } = parts;
  const days = options.multipartExpiryDays ?? DEFAULT_EXPIRY_DAYS;
  const multipartExpiryMs = days === 0 ? Infinity : days * DAY_MS;
  const limits = () => ({ nowMs: clocks.wallMs(), multipartExpiryMs });
  return [uploads.garbage(), leftoverSource(buckets.growthRoot, limits), putSource(parts, limits)];
};

const putSource = (
  { options, buckets }: BucketGarbageParts,
  limits: () => { nowMs: number; multipartExpiryMs: number },
): GarbageSource => ({
  name: 'bucket-puts',
  async *look(after) {
    const { nowMs, multipartExpiryMs } = limits();
    try {
      for await (const found of buckets.unfinished(nowMs - multipartExpiryMs, after)) {
        const { position, name, drop } = found;
        const remove = async (): Promise<number> => {
          await drop();
          return 0;
        };
        const about = { kind: 'UnfinishedPut', name, place: 'buckets', sizeBytes: 0 } as const;
        yield { position, garbage: { ...about, remove } };
      }
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      options.log.warn({ reason: error.message }, 'the storage of buckets was not swept');
    }
  },
});
