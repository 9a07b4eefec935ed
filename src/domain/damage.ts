// What damaged bytes do to images, as rules over the store's verbs. A copy that is found damaged is lost
// at once. While another store has a whole one, that is served, and images stay as they are; when none
// has, every image with these bytes, in whatever account, becomes UnAvailable in the same transaction, so
// that no family ever names it again before its bytes are whole. Then it is what it was before.
import { recordService } from './audit-event.ts';
import type { Damage, DuePlacement } from './blob.ts';
import type { Digest, ImageId } from './ids.ts';
import { changeStatus } from './image-lifecycle.ts';
import { isUsable, type ImageDisk } from './image.ts';
import type { ReadTx, Scope, Tx } from './tx.ts';

/** What an operation or a job says that needs the bytes. */
export const DAMAGED_BYTES = 'The stored bytes are damaged, and no store has a whole copy.';

/**
 * The copy is not what it must be. Undefined when the placement was changed since it was read (deleted,
 * replaced): then nothing is known of it and nothing is done. Gives the images that became UnAvailable.
 */
export const condemn = async (
  tx: Tx,
  seen: DuePlacement,
  damage: Damage,
): Promise<ImageId[] | undefined> => {
  if (!(await tx.losePlacement(seen, damage, tx.actor.nowMs))) return undefined;
  const placements = await tx.placements(seen.digest);
  if (placements.some(({ state }) => state === 'present')) return [];
  if (!(await tx.setBlobState(seen.digest, 'present', 'damaged'))) return [];
  const images: ImageId[] = [];
  for (const image of await tx.imagesOfBlob(seen.digest)) {
    if (!isUsable(image.status)) continue;
    if (await changeStatus(tx, image, 'UnAvailable')) images.push(image.imageId);
  }
  recordImages(tx, 'ImagesLost', { digest: seen.digest, store: seen.store, damage }, images);
  return images;
};

/** A store has a whole copy again: gives the images that are what they were before. */
export const heal = async (tx: Tx, digest: Digest): Promise<ImageId[]> => {
  if (!(await tx.setBlobState(digest, 'damaged', 'present'))) return [];
  const images: ImageId[] = [];
  for (const image of await tx.imagesOfBlob(digest)) {
    if (image.status !== 'UnAvailable' || (await hasDamage(tx, image, image.disks))) continue;
    const before = await tx.statusBefore(image.imageId);
    const status = before === 'Deprecated' ? before : 'Available';
    if (await changeStatus(tx, image, status)) images.push(image.imageId);
  }
  recordImages(tx, 'ImagesWholeAgain', { digest }, images);
  return images;
};

/** Nobody asked for it, and images of any account may be among them. */
const recordImages = (
  tx: Tx,
  eventName: string,
  facts: Record<string, unknown>,
  images: string[],
): void => {
  if (images.length === 0) return;
  recordService(tx, eventName, { ...facts, count: images.length }, { 'ACS::ECS::Image': images });
};

/** Whether no store has the bytes of a disk whole. */
export const hasDamage = async (
  tx: ReadTx,
  scope: Scope,
  disks: readonly Pick<ImageDisk, 'snapshotId'>[],
): Promise<boolean> => {
  for (const { snapshotId } of disks) {
    const snapshot = snapshotId === null ? undefined : await tx.snapshot(scope, snapshotId);
    if (!snapshot?.digest) continue;
    if ((await tx.blob(snapshot.digest))?.state === 'damaged') return true;
  }
  return false;
};
