// What a copy knows: the JSON in `job.state`, written when it is accepted and never changed. It is read
// back from disk, so it is checked.
import { isDigest } from '../blobs/blob-store.ts';
import type { CopyDisk } from '../domain/image-copy.ts';
import type { SnapshotId } from '../domain/ids.ts';

/** @throws when the text is no state of a copy */
export const parseCopyDisks = (text: string): CopyDisk[] => {
  const state: unknown = JSON.parse(text);
  if (!isObject(state) || !Array.isArray(state.disks))
    throw new TypeError('The state of a copy has no list of disks.');
  return state.disks.map(parseDisk);
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const parseDisk = (value: unknown): CopyDisk => {
  if (!isObject(value)) throw new TypeError('A disk of a copy is no object.');
  const whole = (name: string): number => {
    const found = value[name];
    if (!Number.isSafeInteger(found)) throw new TypeError(`${name} of a disk is no whole number.`);
    return Number(found);
  };
  const { digest, snapshotId } = value;
  if (typeof digest !== 'string' || !isDigest(digest))
    throw new TypeError('The digest of a disk is malformed.');
  if (typeof snapshotId !== 'string') throw new TypeError('A disk of a copy has no snapshot.');
  return {
    position: whole('position'),
    snapshotId: snapshotId as SnapshotId, // written at acceptance, from the row
    digest,
    sizeBytes: whole('sizeBytes'),
    sizeGib: whole('sizeGib'),
  };
};
