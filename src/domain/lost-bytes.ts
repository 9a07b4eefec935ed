import type { Digest, ImageId } from './ids.ts';
import { changeStatus } from './image-lifecycle.ts';
import { isUsable } from './image.ts';
import type { Tx } from './tx.ts';

/**
 * No store has these bytes any more: every image with them becomes UnAvailable, so that no family names it,
 * in the same transaction. Gives those that did.
 */
export const loseBytes = async (tx: Tx, digest: Digest): Promise<ImageId[]> => {
  const images: ImageId[] = [];
  for (const image of await tx.imagesOfBlob(digest)) {
    if (!isUsable(image.status)) continue;
    if (await changeStatus(tx, image, 'UnAvailable')) images.push(image.imageId);
  }
  return images;
};
