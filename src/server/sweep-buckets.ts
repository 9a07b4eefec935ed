// What the sweep does for buckets: uploads whose time has passed, and what lies there and is no object. A
// storage that is away is asked again by the next sweep, and keeps nothing else from being swept.
import { StoreUnavailable } from '../blobs/blob-store.ts';
import { sweepLeftovers } from '../blobs/bucket-leftovers.ts';
import type { Buckets } from '../blobs/buckets.ts';
import type { Clocks } from '../lib/clock.ts';
import type { Logger } from './log.ts';
import type { Uploads } from './uploads/uploads.ts';

const DAY_MS = 24 * 3600 * 1000;
const DEFAULT_EXPIRY_DAYS = 7;

export interface BucketSweepParts {
  options: { multipartExpiryDays?: number; log: Logger };
  uploads: Uploads;
  buckets: Buckets;
  clocks: Clocks;
}

export const sweepBuckets = async (parts: BucketSweepParts): Promise<void> => {
  const { options, uploads, buckets, clocks } = parts;
  const { log, multipartExpiryDays: days = DEFAULT_EXPIRY_DAYS } = options;
  const nowMs = clocks.wallMs();
  const multipartExpiryMs = days === 0 ? Infinity : days * DAY_MS;
  let removed = await sweepLeftovers(buckets.growthRoot, { nowMs, multipartExpiryMs });
  try {
    await uploads.sweep();
    removed += await buckets.dropUnfinished(nowMs - multipartExpiryMs);
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    log.warn({ reason: error.message }, 'the storage of buckets was not swept');
  }
  if (removed > 0) log.info({ removed }, 'unfinished uploads removed from buckets');
};
