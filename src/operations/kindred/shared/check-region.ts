// Fsck of one account in one region: counters, images, families and snapshots are recounted from the
// rows and held against the journal. Holds one entry for each living image of the region, no more.
import { lacksBytes } from '../../../domain/bytes.ts';
import { toDisk } from '../../../domain/disk.ts';
import { everyResource } from '../../../domain/every-resource.ts';
import type { Change } from '../../../domain/change.ts';
import { replayHeads } from '../../../domain/family.ts';
import type { ImageId } from '../../../domain/ids.ts';
import { isUsable, type Image } from '../../../domain/image.ts';
import type { Snapshot } from '../../../domain/snapshot.ts';
import type { AccountRegion, ReadTx } from '../../../domain/tx.ts';
import type { Differences } from './differences.ts';

const PAGE_ROWS = 500;

/** The newest row of the journal of each image that it has alive. */
type Living = Map<ImageId, Change>;

export const checkRegion = async (
  tx: ReadTx,
  region: AccountRegion,
  differences: Differences,
): Promise<void> => {
  const living = await readJournal(tx, region, differences);
  const heads = replayHeads(living.values());
  const members = await checkImages(tx, region, living, differences);
  await checkFamilies(tx, region, members, heads, differences);
  await checkSnapshots(tx, region, differences);
  await checkHeldBytes(tx, region, differences);
};

const nameOf = ({ accountId, regionId }: AccountRegion): string => `${accountId} ${regionId}`;

/** Whatever a change says of an image, the next one of the same image says anew. */
const readJournal = async (
  tx: ReadTx,
  region: AccountRegion,
  differences: Differences,
): Promise<Living> => {
  const living: Living = new Map();
  let after = 0;
  for (;;) {
    const page = await tx.changes(region, after, PAGE_ROWS);
    for (const change of page) {
      if (change.statusAfter === null) living.delete(change.imageId);
      else living.set(change.imageId, change);
    }
    differences.checked.Changes += page.length;
    after = page.at(-1)?.changeSeq ?? after;
    if (page.length < PAGE_ROWS) break;
  }
  if (after >= region.nextChangeSeq)
    differences.compare(
      'NextChangeSeq',
      nameOf(region),
      `more than ${after}`,
      region.nextChangeSeq,
    );
  return living;
};

/** Returns how many images each family has. */
const checkImages = async (
  tx: ReadTx,
  region: AccountRegion,
  living: Living,
  differences: Differences,
): Promise<Map<string, number>> => {
  const members = new Map<string, number>();
  let count = 0;
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const { rows } = await tx.images(region, {}, { limit: PAGE_ROWS, offset });
    for (const image of rows) {
      const { imageId, imageFamily } = image;
      if (imageFamily !== null) members.set(imageFamily, (members.get(imageFamily) ?? 0) + 1);
      const told = living.get(imageId);
      differences.compare('JournalImage', imageId, told ? stateTold(told) : null, stateOf(image));
      living.delete(imageId);
      if (image.seq >= region.nextSeq)
        differences.compare('NextSeq', imageId, `less than ${region.nextSeq}`, image.seq);
      if (isUsable(image.status)) await checkDisks(tx, image, differences);
    }
    count += rows.length;
    if (rows.length < PAGE_ROWS) break;
  }
  differences.checked.Images += count;
  for (const [imageId, change] of living)
    differences.compare('JournalImage', imageId, stateTold(change), null);
  differences.compare('ImageCount', nameOf(region), count, region.imageCount);
  return members;
};

const stateOf = (image: Image): string =>
  `seq ${image.seq} ${image.status} ${image.imageFamily ?? '-'}`;
const stateTold = (change: Change): string =>
  `seq ${change.imageSeq} ${change.statusAfter} ${change.familyAfter ?? '-'}`;

