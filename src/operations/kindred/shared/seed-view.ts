// An image as a seed tells of it: everything that an image made from it must have again, in the order and
// the words of the schema, and nothing of the moment. What is empty is left out.
import type { Image } from '../../../domain/image.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { SEED_STATUSES, type SeedImage } from './seed-schema.ts';

/** What the wire and older rows may hold, and a seed leaves to its default. */
const orAbsent = <T extends object>(member: T, isThere: boolean): T | Record<string, never> =>
  isThere ? member : {};

/** Undefined while work on the image goes on: it would never end in another Kindred. */
export const viewSeedImage = (
  image: Image,
  names: { accountName: string; sharedWith: readonly string[] },
): SeedImage | undefined => {
  const status = SEED_STATUSES.find((one) => one === image.status);
  if (status === undefined) return undefined;
  const view = {
    ...orAbsent({ AccountName: names.accountName }, names.accountName !== ''),
    RegionId: image.regionId,
    ImageId: image.imageId,
    ImageName: image.imageName,
    ...orAbsent({ ImageFamily: image.imageFamily ?? '' }, image.imageFamily !== null),
    ...orAbsent({ ImageVersion: image.imageVersion }, image.imageVersion !== ''),
    ...orAbsent({ Description: image.description }, image.description !== ''),
    Status: status,
    CreationTime: formatSeconds(image.creationMs),
    Architecture: image.architecture,
    OSType: image.osType,
    Platform: image.platform,
    BootMode: image.bootMode,
    ...orAbsent({ LicenseType: image.licenseType }, image.licenseType !== ''),
    Features: {
      ...orAbsent({ NvmeSupport: image.nvmeSupport }, image.nvmeSupport !== ''),
      ...orAbsent({ ImdsSupport: image.imdsSupport }, image.imdsSupport !== ''),
    },
    IsSupportCloudinit: image.isSupportCloudinit,
    ...orAbsent({ IsCopied: true }, image.isCopied),
    ...orAbsent({ IsPublic: true }, image.isPublic),
    Size: image.sizeGib,
    DiskDeviceMappings: image.disks.map((disk) => ({
      SnapshotId: disk.snapshotId ?? '',
      Type: disk.diskType,
      Device: disk.device,
      Size: disk.sizeGib,
      Format: disk.format,
    })),
    ...orAbsent(
      { Tags: image.tags.map(({ tagKey, tagValue }) => ({ Key: tagKey, Value: tagValue })) },
      image.tags.length > 0,
    ),
    ...orAbsent({ Accounts: names.sharedWith.toSorted() }, names.sharedWith.length > 0),
  };
  // The rows hold what the schema's choices name.
  return view as SeedImage;
};
