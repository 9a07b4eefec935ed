// What happens to disks, as rules over the store's verbs: made, attached, detached, deleted, and a
// snapshot taken. A disk leases the bytes that it holds, and gives them back when it goes.
import type { Disk, DiskDetail } from './disk.ts';
import { toDisk } from './disk.ts';
import { everyResource } from './every-resource.ts';
import type { SnapshotId } from './ids.ts';
import { acceptResource, removeResource } from './resource-lifecycle.ts';
import type { Resource } from './resource.ts';
import type { Tag } from './tag.ts';
import type { ReadTx, Scope, Tx } from './tx.ts';

export interface DiskDraft extends Scope {
  diskId: string;
  diskName: string;
  /** Empty: attached to nothing. */
  instanceId: string;
  resourceGroupId: string;
  detail: DiskDetail;
}

/** Makes a disk. The bytes that it names are those of a snapshot or disk that is there right now. */
export const acceptDisk = async (
  tx: Tx,
  draft: DiskDraft,
  tags: readonly Tag[] = [],
): Promise<void> => {
  const { accountId, regionId, diskId, detail } = draft;
  await acceptResource(
    tx,
    {
      accountId,
      regionId,
      resourceId: diskId,
      resourceType: 'disk',
      resourceName: draft.diskName,
      status: draft.instanceId === '' ? 'Available' : 'In_use',
      parentId: draft.instanceId,
      imageId: '',
      resourceGroupId: draft.resourceGroupId,
      detail,
    },
    tags,
  );
  if (detail.digest !== null) await tx.insertLease(detail.digest, diskId);
};

/** Deletes a disk; snapshots of it stay, and hold the bytes by themselves. */
export const removeDisk = async (tx: Tx, disk: Resource): Promise<void> => {
  await removeResource(tx, disk);
  await tx.deleteLeases(disk.resourceId);
};

export const attachDisk = (
  tx: Tx,
  disk: Disk,
  to: { instanceId: string; device: string; deleteWithInstance: boolean },
): Promise<void> =>
  tx.updateResource(disk.resourceId, {
    status: 'In_use',
    parentId: to.instanceId,
    detail: {
      ...disk.detail,
      device: to.device,
      deleteWithInstance: to.deleteWithInstance,
      attachedMs: tx.actor.nowMs,
    },
  });

export const detachDisk = (tx: Tx, disk: Disk): Promise<void> =>
  tx.updateResource(disk.resourceId, {
    status: 'Available',
    parentId: '',
    detail: { ...disk.detail, device: '', detachedMs: tx.actor.nowMs },
  });

/** More disks than an instance can have. */
const ALL_DISKS = 100;

/** The disks of an instance, in the order of their devices: the system disk first. */
export const disksOf = async (
  tx: ReadTx,
  scope: Scope,
  instanceId: string,
  nowMs: number,
): Promise<Disk[]> => {
  const filter = { resourceType: 'disk', parentId: instanceId } as const;
  const { rows } = await tx.resources(scope, filter, { limit: ALL_DISKS, offset: 0 }, nowMs);
  return rows.map(toDisk).toSorted((a, b) => (a.detail.device < b.detail.device ? -1 : 1));
};

/** Ids of the snapshots that disks of the scope were made from. */
export const sourcesOfDisks = async (
  tx: ReadTx,
  scope: Scope,
  nowMs: number,
): Promise<Set<string>> => {
  const disks = await everyResource(tx, scope, { resourceType: 'disk' }, nowMs);
  return new Set(disks.map((disk) => toDisk(disk).detail.sourceSnapshotId));
};

export interface SnapshotOfDisk {
  snapshotId: SnapshotId;
  snapshotName: string;
  description: string;
  retentionDays?: number;
  category?: string;
  resourceGroupId?: string;
}

/**
 * Takes a snapshot of a disk. It is accomplished at once: it names the bytes that the disk names, or
 * none, and no bytes move.
 */
export const takeSnapshot = async (
  tx: Tx,
  disk: Disk,
  wanted: SnapshotOfDisk,
  tags: readonly Tag[] = [],
): Promise<void> => {
  const { accountId, regionId, detail } = disk;
  const scope = { accountId, regionId };
  await tx.ensureAccountRegion(scope);
  const drawn = await tx.drawSeq(scope, tx.actor.nowMs);
  await tx.insertSnapshot({
    ...scope,
    ...drawn,
    ...wanted,
    sourceDiskType: detail.diskType,
    sourceDiskId: disk.resourceId,
    sizeGib: detail.sizeGib,
    status: 'progressing',
  });
  await tx.updateSnapshot(wanted.snapshotId, {
    status: 'accomplished',
    progress: 100,
    digest: detail.digest,
    sizeBytes: detail.sizeBytes,
    lastModifiedMs: drawn.creationMs,
  });
  for (const tag of tags)
    await tx.setTag(scope, {
      resourceType: 'snapshot',
      resourceId: wanted.snapshotId,
      ...tag,
    });
};
