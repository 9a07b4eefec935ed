// The disks that an instance is made with: the system disk and the data disks of its image, changed as the
// request says, and further data disks from snapshots or blank. It reads and decides; it writes nothing.
import {
  DEFAULT_CATEGORY,
  levelOf,
  MAX_DATA_DISKS,
  PLAIN_DISK,
  type DiskDetail,
} from '../../../domain/disk.ts';
import type { DiskType, ImageDisk } from '../../../domain/image.ts';
import type { Snapshot } from '../../../domain/snapshot.ts';
import type { Scope } from '../../../domain/tx.ts';
import type { VisibleImage } from '../../../domain/visible.ts';
import type { ReadContext } from '../../../operation.ts';
import { assignDevices } from './disk-devices.ts';
import type { InstanceRequest } from './instance-form.ts';
import { traitsOf } from './instance-image.ts';

export type InstanceDiskFault =
  | 'InvalidSystemDiskSize.LessThanImageSize'
  | 'InvalidDataDiskSnapshotId.NotFound'
  | 'InvalidSnapshotId.NotReady'
  | 'InvalidSnapshotId.NotDataDiskSnapshot'
  | 'InvalidDiskSize.TooSmall'
  | 'InvalidDataDevice.Malformed'
  | 'InvalidDevice.InUse'
  | 'InstanceDiskNumber.LimitExceed';

type Context = Pick<ReadContext<InstanceDiskFault>, 'tx' | 'fail' | 'nowMs'>;
type WantedDataDisk = NonNullable<InstanceRequest['DataDisk']>[number];

/** Smallest system disk that is made without being asked for. */
const USUAL_SYSTEM_GIB = 40;
const BLANK_GIB = 20;

export interface PlannedDisk {
  diskName: string;
  detail: DiskDetail;
}

/** A disk whose device is still open. */
type Found = PlannedDisk & { device: string | undefined; diskType: DiskType };

export const planDisks = async (
  ctx: Context,
  scope: Scope,
  found: VisibleImage,
  wanted: InstanceRequest,
  zoneId: string,
): Promise<PlannedDisk[]> => {
  const { DataDisk = [] } = wanted;
  const ofImage = found.image.disks.filter((disk) => disk.diskType === 'data');
  const isOfImage = ({ Device }: WantedDataDisk): boolean =>
    ofImage.some(({ device }) => device === Device);
  const further = DataDisk.filter((disk) => !isOfImage(disk));
  if (ofImage.length + further.length > MAX_DATA_DISKS || DataDisk.length > MAX_DATA_DISKS)
    throw ctx.fail('InstanceDiskNumber.LimitExceed');
  const disks: Found[] = [await planSystemDisk(ctx, found, wanted.SystemDisk)];
  for (const disk of ofImage) {
    const own = DataDisk.filter(({ Device }) => Device === disk.device);
    if (own.length > 1) throw ctx.fail('InvalidDevice.InUse', { parameter: disk.device });
    disks.push(await dataDisk(ctx, scope, own[0] ?? { Device: disk.device }, { found, disk }));
  }
  for (const disk of further) disks.push(await dataDisk(ctx, scope, disk));
  const assigned = assignDevices(disks);
  if ('refusal' in assigned) {
    const code =
      assigned.refusal === 'in-use' ? 'InvalidDevice.InUse' : 'InvalidDataDevice.Malformed';
    throw ctx.fail(code, { parameter: 'DataDisk.N.Device' });
  }
  return disks.map(({ diskName, detail }, i) => ({
    diskName,
    detail: { ...detail, device: assigned.devices[i] ?? '', zoneId, attachedMs: ctx.nowMs },
  }));
};

/** The snapshot of a disk of the image; the caller is not shown those of other owners. */
const snapshotOf = async (
  ctx: Pick<Context, 'tx'>,
  { image, ownerAlias }: VisibleImage,
  disk: ImageDisk | undefined,
) => {
  const snapshotId = disk?.snapshotId ?? null;
  const snapshot = snapshotId === null ? undefined : await ctx.tx.snapshot(image, snapshotId);
  return { snapshot, shownId: ownerAlias === 'self' ? (snapshotId ?? '') : '' };
};

