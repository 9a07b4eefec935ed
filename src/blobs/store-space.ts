// How full the file systems are on which the stores of bytes grow.
import { statfs } from 'node:fs/promises';
import type { BlobStores } from './blob-stores.ts';

export interface StoreSpace {
  /** As in `placement.store`. */
  store: string;
  /** What a file may still take (not what is kept for root). */
  freeBytes: number;
  totalBytes: number;
}

export const storeSpace = async (stores: BlobStores): Promise<StoreSpace[]> => {
  const found = [];
  for (const { blobs, staging } of stores.all) {
    const { blocks, bavail, bsize } = await statfs(staging.root);
    found.push({ store: blobs.name, freeBytes: bavail * bsize, totalBytes: blocks * bsize });
  }
  return found;
};
