// CreateImage from an instance: a new snapshot of each of its disks, as the vendor makes them. They name the
// bytes that the disks hold, by reference, since no machine ran and wrote.
import { disksOf, takeSnapshot } from '../../../domain/disk-lifecycle.ts';
import type { ImageDisk } from '../../../domain/image.ts';
import type { ImageId } from '../../../domain/ids.ts';
import { isSettled, toInstance, type SourceTraits } from '../../../domain/instance.ts';
import type { Scope } from '../../../domain/tx.ts';
import type { WriteContext } from '../../../operation.ts';

export type InstanceSnapshotFault =
  | 'InvalidInstanceId.NotFound'
  | 'IncorrectInstanceStatus'
  | 'QuotaExceed.Snapshot';

/** Takes the snapshots; gives the disks of the image, system disk first, and what it takes over. */
export const snapshotInstance = async (
  ctx: Pick<WriteContext<InstanceSnapshotFault>, 'tx' | 'fail' | 'nowMs' | 'newId' | 'settings'>,
  scope: Scope,
  instanceId: string,
  imageId: ImageId,
): Promise<{ disks: ImageDisk[]; traits: SourceTraits }> => {
  const { tx, nowMs } = ctx;
  const found = await tx.resource(scope, 'instance', instanceId, nowMs);
  if (found === undefined) throw ctx.fail('InvalidInstanceId.NotFound');
  const instance = toInstance(found);
  if (!isSettled(instance)) throw ctx.fail('IncorrectInstanceStatus');
  const disks: ImageDisk[] = [];
  for (const [i, disk] of (await disksOf(tx, scope, instanceId, nowMs)).entries()) {
    const filter = { sourceDiskIds: [disk.resourceId] };
    const { total } = await tx.snapshots(scope, filter, { limit: 0, offset: 0 });
    if (total >= ctx.settings.quotas.snapshotsPerDisk) throw ctx.fail('QuotaExceed.Snapshot');
    const snapshotId = ctx.newId('s-', scope.regionId);
    await takeSnapshot(tx, disk, {
      snapshotId,
      snapshotName: `create-${imageId}-${i + 1}`,
      description: `Disk ${i + 1} of the image ${imageId}`,
    });
    disks.push({
      position: i + 1,
      device: disk.detail.device,
      diskType: disk.detail.diskType,
      sizeGib: disk.detail.sizeGib,
      format: '',
      importOssBucket: '',
      importOssObject: '',
      snapshotId,
    });
  }
  return { disks, traits: instance.detail.traits };
};
