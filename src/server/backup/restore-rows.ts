// The rows of a restored database, told where bytes are now: everything in one store, nothing that was on
// its way out. Each write may run again after a death.
import type { LostBlob } from '../../domain/backup.ts';
import type { Blob } from '../../domain/blob.ts';
import { condemn, heal } from '../../domain/damage.ts';
import type { AccountId, ImageId, RegionId } from '../../domain/ids.ts';
import type { Store, Tx } from '../../domain/tx.ts';

const PAGE_ROWS = 500;

export interface LostImage {
  imageId: ImageId;
  accountId: AccountId;
  regionId: RegionId;
  imageName: string;
  imageFamily: string | null;
}

interface Restored {
  /** Digests that a snapshot or a lease names. */
  named: ReadonlySet<string>;
  /** Of these, the ones without bytes. */
  gone: ReadonlyMap<string, LostBlob>;
  /** Where the bytes are. */
  storeName: string;
  nowMs: number;
}

/** Gives the images that became UnAvailable. */
export const rewriteRows = async (store: Store, restored: Restored): Promise<LostImage[]> => {
  const { nowMs } = restored;
  const actor = { principal: 'kindred:restore', requestId: 'kindred-restore', nowMs };
  const images: LostImage[] = [];
  for (let after = ''; ;) {
    const page = await store.read((tx) => tx.blobs(after, PAGE_ROWS));
    images.push(
      ...(await store.write(actor, async (tx) => {
        const lost: LostImage[] = [];
        for (const blob of page) lost.push(...(await settle(tx, blob, restored)));
        return lost;
      })),
    );
    after = page.at(-1)?.digest ?? after;
    if (page.length < PAGE_ROWS) return images;
  }
};

const settle = async (tx: Tx, blob: Blob, restored: Restored): Promise<LostImage[]> => {
  const { digest } = blob;
  await tx.deletePlacements(digest);
  // A job publishes it again: its step brings the bytes and the placement.
  if (blob.state === 'publishing') return [];
  if (!restored.named.has(digest)) {
    await tx.deleteBlob(digest);
    return [];
  }
  const placed = { digest, store: restored.storeName, state: 'present', verifiedMs: 0 } as const;
  await tx.insertPlacement({ ...placed, kind: 'whole' });
  if (!restored.gone.has(digest)) {
    // Bytes that were damaged may have been found elsewhere.
    await heal(tx, digest);
    return [];
  }
  const images = await tx.imagesOfBlob(digest);
  const turned = new Set(
    await condemn(tx, { ...placed, sizeBytes: blob.sizeBytes }, 'FILE_MISSING'),
  );
  return images
    .filter(({ imageId }) => turned.has(imageId))
    .map(({ imageId, accountId, regionId, imageName, imageFamily }) => ({
      imageId,
      accountId,
      regionId,
      imageName,
      imageFamily,
    }));
};
