// Which disks have bytes here. A snapshot of a blank data disk has none and needs none: it is empty. One of
// the system disk of a public image has none either, but is not empty: its bytes are not here. An image
// with such a disk can be used by records and belongs to no family, since a family never names an image
// whose bytes are not all there.
import type { ImageDisk } from './image.ts';
import type { Snapshot } from './snapshot.ts';
import type { ReadTx, Scope } from './tx.ts';

/** What an operation says that needs the bytes. */
export const NO_BYTES =
  'No bytes stand behind the image: its system disk is of a public image, which is metadata here, or blank.';

/** Why such a snapshot makes no data disk: it would pass for an empty one from then on. */
export const UNKNOWN_DATA =
  'A snapshot of the system disk of a public image, whose bytes are not here, cannot be a data disk.';

type Known = Pick<Snapshot, 'status' | 'digest' | 'sourceDiskType'>;

/** Accomplished, and no bytes were ever stored for it. */
export const isWithoutBytes = ({ status, digest }: Known): boolean =>
  status === 'accomplished' && digest === null;

/** Of the system disk of a public image: what was on it is not known here. */
export const holdsUnknown = (snapshot: Known): boolean =>
  isWithoutBytes(snapshot) && snapshot.sourceDiskType === 'system';

/** Whether bytes are missing that belong to the image: of its system disk, or unknown ones of another. */
export const lacksBytes = async (
  tx: ReadTx,
  scope: Scope,
  disks: readonly Pick<ImageDisk, 'diskType' | 'snapshotId'>[],
): Promise<boolean> => {
  for (const { diskType, snapshotId } of disks) {
    const snapshot = snapshotId === null ? undefined : await tx.snapshot(scope, snapshotId);
    if (snapshot === undefined) continue;
    if (diskType === 'system' ? isWithoutBytes(snapshot) : holdsUnknown(snapshot)) return true;
  }
  return false;
};
