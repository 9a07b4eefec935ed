// The disks of an image that is made from snapshots: which disk is the system disk, how large each is,
// and what it is called. It reads and decides; it writes nothing.
import { holdsUnknown, UNKNOWN_DATA } from '../../../domain/bytes.ts';
import type { DiskType, ImageDisk } from '../../../domain/image.ts';
import type { Snapshot } from '../../../domain/snapshot.ts';
import type { Scope } from '../../../domain/tx.ts';
import { choice, integer, object, optional, string, type Static } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';
import { assignDevices } from './disk-devices.ts';

/** `DiskDeviceMapping.N` of CreateImage. */
export const snapshotDiskSchema = object({
  SnapshotId: optional(string({ description: 'Absent: an empty data disk.', maxLength: 128 })),
  Size: optional(
    integer({
      description: 'GiB, at least the snapshot. Absent or 0 (Terraform): as the snapshot, else 20.',
      maximum: 32_768,
      invalid: 'InvalidSize.ValueNotSupported',
    }),
  ),
  Device: optional(
    string({
      description: '/dev/xvda for the system disk, /dev/xvdb to /dev/xvdz for data disks.',
      pattern: '^/dev/xvd[a-z]$',
      invalid: 'InvalidDevice.Malformed',
    }),
  ),
  DiskType: optional(
    choice(['system', 'data'], {
      description: 'Absent: the type of the disk that the snapshot was made from.',
      invalid: 'InvalidDiskType.ValueNotSupported',
    }),
  ),
});
type WantedDisk = Static<typeof snapshotDiskSchema>;

export type DiskFault =
  | 'InvalidSnapshotId.NotFound'
  | 'InvalidSnapshotId.NotReady'
  | 'InvalidSize.ValueNotSupported'
  | 'InvalidSystemSnapshot.Missing'
  | 'OperationDenied'
  | 'InvalidDevice.Malformed'
  | 'InvalidDevice.InUse';

type Context = Pick<ReadContext<DiskFault>, 'tx' | 'fail'>;

const MIN_SIZE_GIB = 5;
const MAX_SIZE_GIB = 32_768;
const DEFAULT_SIZE_GIB = 20;

interface Found {
  name: string;
  diskType: DiskType;
  device: string | undefined;
  sizeGib: number;
  snapshot: Snapshot | undefined;
}

const findSnapshot = async (ctx: Context, scope: Scope, snapshotId: string, name: string) => {
  const parameter = `${name}SnapshotId`;
  const snapshot = await ctx.tx.snapshot(scope, snapshotId);
  if (snapshot === undefined) throw ctx.fail('InvalidSnapshotId.NotFound', { parameter });
  if (snapshot.status !== 'accomplished')
    throw ctx.fail('InvalidSnapshotId.NotReady', { parameter });
  return snapshot;
};

const findDisk = async (
  ctx: Context,
  scope: Scope,
  wanted: WantedDisk,
  name: string,
): Promise<Found> => {
  const { SnapshotId, Size = 0 } = wanted;
  const snapshot =
    SnapshotId === undefined ? undefined : await findSnapshot(ctx, scope, SnapshotId, name);
  const sizeGib = Size === 0 ? (snapshot?.sizeGib ?? DEFAULT_SIZE_GIB) : Size;
  if (sizeGib < (snapshot?.sizeGib ?? MIN_SIZE_GIB) || sizeGib > MAX_SIZE_GIB)
    throw ctx.fail('InvalidSize.ValueNotSupported', { parameter: `${name}Size` });
  const diskType = wanted.DiskType ?? snapshot?.sourceDiskType ?? 'data';
  if (diskType === 'data' && snapshot !== undefined && holdsUnknown(snapshot))
    throw ctx.fail('OperationDenied', { message: UNKNOWN_DATA });
  return { name, diskType, device: wanted.Device, sizeGib, snapshot };
};

/** The disks in the order of the image: the system disk, then the data disks as they were given. */
export const snapshotDisks = async (
  ctx: Context,
  scope: Scope,
  wanted: readonly { disk: WantedDisk; name: string }[],
): Promise<ImageDisk[]> => {
  const found: Found[] = [];
  for (const { disk, name } of wanted) found.push(await findDisk(ctx, scope, disk, name));
  const system = found.filter((disk) => disk.diskType === 'system');
  if (system.length > 1) throw ctx.fail('OperationDenied');
  if (system[0]?.snapshot === undefined) throw ctx.fail('InvalidSystemSnapshot.Missing');
  const ordered = [...system, ...found.filter((disk) => disk.diskType === 'data')];
  const assigned = assignDevices(ordered);
  if ('refusal' in assigned) {
    const code = assigned.refusal === 'in-use' ? 'InvalidDevice.InUse' : 'InvalidDevice.Malformed';
    const name = ordered[assigned.position - 1]?.name ?? '';
    throw ctx.fail(code, { parameter: `${name}Device` });
  }
  return ordered.map((disk, i) => ({
    position: i + 1,
    device: assigned.devices[i] ?? '',
    diskType: disk.diskType,
    sizeGib: disk.sizeGib,
    format: '',
    importOssBucket: '',
    importOssObject: '',
    snapshotId: disk.snapshot?.snapshotId ?? null,
  }));
};
