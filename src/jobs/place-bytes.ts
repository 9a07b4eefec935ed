import { placeBlob } from '../blobs/placing.ts';
import { heal } from '../domain/damage.ts';
import type { Digest } from '../domain/ids.ts';
import type { Tx } from '../domain/tx.ts';

/** A job has brought the bytes into `store`: images that had lost them are what they were before. */
export const placeBytes = async (tx: Tx, digest: Digest, store: string): Promise<void> => {
  await heal(tx, digest);
  await placeBlob(tx, digest, store);
};