/** An image that can be used has a snapshot for every disk but empty data disks; one of a family, bytes. */
const checkDisks = async (tx: ReadTx, image: Image, differences: Differences): Promise<void> => {
  for (const { device, diskType, snapshotId } of image.disks) {
    const subject = `${image.imageId} ${device}`;
    const snapshot = snapshotId === null ? undefined : await tx.snapshot(image, snapshotId);
    if (snapshot !== undefined) await checkBytes(tx, subject, snapshot, differences);
    else if (snapshotId !== null || diskType === 'system')
      differences.compare('DiskSnapshot', subject, snapshotId ?? 'a snapshot', null);
  }
  if (image.imageFamily !== null && (await lacksBytes(tx, image, image.disks)))
    differences.compare('FamilyBytes', image.imageId, 'the bytes of every disk', null);
  if (!image.disks.some((disk) => disk.diskType === 'system'))
    differences.compare('DiskSnapshot', image.imageId, 'a system disk', null);
};

/** The bytes of a snapshot as the rows tell them; the files are checked blob by blob. */
const checkBytes = async (
  tx: ReadTx,
  subject: string,
  snapshot: Snapshot,
  differences: Differences,
): Promise<void> => {
  differences.compare('SnapshotStatus', subject, 'accomplished', snapshot.status);
  // Of a disk that has no bytes; imports and copies always bring some.
  if (snapshot.digest === null && snapshot.sourceDiskId !== '') return;
  const blob = snapshot.digest === null ? undefined : await tx.blob(snapshot.digest);
  differences.compare('SnapshotBlob', subject, 'present', blob?.state ?? null);
  if (blob !== undefined)
    differences.compare('SnapshotBytes', subject, blob.sizeBytes, snapshot.sizeBytes);
};

const checkFamilies = async (
  tx: ReadTx,
  region: AccountRegion,
  members: Map<string, number>,
  heads: ReadonlyMap<string, ImageId>,
  differences: Differences,
): Promise<void> => {
  let count = 0;
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const { rows } = await tx.families(region, { limit: PAGE_ROWS, offset });
    for (const { imageFamily, imageCount, headImageId } of rows) {
      const subject = `${nameOf(region)} ${imageFamily}`;
      const head = (await tx.familyHead(region, imageFamily)) ?? null;
      differences.compare('FamilyImageCount', subject, members.get(imageFamily) ?? 0, imageCount);
      differences.compare('FamilyHead', subject, head, headImageId);
      differences.compare('JournalHead', subject, heads.get(imageFamily) ?? null, headImageId);
      members.delete(imageFamily);
    }
    count += rows.length;
    if (rows.length < PAGE_ROWS) break;
  }
  differences.checked.Families += count;
  for (const [imageFamily, images] of members)
    differences.compare('FamilyImageCount', `${nameOf(region)} ${imageFamily}`, images, null);
  differences.compare('FamilyCount', nameOf(region), count, region.familyCount);
};

/** Disks of instances hold bytes by leases, whatever becomes of what they were made from. */
const checkHeldBytes = async (
  tx: ReadTx,
  region: AccountRegion,
  differences: Differences,
): Promise<void> => {
  // Their status, which follows the clock, does not matter.
  for (const disk of await everyResource(tx, region, { resourceType: 'disk' }, 0)) {
    const { digest } = toDisk(disk).detail;
    if (digest === null) continue;
    const state = (await tx.blob(digest))?.state ?? null;
    differences.compare('DiskBlob', disk.resourceId, 'present', state);
  }
};

/** Snapshots outlive their images; those that no image refers to hold their bytes all the same. */
const checkSnapshots = async (
  tx: ReadTx,
  region: AccountRegion,
  differences: Differences,
): Promise<void> => {
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const { rows } = await tx.snapshots(region, {}, { limit: PAGE_ROWS, offset });
    for (const snapshot of rows) {
      if (snapshot.seq >= region.nextSeq)
        differences.compare(
          'NextSeq',
          snapshot.snapshotId,
          `less than ${region.nextSeq}`,
          snapshot.seq,
        );
      if (snapshot.imageCount === 0 && snapshot.status === 'accomplished')
        await checkBytes(tx, snapshot.snapshotId, snapshot, differences);
    }
    if (rows.length < PAGE_ROWS) return;
  }
};
