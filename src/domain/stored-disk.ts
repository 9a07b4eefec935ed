// Bytes that are in a store, hashed and checked, before any row tells of them; and the rule that makes a row
// do so. Until then they are a file without an owner, which the sweep leaves for a day.
import type { Blob } from './blob.ts';
import type { Tx } from './tx.ts';

export interface StoredDisk {
  blob: Omit<Blob, 'state' | 'creationMs'>;
  /** The store that has them. */
  store: string;
  /** Its bytes were just put there, and no row told of them. */
  isNew: boolean;
}

/** False while equal bytes are being deleted, or are known to be damaged: not now. */
export const adoptStoredDisk = async (
  tx: Tx,
  { blob, store, isNew }: StoredDisk,
): Promise<boolean> => {
  const { digest } = blob;
  const known = await tx.blob(digest);
  if (known !== undefined && known.state !== 'present') return false;
  const placement = (await tx.placements(digest)).find((placed) => placed.store === store);
  if (placement !== undefined && placement.state !== 'present') return false;
  if (!isNew) return known !== undefined && placement !== undefined;
  if (known === undefined)
    await tx.insertBlob({ ...blob, state: 'present', creationMs: tx.actor.nowMs });
  if (placement === undefined)
    await tx.insertPlacement({
      digest,
      store,
      kind: 'whole',
      state: 'present',
      verifiedMs: tx.actor.nowMs,
    });
  return true;
};
