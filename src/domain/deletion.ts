// What may not be deleted, and why: the one rule of DeleteImage, DeleteSnapshot and PruneImageFamily.
import { isBeingCopied } from './image-copy.ts';
import { isBeingExported } from './image-export.ts';
import type { Image } from './image.ts';
import type { Snapshot } from './snapshot.ts';
import type { ReadTx } from './tx.ts';

export type ImageDeletionRefusal =
  | 'being-created'
  | 'public'
  | 'shared'
  | 'in-use'
  | 'being-copied'
  | 'being-exported';

/** Undefined when the image may be deleted; `force` lifts the refusal for instances alone. */
export const imageDeletionRefusal = async (
  tx: Pick<ReadTx, 'jobsNamed'>,
  image: Image,
  force: boolean,
): Promise<ImageDeletionRefusal | undefined> => {
  if (image.status === 'Creating' || image.status === 'Waiting') return 'being-created';
  if (image.isPublic) return 'public';
  if (image.isShared) return 'shared';
  if (image.isInUse && !force) return 'in-use';
  if (await isBeingCopied(tx, image)) return 'being-copied';
  if (await isBeingExported(tx, image)) return 'being-exported';
  return undefined;
};

export type SnapshotDeletionRefusal = 'being-filled' | 'of-image' | 'of-disk';

/** `usedByDisks`: ids of the snapshots that disks were made from; empty lifts that refusal. */
export const snapshotDeletionRefusal = (
  { snapshotId, status, imageCount }: Pick<Snapshot, 'snapshotId' | 'status' | 'imageCount'>,
  usedByDisks: ReadonlySet<string>,
): SnapshotDeletionRefusal | undefined => {
  if (status === 'progressing') return 'being-filled';
  if (imageCount > 0) return 'of-image';
  return usedByDisks.has(snapshotId) ? 'of-disk' : undefined;
};
