// The disks of ImportImage: as a request names them, and as the image has them.
import type { ImageDisk } from '../../../domain/image.ts';
import type { SnapshotId } from '../../../domain/ids.ts';
import { choice, integer, object, optional, string, type Static } from '../../../lib/schema.ts';
import type { CallContext } from '../../../operation.ts';
import { assignDevices } from './disk-devices.ts';

const MAX_SIZE_GIB = 2048;
const MAX_OBJECT_NAME_BYTES = 1023;

const FORMATS = ['RAW', 'VHD', 'QCOW2', 'VMDK', 'raw', 'vhd', 'qcow2', 'vmdk'] as const;

export const importDiskSchema = object({
  OSSBucket: string({
    description: 'Bucket of the file.',
    missing: 'MissingParameter',
    pattern: '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$',
    invalid: 'InvalidOSSBucket.Malformed',
  }),
  OSSObject: string({
    description:
      'Object name of the file; it ends in .qcow2, .raw, .vhd or .vmdk, or has no ending and a Format.',
    missing: 'MissingParameter',
    maxLength: MAX_OBJECT_NAME_BYTES,
    invalid: 'InvalidOSSObject.Malformed',
  }),
  Format: optional(
    choice(FORMATS, {
      description: 'Format of the file; absent: as its content says.',
      invalid: 'InvalidImageFormat.Malformed',
    }),
  ),
  DiskImageSize: optional(
    integer({
      description: 'Size of the disk in GiB, 1 to 2048; absent: as the header of the file says.',
      aliases: ['DiskImSize'],
      invalid: 'InvalidImageSize',
    }),
  ),
  Device: optional(
    string({
      description: '/dev/xvda for the system disk, /dev/xvdb to /dev/xvdz for data disks.',
      pattern: '^/dev/xvd[a-z]$',
      invalid: 'InvalidParameter.Malformed',
    }),
  ),
});
export type ImportDisk = Static<typeof importDiskSchema>;

type DiskFault =
  | 'InvalidOSSObject.Malformed'
  | 'UnsupportedSuffix.OSSObject'
  | 'InvalidImageSize'
  | 'InvalidDataDiskSize'
  | 'InvalidParameter.Malformed';
type Context = Pick<CallContext<DiskFault>, 'fail'>;

/** Buckets are folders, so that a name is a path of plain parts. */
const isObjectName = (name: string): boolean =>
  Buffer.byteLength(name) <= MAX_OBJECT_NAME_BYTES &&
  !name.includes('\\') &&
  name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

/** Packer's post-processor names its objects `Packer_<number>` unless told otherwise, and says the format. */
const hasKnownEnding = ({ OSSObject, Format }: ImportDisk): boolean =>
  /.\.(qcow2|raw|vhd|vmdk)$/i.test(OSSObject) ||
  (Boolean(Format) && !OSSObject.slice(OSSObject.lastIndexOf('/') + 1).includes('.'));

/** What the schema cannot say of the disks. */
export const checkImportDisks = (ctx: Context, disks: readonly ImportDisk[]): void => {
  for (const [i, disk] of disks.entries()) {
    const parameter = `DiskDeviceMapping.${i + 1}.OSSObject`;
    if (!isObjectName(disk.OSSObject)) throw ctx.fail('InvalidOSSObject.Malformed', { parameter });
    if (!hasKnownEnding(disk)) throw ctx.fail('UnsupportedSuffix.OSSObject', { parameter });
    const size = disk.DiskImageSize ?? 1;
    if (size < 1 || size > MAX_SIZE_GIB)
      throw ctx.fail(i === 0 ? 'InvalidImageSize' : 'InvalidDataDiskSize');
  }
};

/** The disks of the image; the system disk is the first that was given. */
export const importDisks = (
  ctx: Context,
  wanted: readonly ImportDisk[],
  newSnapshotId: () => SnapshotId,
) => {
  const typed = wanted.map((disk, i) => ({
    diskType: i === 0 ? ('system' as const) : ('data' as const),
    device: disk.Device,
  }));
  const assigned = assignDevices(typed);
  if ('refusal' in assigned)
    throw ctx.fail('InvalidParameter.Malformed', {
      parameter: `DiskDeviceMapping.${assigned.position}.Device`,
    });
  return wanted.map((disk, i) => ({
    position: i + 1,
    device: assigned.devices[i] ?? '',
    diskType: i === 0 ? ('system' as const) : ('data' as const),
    // 0 until the header has been read; Terraform wants its own number and spelling back.
    sizeGib: disk.DiskImageSize ?? 0,
    format: disk.Format ?? '',
    importOssBucket: disk.OSSBucket,
    importOssObject: disk.OSSObject,
    snapshotId: newSnapshotId(),
  })) satisfies ImageDisk[];
};
