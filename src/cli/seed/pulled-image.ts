// An image as the cloud lists it, in the words of a seed. What a seed does not know (a platform that is new,
// a tag of the system, a device of another kind) is left to its default, so that the file can be applied.
import { operations } from '../../client/data.ts';
import { isRecord } from '../../lib/check-json.ts';

export interface PulledImage {
  imageId: string;
  seed: Record<string, unknown>;
  sharedWith: string[];
}

type Seen = Readonly<Record<string, unknown>>;

/** The values of the parameter that would make such an image. */
const choicesOf = (name: string): readonly string[] =>
  operations.ImportImage?.input.find((field) => field.name === name)?.enum ?? [];

export const seedImageOf = (image: Seen, regionId: string): PulledImage => {
  const text = (name: string): string => (typeof image[name] === 'string' ? image[name] : '');
  const disks = disksOf(image);
  const systemSize = Number(isRecord(disks[0]) ? disks[0].Size : image.Size);
  const features = isRecord(image.Features) ? image.Features : {};
  const tags = tagsOf(image);
  const isPublic = image.IsPublic === true && text('Status') === 'Available' && disks.length <= 1;
  const members: readonly (readonly [name: string, value: unknown, isThere: boolean])[] = [
    ['RegionId', regionId, true],
    ['ImageId', text('ImageId'), /^m-[0-9a-z]{4,60}$/.test(text('ImageId'))],
    ['ImageName', text('ImageName'), true],
    ['ImageFamily', text('ImageFamily'), text('ImageFamily') !== ''],
    ['ImageVersion', text('ImageVersion'), text('ImageVersion') !== ''],
    ['Description', text('Description'), text('Description').length > 1],
    ['Status', text('Status'), true],
    [
      'CreationTime',
      text('CreationTime'),
      /^\d{4}-\d\d-\d\dT[\d:]{5,8}Z$/.test(text('CreationTime')),
    ],
    ['Architecture', text('Architecture'), isKnown('Architecture', text('Architecture'))],
    ['OSType', text('OSType'), isKnown('OSType', text('OSType'))],
    ['Platform', text('Platform'), isKnown('Platform', text('Platform'))],
    ['BootMode', text('BootMode'), ['BIOS', 'UEFI', 'UEFI-Preferred'].includes(text('BootMode'))],
    ['LicenseType', text('LicenseType'), isKnown('LicenseType', text('LicenseType'))],
    ['Features', featuresOf(features), true],
    ['IsSupportCloudinit', image.IsSupportCloudinit, typeof image.IsSupportCloudinit === 'boolean'],
    ['IsCopied', true, image.IsCopied === true],
    ['IsPublic', true, isPublic],
    ['Size', systemSize, Number.isSafeInteger(systemSize) && systemSize > 0],
    ['DiskDeviceMappings', disks, disks.length > 0],
    ['Tags', tags, tags.length > 0],
  ];
  return {
    imageId: text('ImageId'),
    seed: Object.fromEntries(
      members.filter(([, , isThere]) => isThere).map(([name, value]) => [name, value]),
    ),
    sharedWith: [],
  };
};

const isKnown = (name: string, value: string): boolean => choicesOf(name).includes(value);

const featuresOf = ({ NvmeSupport, ImdsSupport }: Seen) => ({
  ...((NvmeSupport === 'supported' || NvmeSupport === 'unsupported') && { NvmeSupport }),
  ...((ImdsSupport === 'v1' || ImdsSupport === 'v2') && { ImdsSupport }),
});

/** The system disk first; none when the cloud names none. */
const disksOf = ({ DiskDeviceMappings, Status }: Seen): Record<string, unknown>[] => {
  const list = isRecord(DiskDeviceMappings) ? DiskDeviceMappings.DiskDeviceMapping : undefined;
  const given = Array.isArray(list) ? list.filter(isRecord) : [];
  const system = given.filter(({ Type }) => Type !== 'data');
  if (system.length !== 1) return [];
  return [...system, ...given.filter(({ Type }) => Type === 'data')].map((disk, i) => {
    const snapshotId = typeof disk.SnapshotId === 'string' ? disk.SnapshotId : '';
    const mayBeEmpty = i > 0 || Status === 'CreateFailed';
    const size = Number(disk.Size);
    return {
      ...((/^s-[0-9a-z]{4,60}$/.test(snapshotId) || (snapshotId === '' && mayBeEmpty)) && {
        SnapshotId: snapshotId,
      }),
      Type: i === 0 ? 'system' : 'data',
      ...(typeof disk.Device === 'string' &&
        (i === 0 ? /^\/dev\/xvda$/ : /^\/dev\/xvd[b-z]$/).test(disk.Device) && {
          Device: disk.Device,
        }),
      ...(Number.isSafeInteger(size) && size > 0 && { Size: size }),
      ...(typeof disk.Format === 'string' && disk.Format.length <= 16 && { Format: disk.Format }),
    };
  });
};

/** Tags that the cloud itself set cannot be set by a request, here or there. */
const tagsOf = ({ Tags }: Seen): { Key: string; Value: string }[] => {
  const list = isRecord(Tags) ? Tags.Tag : undefined;
  return (Array.isArray(list) ? list.filter(isRecord) : []).flatMap(({ TagKey, TagValue }) =>
    typeof TagKey !== 'string' ||
    typeof TagValue !== 'string' ||
    /^(aliyun|acs:)/i.test(TagKey) ||
    /^acs:/i.test(TagValue)
      ? []
      : [{ Key: TagKey, Value: TagValue }],
  );
};
