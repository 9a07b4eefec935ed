import type { Digest } from '../domain/ids.ts';
import type { Store } from '../domain/tx.ts';
import type { BlobStore } from './blob-store.ts';
import type { BlobStores } from './blob-stores.ts';
import { isLost } from './placing.ts';

/**
 * The first store that has the blob and is not known to have it damaged; with `sizeBytes` only one of
 * that size. Undefined when none has it. Whoever reads bytes asks here: a damaged copy may lie in one
 * store and a whole one in another.
 */
export const holderOf = async (
  { store, stores }: { store: Store; stores: BlobStores },
  digest: Digest,
  sizeBytes?: number,
): Promise<{ blobs: BlobStore; sizeBytes: number } | undefined> => {
  const placements = await store.read((tx) => tx.placements(digest));
  const lost = new Set(placements.filter(isLost).map((placement) => placement.store));
  for (const { blobs } of stores.all) {
    if (lost.has(blobs.name)) continue;
    const found = await blobs.head(digest);
    if (found !== undefined && (sizeBytes === undefined || found.sizeBytes === sizeBytes))
      return { blobs, sizeBytes: found.sizeBytes };
  }
  return undefined;
};
