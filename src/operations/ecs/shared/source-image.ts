import { toDisk } from '../../../domain/disk.ts';
import type { Image } from '../../../domain/image.ts';
import type { ReadTx, Scope } from '../../../domain/tx.ts';

/** What an image takes over of what it is made from. */
export type ImageSource = Pick<
  Image,
  'platform' | 'architecture' | 'bootMode' | 'licenseType' | 'nvmeSupport'
>;

/**
 * What a snapshot came with: what its disk keeps of the image of its instance, else the image that was
 * accepted first of those that still use it. What later images of it were told to be does not matter.
 */
export const sourceOf = async (
  tx: ReadTx,
  scope: Scope,
  snapshotId: string,
  nowMs: number,
): Promise<ImageSource | undefined> => {
  const diskId = (await tx.snapshot(scope, snapshotId))?.sourceDiskId ?? '';
  const disk = diskId === '' ? undefined : await tx.resource(scope, 'disk', diskId, nowMs);
  const traits = disk && toDisk(disk).detail.traits;
  if (traits) return traits;
  const { total, rows } = await tx.images(scope, { snapshotId }, { limit: 1, offset: 0 });
  if (total <= 1) return rows[0];
  return (await tx.images(scope, { snapshotId }, { limit: 1, offset: total - 1 })).rows[0];
};
