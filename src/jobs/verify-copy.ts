// One stored copy read again: whole, damaged, or nothing that could be known. A copy is condemned only
// after a second reading of all of it has said the same, and only if its row is still what it was: bytes
// that were deleted or replaced meanwhile are no damage.
import type { BlobPlace } from '../blobs/blob-stores.ts';
import { restorePlacement } from '../blobs/placing.ts';
import type { Damage, DuePlacement } from '../domain/blob.ts';
import { condemn, heal } from '../domain/damage.ts';
import type { HashOutcome } from './hash-file.ts';
import type { JobContext } from './step.ts';

export type CopyVerdict = 'whole' | Damage;

/** `undefined`: the signal was heeded. */
export const readCopy = async (
  ctx: JobContext,
  { blobs }: BlobPlace,
  copy: DuePlacement,
  rateBytes: number,
  onProgress?: (readBytes: number) => void,
): Promise<CopyVerdict | undefined> => {
  let verdict: CopyVerdict = 'whole';
  for (const attempt of [1, 2]) {
    const request = { blob: blobs.source(copy.digest), rateBytes };
    const result = await ctx.hasher.hash(request, {
      signal: ctx.signal,
      ...(onProgress && { onProgress }),
    });
    if (result.outcome === 'cancelled') return undefined;
    verdict = verdictOf(result, copy);
    if (verdict === 'whole') return verdict;
    const code = result.outcome === 'unreadable' ? result.code : undefined;
    const { digest, store } = copy;
    if (attempt === 1)
      ctx.log.warn({ digest, store, damage: verdict, code }, 'a stored copy is read once more');
  }
  return verdict;
};

const verdictOf = (result: HashOutcome, { digest, sizeBytes }: DuePlacement): CopyVerdict => {
  if (result.outcome === 'missing') return 'FILE_MISSING';
  if (result.outcome !== 'hashed') return 'UNREADABLE';
  if (result.sizeBytes !== sizeBytes) return 'SIZE_MISMATCH';
  return result.digest === digest ? 'whole' : 'DIGEST_MISMATCH';
};

/** Writes down that the copy is damaged; false when it is not there any more, or was replaced. */
export const condemnCopy = async (
  ctx: JobContext,
  verificationId: string,
  copy: DuePlacement,
  damage: Damage,
): Promise<boolean> => {
  const counts = { checkedBlobs: 1, checkedBytes: copy.sizeBytes, damagedBlobs: 1 };
  const images = await ctx.write(async (tx) => {
    const lost = await condemn(tx, copy, damage);
    if (lost !== undefined) await tx.addToVerification(verificationId, counts);
    return lost;
  });
  ctx.faults.reach('verify.condemned');
  if (images === undefined) return false;
  const { digest, store, sizeBytes } = copy;
  ctx.log.error(
    { digest, store, sizeBytes, damage, unavailable: images.length, images: images.slice(0, 20) },
    'stored bytes are damaged',
  );
  ctx.verified?.({ outcome: 'damaged', sizeBytes });
  return true;
};

/**
 * The copy, known to be damaged until now, is whole: images that had lost their bytes have them again.
 * `checkedBlobs`: 1 when it was read for it, 0 when it was counted already.
 */
export const restoreCopy = async (
  ctx: JobContext,
  verificationId: string,
  copy: DuePlacement,
  checkedBlobs: 0 | 1,
): Promise<void> => {
  const { digest, store } = copy;
  const images = await ctx.write(async (tx) => {
    const isRestored = await restorePlacement(tx, digest, store, 'present');
    if (!isRestored) return undefined;
    const checkedBytes = checkedBlobs * copy.sizeBytes;
    await tx.addToVerification(verificationId, { checkedBlobs, checkedBytes, repairedBlobs: 1 });
    return heal(tx, digest);
  });
  if (images === undefined) return;
  ctx.log.info({ digest, store, available: images.length }, 'damaged bytes are whole again');
  ctx.verified?.({ outcome: 'repaired', sizeBytes: 0 });
};
