import type { Image } from '../../../domain/image.ts';
import type { ReadTx, Scope } from '../../../domain/tx.ts';

/**
 * The image that a snapshot came with: the first that was accepted of those that still use it. What
 * later images of the same snapshot were told to be does not matter.
 */
export const sourceImage = async (
  tx: ReadTx,
  scope: Scope,
  snapshotId: string,
): Promise<Image | undefined> => {
  const { total, rows } = await tx.images(scope, { snapshotId }, { limit: 1, offset: 0 });
  if (total <= 1) return rows[0];
  return (await tx.images(scope, { snapshotId }, { limit: 1, offset: total - 1 })).rows[0];
};