/** The bytes that a disk from this snapshot holds. */
export const bytesOf = (snapshot: Snapshot | undefined) => ({
  digest: snapshot?.digest ?? null,
  sizeBytes: snapshot?.sizeBytes ?? 0,
});

/** The system disk that an instance of this image has; device, zone and times are open. */
export const planSystemDisk = async (
  ctx: Pick<ReadContext<'InvalidSystemDiskSize.LessThanImageSize'>, 'tx' | 'fail'>,
  found: VisibleImage,
  wanted: NonNullable<InstanceRequest['SystemDisk']> = {},
): Promise<Found> => {
  const { image } = found;
  const sizeGib = wanted.Size ?? Math.max(USUAL_SYSTEM_GIB, image.sizeGib);
  if (sizeGib < image.sizeGib) throw ctx.fail('InvalidSystemDiskSize.LessThanImageSize');
  const ofImage = image.disks.find(({ diskType }) => diskType === 'system');
  const { snapshot, shownId } = await snapshotOf(ctx, found, ofImage);
  const detail = detailOf('system', wanted, sizeGib);
  return {
    device: undefined,
    diskType: 'system',
    diskName: wanted.DiskName ?? '',
    detail: {
      ...detail,
      ...bytesOf(snapshot),
      sourceSnapshotId: shownId,
      sourceImageId: image.imageId,
      traits: traitsOf(found),
    },
  };
};

const dataDisk = async (
  ctx: Context,
  scope: Scope,
  wanted: WantedDataDisk,
  of?: { found: VisibleImage; disk: ImageDisk },
): Promise<Found> => {
  const isImages = of !== undefined && wanted.SnapshotId === undefined;
  const { snapshot, shownId } = isImages
    ? await snapshotOf(ctx, of.found, of.disk)
    : await wantedSnapshot(ctx, scope, wanted.SnapshotId);
  const leastGib = (isImages ? of.disk.sizeGib : snapshot?.sizeGib) ?? 0;
  const sizeGib = wanted.Size ?? (leastGib || BLANK_GIB);
  if (sizeGib < leastGib) throw ctx.fail('InvalidDiskSize.TooSmall');
  return {
    device: wanted.Device,
    diskType: 'data',
    diskName: wanted.DiskName ?? '',
    detail: {
      ...detailOf('data', wanted, sizeGib),
      ...bytesOf(snapshot),
      deleteWithInstance: wanted.DeleteWithInstance ?? true,
      sourceSnapshotId: shownId,
      sourceImageId: isImages ? of.found.image.imageId : '',
    },
  };
};

const wantedSnapshot = async (ctx: Context, scope: Scope, snapshotId: string | undefined) => {
  if (snapshotId === undefined) return { snapshot: undefined, shownId: '' };
  const snapshot = await ctx.tx.snapshot(scope, snapshotId);
  if (snapshot === undefined) throw ctx.fail('InvalidDataDiskSnapshotId.NotFound');
  const parameter = 'DataDisk.N.SnapshotId';
  if (snapshot.status !== 'accomplished')
    throw ctx.fail('InvalidSnapshotId.NotReady', { parameter });
  if (snapshot.sourceDiskType !== 'data')
    throw ctx.fail('InvalidSnapshotId.NotDataDiskSnapshot', { parameter });
  return { snapshot, shownId: snapshotId };
};

const detailOf = (
  diskType: DiskType,
  wanted: { Category?: string; Description?: string; PerformanceLevel?: string },
  sizeGib: number,
): DiskDetail => {
  const category = wanted.Category ?? DEFAULT_CATEGORY;
  return {
    ...PLAIN_DISK,
    description: wanted.Description ?? '',
    diskType,
    category,
    performanceLevel: levelOf(category, wanted.PerformanceLevel),
    sizeGib,
  };
};
