// How an image looks on the wire. `imageSchema` holds the 23 fields of DescribeImageFromFamily with
// exactly its types; DescribeImages adds its newer fields on top of the same view.
import type { Image } from '../../../domain/image.ts';
import { imageSeen, type VisibleImage } from '../../../domain/visible.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { boolean, integer, list, object, string, type Static } from '../../../lib/schema.ts';

export const diskDeviceMappingProperties = {
  Device: string({ description: 'Device name, for example /dev/xvda.' }),
  Format: string({ description: 'Format of the imported file, for example QCOW2; else empty.' }),
  ImportOSSBucket: string({ description: 'Bucket that the file was imported from.' }),
  ImportOSSObject: string({ description: 'Object that the file was imported from.' }),
  Size: string({ description: 'Size in GiB, as text.' }),
  SnapshotId: string({ description: 'The snapshot that holds the bytes.' }),
  Type: string({ description: 'system or data.' }),
};

export const imageProperties = {
  Architecture: string({ description: 'i386, x86_64 or arm64.' }),
  CreationTime: string({ description: 'When the image was accepted, UTC, whole seconds.' }),
  Description: string(),
  DiskDeviceMappings: object({
    DiskDeviceMapping: list(object(diskDeviceMappingProperties)),
  }),
  ImageFamily: string(),
  ImageId: string(),
  ImageName: string(),
  ImageOwnerAlias: string({ description: 'system, self, others or marketplace.' }),
  ImageVersion: string(),
  IsCopied: boolean(),
  IsSelfShared: string({ description: 'True or False, as text; empty for images of others.' }),
  IsSubscribed: boolean(),
  IsSupportCloudinit: boolean(),
  IsSupportIoOptimized: boolean(),
  OSName: string({ description: 'Display name in Chinese.' }),
  OSType: string({ description: 'linux or windows.' }),
  Platform: string(),
  ProductCode: string(),
  Progress: string({ description: 'Percent, as text: 100%.' }),
  Size: integer({ description: 'Size of the system disk in GiB.' }),
  Status: string(),
  Tags: object({ Tag: list(object({ TagKey: string(), TagValue: string() })) }),
  Usage: string({ description: 'instance or none.' }),
};

export const imageSchema = object(imageProperties);
export type ImageView = Static<typeof imageSchema>;

/** The image as its owner sees it. */
export const viewImage = (image: Image): ImageView => ({
  ImageId: image.imageId,
  ImageName: image.imageName,
  ImageFamily: image.imageFamily ?? '',
  ImageVersion: image.imageVersion,
  ImageOwnerAlias: 'self',
  Description: image.description,
  Status: image.status,
  Progress: `${image.progress}%`,
  Usage: image.isInUse ? 'instance' : 'none',
  CreationTime: formatSeconds(image.creationMs),
  Size: image.sizeGib,
  Architecture: image.architecture,
  OSType: image.osType,
  OSName: osName(image),
  Platform: image.platform,
  ProductCode: '',
  IsCopied: image.isCopied,
  IsSelfShared: image.isShared ? 'True' : 'False',
  IsSubscribed: false,
  IsSupportCloudinit: image.isSupportCloudinit,
  IsSupportIoOptimized: true,
  DiskDeviceMappings: {
    DiskDeviceMapping: image.disks.map((disk) => ({
      Device: disk.device,
      Format: disk.format,
      ImportOSSBucket: disk.importOssBucket,
      ImportOSSObject: disk.importOssObject,
      Size: String(disk.sizeGib),
      SnapshotId: disk.snapshotId ?? '',
      Type: disk.diskType,
    })),
  },
  Tags: { Tag: image.tags.map((tag) => ({ TagKey: tag.tagKey, TagValue: tag.tagValue })) },
});

/** The image as the caller sees it. Nothing that is the owner's alone goes to anyone else. */
export const viewVisible = (found: VisibleImage): ImageView => {
  const view = viewImage(imageSeen(found));
  const { ownerAlias } = found;
  if (ownerAlias === 'self') return view;
  const notOwn = { ...view, ImageOwnerAlias: ownerAlias, IsSelfShared: '' };
  return ownerAlias === 'system' ? { ...notOwn, OSName: found.image.osName } : notOwn;
};

const DISPLAY_NAMES: Readonly<Record<string, string>> = {
  Aliyun: 'Alibaba Cloud Linux',
  RedHat: 'Red Hat Enterprise Linux',
  SUSE: 'SUSE Linux',
  Anolis: 'Anolis OS',
};

const displayName = (image: Pick<Image, 'platform'>): string =>
  DISPLAY_NAMES[image.platform] ?? image.platform;

type Named = Pick<Image, 'platform' | 'architecture'>;

/** No version is known of a platform alone; two spaces stand where the vendor's values have them. */
export const osName = (image: Named): string =>
  `${displayName(image)}  ${image.architecture === 'i386' ? '32' : '64'}位`;

export const osNameEn = (image: Named): string =>
  `${displayName(image)}  ${image.architecture === 'i386' ? '32' : '64'} bit`;
