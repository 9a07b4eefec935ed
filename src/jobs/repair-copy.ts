// A damaged copy is made whole from another store: copied and hashed in a worker into the staging of the
// damaged store, then moved over the damaged bytes in one step. Nothing is served of the damaged copy
// meanwhile, since its row says what it is; the bytes that were damaged are gone then.
import { join } from 'node:path';
import { hexOf } from '../blobs/blob-store.ts';
import type { BlobPlace } from '../blobs/blob-stores.ts';
import { holderOf } from '../blobs/holder.ts';
import { DEFAULT_FLOOR_BYTES } from '../blobs/stage.ts';
import type { DuePlacement } from '../domain/blob.ts';
import type { JobContext } from './step.ts';
import { restoreCopy } from './verify-copy.ts';

/** A name that belongs to no image: the sweep takes what a crash leaves of it after a day. */
const repairName = (copy: DuePlacement): string => `repair-${hexOf(copy.digest)}`;

/**
 * `impossible`: no store has whole bytes, or there is no room. `suspect`: the copy in the store of that
 * name is damaged too, and must be read next.
 */
export const repairCopy = async (
  ctx: JobContext,
  verificationId: string,
  place: BlobPlace,
  copy: DuePlacement,
): Promise<'repaired' | 'impossible' | 'stopped' | { suspect: string }> => {
  const { digest, sizeBytes } = copy;
  const holder = await holderOf(ctx, digest, sizeBytes);
  if (holder === undefined || holder.blobs.name === copy.store) return 'impossible';
  const name = repairName(copy);
  const stagedPath = join(place.staging.root, name);
  const result = await ctx.pool.ingest(
    {
      blob: holder.blobs.source(digest),
      stagedPath,
      declaredFormat: undefined,
      floorBytes: ctx.floorBytes ?? DEFAULT_FLOOR_BYTES,
    },
    { accountId: 'repair', signal: ctx.signal, onProgress: () => undefined },
  );
  if (result.outcome === 'cancelled') return 'stopped';
  if (result.outcome === 'failed' || result.digest !== digest) {
    await place.staging.remove(name);
    const reason = result.outcome === 'failed' ? result.reason : 'SOURCE_DAMAGED';
    ctx.log.error({ digest, store: copy.store, from: holder.blobs.name, reason }, 'no repair');
    const isSuspect = ['SOURCE_DAMAGED', 'SOURCE_UNREADABLE', 'SOURCE_MISSING'].includes(reason);
    return isSuspect ? { suspect: holder.blobs.name } : 'impossible';
  }
  ctx.faults.reach('repair.staged');
  const placed = await place.blobs.put(stagedPath, digest, sizeBytes, { replaces: true });
  if (placed === 'missing') return 'impossible';
  ctx.faults.reach('repair.placed');
  await restoreCopy(ctx, verificationId, copy, 0);
  return 'repaired';
};
