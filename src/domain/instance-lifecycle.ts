// What happens to instances, as rules over the store's verbs. An instance and its disks come and go
// together; `imageId` of the row is what `Usage` of the image and DeleteImage ask.
import type { Disk, DiskDetail } from './disk.ts';
import { acceptDisk, detachDisk, disksOf, removeDisk, type DiskDraft } from './disk-lifecycle.ts';
import { freeEipOf } from './eip.ts';
import {
  INSTANCE_MOVES,
  SETTLE_MS,
  type Instance,
  type InstanceDetail,
  type InstanceMove,
  type InstanceStatus,
} from './instance.ts';
import { acceptResource, removeResource } from './resource-lifecycle.ts';
import type { Tag } from './tag.ts';
import type { Scope, Tx } from './tx.ts';

export interface InstanceDraft extends Scope {
  instanceId: string;
  instanceName: string;
  imageId: string;
  resourceGroupId: string;
  detail: InstanceDetail;
}

/**
 * Makes an instance with its disks: Pending for a moment and then Running, or Stopped from the first,
 * because libcloud starts what CreateInstance made in its next call.
 */
export const acceptInstance = async (
  tx: Tx,
  draft: InstanceDraft,
  disks: readonly DiskDraft[],
  tags: readonly Tag[],
  settled: Extract<InstanceStatus, 'Running' | 'Stopped'>,
): Promise<void> => {
  const { accountId, regionId, instanceId, detail } = draft;
  const settling = { settledStatus: settled, settleMs: tx.actor.nowMs + SETTLE_MS };
  await acceptResource(
    tx,
    {
      accountId,
      regionId,
      resourceId: instanceId,
      resourceType: 'instance',
      resourceName: draft.instanceName,
      ...(settled === 'Stopped' ? { status: settled } : { status: 'Pending', settling }),
      // So that the instances in a vSwitch are found.
      parentId: detail.vSwitchId,
      imageId: draft.imageId,
      resourceGroupId: draft.resourceGroupId,
      detail,
    },
    tags,
  );
  for (const disk of disks) await acceptDisk(tx, disk);
};

/** Starts, stops or restarts; the caller has looked whether its state permits it. */
export const moveInstance = async (
  tx: Tx,
  instance: Instance,
  move: InstanceMove,
  stoppedMode = 'Not-applicable',
): Promise<void> => {
  const { nowMs } = tx.actor;
  const { via, to } = INSTANCE_MOVES[move];
  await tx.updateResource(instance.resourceId, {
    status: via,
    settling: { settledStatus: to, settleMs: nowMs + SETTLE_MS },
    detail: {
      ...instance.detail,
      stoppedMode: move === 'stop' ? stoppedMode : 'Not-applicable',
      startMs: move === 'stop' ? instance.detail.startMs : nowMs,
    },
  });
};

/** Puts a new system disk in the place of the old one, which goes with its bytes. */
export const replaceSystemDisk = async (
  tx: Tx,
  instance: Instance,
  old: Disk,
  fresh: Pick<DiskDraft, 'diskId'> & { detail: DiskDetail; imageId: string },
): Promise<void> => {
  const { accountId, regionId, resourceId } = instance;
  await removeDisk(tx, old);
  await acceptDisk(
    tx,
    {
      accountId,
      regionId,
      diskId: fresh.diskId,
      diskName: old.resourceName,
      instanceId: resourceId,
      resourceGroupId: old.resourceGroupId,
      detail: fresh.detail,
    },
    old.tags,
  );
  const traits = fresh.detail.traits ?? instance.detail.traits;
  await tx.updateResource(resourceId, {
    imageId: fresh.imageId,
    detail: { ...instance.detail, traits },
  });
};

/**
 * Deletes an instance. The disks that go with it go; the others are Available afterwards, as is its
 * elastic address.
 */
export const removeInstance = async (tx: Tx, instance: Instance): Promise<void> => {
  const { resourceId } = instance;
  for (const disk of await disksOf(tx, instance, resourceId, tx.actor.nowMs)) {
    if (disk.detail.deleteWithInstance) await removeDisk(tx, disk);
    else await detachDisk(tx, disk);
  }
  await freeEipOf(tx, instance);
  await removeResource(tx, instance);
};
