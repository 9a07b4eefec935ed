// What is old in a family: a plan over its images, and its execution. Planning and doing are two
// steps over the same plan, so that a plan shown is what a deletion would do.
import { imageDeletionRefusal, snapshotDeletionRefusal } from './deletion.ts';
import { sourcesOfDisks } from './disk-lifecycle.ts';
import { resolveFamily } from './family.ts';
import { removeImage } from './image-lifecycle.ts';
import type { Image } from './image.ts';
import { removeSnapshot } from './snapshot-lifecycle.ts';
import type { Snapshot } from './snapshot.ts';
import type { ReadTx, Scope, Tx } from './tx.ts';

/** Images that one call deletes: as many as a family has by its usual quota. */
export const MAX_PRUNED = 100;
const PAGE_ROWS = 100;
export const DAY_MS = 24 * 60 * 60 * 1000;

export interface PruneRequest {
  imageFamily: string;
  /** Available images that stay, newest first; at least 1. */
  keep: number;
  /** What was accepted after this instant stays. */
  beforeMs: number;
  nowMs: number;
}

export interface PlannedImage {
  image: Image;
  /** Bytes stored for its disks, whoever else names them. */
  sizeBytes: number;
  isDeleted: boolean;
  reason: string;
}

export interface PrunePlan {
  /** Newest first. */
  images: PlannedImage[];
  snapshots: Snapshot[];
}

/** Reads the whole family and decides; changes nothing. */
export const planPrune = async (
  tx: ReadTx,
  scope: Scope,
  request: PruneRequest,
): Promise<PrunePlan> => {
  const images = await imagesOf(tx, scope, request.imageFamily);
  const reasons = keptByAge(images, request);
  const doomed = new Set<Image>();
  // The oldest go first when there are more than one call deletes.
  for (const image of images.toReversed()) {
    if (reasons.has(image)) continue;
    const refusal = await imageDeletionRefusal(tx, image, false);
    if (refusal !== undefined) reasons.set(image, refusal);
    else if (doomed.size >= MAX_PRUNED) reasons.set(image, 'next-call');
    else doomed.add(image);
  }
  const snapshots = await snapshotsOf(tx, scope, images);
  const sizeOf = ({ disks }: Image): number =>
    disks.reduce((sum, disk) => sum + (snapshots.get(disk.snapshotId ?? '')?.sizeBytes ?? 0), 0);
  return {
    images: images.map((image) => ({
      image,
      sizeBytes: sizeOf(image),
      isDeleted: doomed.has(image),
      reason: reasons.get(image) ?? 'old',
    })),
    snapshots: doomed.size === 0 ? [] : await freed(tx, scope, request.nowMs, doomed, snapshots),
  };
};

/** Deletes what the plan of the same transaction names. */
export const executePrune = async (tx: Tx, { images, snapshots }: PrunePlan): Promise<void> => {
  for (const { image, isDeleted } of images) if (isDeleted) await removeImage(tx, image);
  for (const snapshot of snapshots) await removeSnapshot(tx, snapshot);
};

const imagesOf = async (tx: ReadTx, scope: Scope, imageFamily: string): Promise<Image[]> => {
  const found: Image[] = [];
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const { rows } = await tx.images(scope, { imageFamily }, { limit: PAGE_ROWS, offset });
    found.push(...rows);
    if (rows.length < PAGE_ROWS) return found.toSorted((a, b) => b.seq - a.seq);
  }
};

/** Why images stay by the rule of the family and by their age. */
const keptByAge = (
  images: readonly Image[],
  { imageFamily, keep, beforeMs }: PruneRequest,
): Map<Image, string> => {
  const reasons = new Map<Image, string>();
  const { image: head } = resolveFamily(imageFamily, images);
  const kept = images.filter(({ status }) => status === 'Available').slice(0, keep);
  const oldestKept = kept.at(-1);
  for (const image of images) {
    if (image === head) reasons.set(image, 'head');
    else if (kept.includes(image)) reasons.set(image, 'among-newest');
    else if (image.status === 'Creating' || image.status === 'Waiting')
      reasons.set(image, 'being-created');
    // Without an Available image a Deprecated one may be all there is to go back to.
    else if (oldestKept === undefined) reasons.set(image, 'none-available');
    else if (image.seq > oldestKept.seq) reasons.set(image, 'newer-than-kept');
    else if (image.creationMs > beforeMs) reasons.set(image, 'too-young');
  }
  return reasons;
};

const snapshotsOf = async (
  tx: ReadTx,
  scope: Scope,
  images: Iterable<Image>,
): Promise<Map<string, Snapshot>> => {
  const found = new Map<string, Snapshot>();
  for (const { disks } of images)
    for (const { snapshotId } of disks) {
      if (snapshotId === null || found.has(snapshotId)) continue;
      const snapshot = await tx.snapshot(scope, snapshotId);
      if (snapshot !== undefined) found.set(snapshotId, snapshot);
    }
  return found;
};

/** Snapshots that nothing needs any more once the images are gone. */
const freed = async (
  tx: ReadTx,
  scope: Scope,
  nowMs: number,
  doomed: ReadonlySet<Image>,
  snapshots: ReadonlyMap<string, Snapshot>,
): Promise<Snapshot[]> => {
  const references = new Map<string, number>();
  for (const { disks } of doomed)
    for (const { snapshotId } of disks)
      if (snapshotId !== null) references.set(snapshotId, (references.get(snapshotId) ?? 0) + 1);
  const usedByDisks = await sourcesOfDisks(tx, scope, nowMs);
  return [...snapshots.values()].filter((snapshot) => {
    const gone = references.get(snapshot.snapshotId) ?? 0;
    const rest = { ...snapshot, imageCount: snapshot.imageCount - gone };
    return gone > 0 && snapshotDeletionRefusal(rest, usedByDisks) === undefined;
  });
};
