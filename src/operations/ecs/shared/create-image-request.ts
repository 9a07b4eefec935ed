// The request of CreateImage: its parameters, what the schema cannot say of them, and what becomes of
// those that are absent.
import type { ImageDisk, ImageDraft } from '../../../domain/image.ts';
import type { ImageId } from '../../../domain/ids.ts';
import { isDescription, isFamilyName, isImageName } from '../../../domain/naming.ts';
import type { Scope } from '../../../domain/tx.ts';
import { choice, list, object, optional, string, type Static } from '../../../lib/schema.ts';
import type { CallContext } from '../../../operation.ts';
import { requireCreationTags, type CreationTagFault } from './creation-tags.ts';
import { MAX_DISKS } from './disk-devices.ts';
import {
  ARCHITECTURES,
  BOOT_MODES,
  description,
  DETECTION_REASON,
  imageFamily,
  imageName,
  imdsSupport,
  supportChoice,
} from './image-parameters.ts';
import { resourceGroupId } from './resource-group.ts';
import { clientToken, dryRun, owners, regionId, tagList } from './parameters.ts';
import { osTypeOf, PLATFORMS, supportsCloudinit } from './platform.ts';
import { snapshotDiskSchema } from './snapshot-disks.ts';
import type { ImageSource } from './source-image.ts';

const FROM_SOURCE = 'Absent: as the image that the snapshot of the system disk came with, else';

export const createImageInput = object({
  RegionId: regionId(),
  InstanceId: optional(
    string({
      description: 'Source 1: an instance that is Running or Stopped, with all its disks.',
      maxLength: 128,
    }),
  ),
  DiskDeviceMapping: optional(
    list(snapshotDiskSchema, {
      description: 'Source 2: one system disk and up to 16 data disks.',
      maxItems: MAX_DISKS,
      tooMany: 'InvalidParameter',
    }),
  ),
  SnapshotId: optional(
    string({ description: 'Source 3: the snapshot of a system disk.', maxLength: 128 }),
  ),
  ImageName: imageName,
  ImageFamily: imageFamily,
  ImageVersion: optional(
    string({
      description: 'Version, 1 to 40 printable ASCII characters.',
      pattern: '^[\\x20-\\x7e]{1,40}$',
      invalid: 'InvalidImageVersion.Malformed',
    }),
  ),
  Description: description,
  Platform: optional(
    choice(PLATFORMS, {
      description: `${FROM_SOURCE} Others Linux.`,
      invalid: 'InvalidPlatform.Malformed',
    }),
  ),
  Architecture: optional(
    choice(ARCHITECTURES, {
      description: `${FROM_SOURCE} x86_64.`,
      invalid: 'InvalidArchitecture.Malformed',
    }),
  ),
  BootMode: optional(
    choice(BOOT_MODES, {
      description: `${FROM_SOURCE} BIOS (arm64: UEFI).`,
      invalid: 'InvalidBootMode.NotSupport',
    }),
  ),
  DetectionStrategy: optional(choice(['Standard'], { withoutEffect: DETECTION_REASON })),
  Features: optional(object({ ImdsSupport: imdsSupport })),
  SecureBootOptions: optional(
    object({
      SecureBootSupport: supportChoice('Secure boot, with UEFI modes only.', 'InvalidParameter'),
    }),
  ),
  ResourceGroupId: resourceGroupId,
  Tag: tagList('QuotaExceed.Tags'),
  ClientToken: clientToken(),
  DryRun: dryRun,
  ...owners,
});
type Input = Static<typeof createImageInput>;

type FormFault =
  | 'InvalidImageName.Malformed'
  | 'InvalidImageFamily.Malformed'
  | 'InvalidDescription.Malformed'
  | CreationTagFault;

/** What the schema cannot say of the values; gives the tags. */
export const checkCreateImage = (ctx: Pick<CallContext<FormFault>, 'fail'>, wanted: Input) => {
  const { ImageName, ImageFamily, Description } = wanted;
  if (ImageName !== undefined && !isImageName(ImageName))
    throw ctx.fail('InvalidImageName.Malformed');
  if (ImageFamily !== undefined && !isFamilyName(ImageFamily))
    throw ctx.fail('InvalidImageFamily.Malformed');
  if (Description !== undefined && !isDescription(Description))
    throw ctx.fail('InvalidDescription.Malformed');
  return requireCreationTags(ctx, wanted.Tag);
};

/** The disks that were asked for, each with the name of its parameters; undefined without a source. */
export const wantedDisks = ({ DiskDeviceMapping, SnapshotId }: Input) => {
  if (DiskDeviceMapping !== undefined)
    return DiskDeviceMapping.map((disk, i) => ({ disk, name: `DiskDeviceMapping.${i + 1}.` }));
  return SnapshotId === undefined ? undefined : [{ disk: { SnapshotId }, name: '' }];
};

/** What the image is to be; what the request leaves open is as in `source`, but `imdsSupport` of snapshots. */
export const createImageDraft = (
  scope: Scope,
  imageId: ImageId,
  wanted: Input,
  disks: readonly ImageDisk[],
  source: (ImageSource & { imdsSupport?: string }) | undefined,
): Omit<ImageDraft, 'resourceGroupId'> => {
  const platform = wanted.Platform ?? source?.platform ?? 'Others Linux';
  const architecture = wanted.Architecture ?? source?.architecture ?? 'x86_64';
  const sourceBootMode = source?.architecture === architecture ? source.bootMode : undefined;
  return {
    ...scope,
    imageId,
    imageName: wanted.ImageName ?? imageId,
    imageFamily: wanted.ImageFamily ?? null,
    imageVersion: wanted.ImageVersion ?? '',
    description: wanted.Description ?? '',
    architecture,
    osType: osTypeOf(platform),
    platform,
    bootMode: wanted.BootMode ?? sourceBootMode ?? (architecture === 'arm64' ? 'UEFI' : 'BIOS'),
    licenseType: source?.licenseType ?? 'Aliyun',
    nvmeSupport: source?.nvmeSupport ?? 'unsupported',
    imdsSupport: wanted.Features?.ImdsSupport ?? source?.imdsSupport ?? 'v1',
    secureBootSupport: wanted.SecureBootOptions?.SecureBootSupport ?? '',
    detectionStrategy: wanted.DetectionStrategy ?? '',
    isCopied: false,
    isSupportCloudinit: supportsCloudinit(platform),
    sizeGib: disks[0]?.sizeGib ?? 0,
    origin: 'CreateImage',
  };
};
