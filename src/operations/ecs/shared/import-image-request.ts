// The request of ImportImage: its parameters, what the schema cannot say of them, and what becomes of
// those that are absent.
import type { Architecture, BootMode, ImageDraft, OsType } from '../../../domain/image.ts';
import type { ImageId } from '../../../domain/ids.ts';
import { isDescription, isImageName } from '../../../domain/naming.ts';
import type { Scope } from '../../../domain/tx.ts';
import { choice, list, object, optional, string, type Static } from '../../../lib/schema.ts';
import type { CallContext } from '../../../operation.ts';
import { creationTags } from './creation-tags.ts';
import { MAX_DISKS } from './disk-devices.ts';
import {
  ARCHITECTURES,
  description,
  DETECTION_REASON,
  imageName,
  imdsSupport,
  supportChoice,
} from './image-parameters.ts';
import { resourceGroupId } from './resource-group.ts';
import { importDiskSchema } from './import-disk.ts';
import { clientToken, dryRun, owners, regionId, tagList } from './parameters.ts';
import { DEFAULT_PLATFORM, IMPORT_PLATFORMS, osTypeOf, supportsCloudinit } from './platform.ts';

export const importImageInput = object({
  RegionId: regionId(),
  DiskDeviceMapping: list(importDiskSchema, {
    description: 'The files: the system disk first, then up to 16 data disks.',
    missing: 'MissingParameter.DiskDeviceMapping',
    maxItems: MAX_DISKS,
    tooMany: 'InvalidParameter.Malformed',
  }),
  ImageName: imageName,
  Description: description,
  Architecture: optional(
    choice(ARCHITECTURES, {
      description: 'Default x86_64.',
      invalid: 'InvalidArchitecture.Malformed',
    }),
  ),
  OSType: optional(
    choice(['windows', 'linux'], {
      description: 'Default: as the platform, else linux.',
      invalid: 'InvalidOSType.Malformed',
    }),
  ),
  Platform: optional(
    choice(IMPORT_PLATFORMS, {
      description: 'Default Others Linux, or Other Windows with OSType windows.',
      invalid: 'InvalidPlatform.Malformed',
    }),
  ),
  BootMode: optional(
    choice(['BIOS', 'UEFI'], {
      description: 'Default BIOS; arm64 knows UEFI only.',
      invalid: 'InvalidBootMode.Malformed',
    }),
  ),
  LicenseType: optional(
    choice(['Auto', 'Aliyun', 'BYOL'], {
      description: 'Kept and shown. Default Aliyun.',
      invalid: 'InvalidLicenseType.NotSupported',
    }),
  ),
  Features: optional(
    object({
      NvmeSupport: supportChoice('Default unsupported.', 'InvalidParameter.Malformed'),
      ImdsSupport: imdsSupport,
    }),
  ),
  DetectionStrategy: optional(
    choice(['Standard'], {
      invalid: 'InvalidParameter.DetectionStrategy',
      withoutEffect: DETECTION_REASON,
    }),
  ),
  RoleName: optional(
    string({
      maxLength: 64,
      withoutEffect: 'The buckets of the account are read without assuming a role.',
    }),
  ),
  StorageLocationArn: optional(
    string({
      description:
        'Refused with `InvalidOperation.CloudBoxImageImportUnsupported`: there is no CloudBox here.',
      maxLength: 256,
    }),
  ),
  ResourceGroupId: resourceGroupId,
  Tag: tagList('InvalidParameter.Malformed'),
  ClientToken: clientToken('InvalidClientToken.Malformed'),
  DryRun: dryRun,
  ...owners,
});
type Input = Static<typeof importImageInput>;

type FormFault =
  | 'InvalidImageName.Malformed'
  | 'InvalidDescription.Malformed'
  | 'InvalidPlatform.Malformed'
  | 'InvalidArchitecture.PlatformUnsupported'
  | 'InvalidOperation.CloudBoxImageImportUnsupported'
  | 'InvalidParameter.Malformed'
  | 'TagKey.Duplication';

/** What the schema cannot say of the values, and what the absent ones become. */
export const readImportImage = (ctx: Pick<CallContext<FormFault>, 'fail'>, wanted: Input) => {
  const { ImageName, Description, Platform } = wanted;
  if (ImageName !== undefined && !isImageName(ImageName))
    throw ctx.fail('InvalidImageName.Malformed');
  if (Description !== undefined && !isDescription(Description))
    throw ctx.fail('InvalidDescription.Malformed');
  const osType: OsType = wanted.OSType ?? (Platform === undefined ? 'linux' : osTypeOf(Platform));
  if (Platform !== undefined && osTypeOf(Platform) !== osType)
    throw ctx.fail('InvalidPlatform.Malformed');
  const architecture: Architecture = wanted.Architecture ?? 'x86_64';
  if (architecture === 'arm64' && osType === 'windows')
    throw ctx.fail('InvalidArchitecture.PlatformUnsupported');
  if (wanted.StorageLocationArn !== undefined)
    throw ctx.fail('InvalidOperation.CloudBoxImageImportUnsupported');
  const read = creationTags(wanted.Tag, { foldCase: true });
  if ('refusal' in read)
    throw ctx.fail(
      read.refusal === 'duplicate' ? 'TagKey.Duplication' : 'InvalidParameter.Malformed',
      {
        parameter: read.parameter,
      },
    );
  const bootMode: BootMode = wanted.BootMode ?? (architecture === 'arm64' ? 'UEFI' : 'BIOS');
  const platform = Platform ?? DEFAULT_PLATFORM[osType];
  return { osType, architecture, bootMode, platform, tags: read.tags };
};

type Form = ReturnType<typeof readImportImage>;

export const importImageDraft = (
  scope: Scope,
  imageId: ImageId,
  wanted: Input,
  { osType, architecture, bootMode, platform }: Form,
  sizeGib: number,
): Omit<ImageDraft, 'resourceGroupId'> => ({
  ...scope,
  imageId,
  imageName: wanted.ImageName ?? imageId,
  imageFamily: null,
  imageVersion: '',
  description: wanted.Description ?? '',
  architecture,
  osType,
  platform,
  bootMode,
  licenseType: wanted.LicenseType ?? 'Aliyun',
  nvmeSupport: wanted.Features?.NvmeSupport ?? 'unsupported',
  imdsSupport: wanted.Features?.ImdsSupport ?? 'v1',
  secureBootSupport: '',
  detectionStrategy: wanted.DetectionStrategy ?? '',
  isCopied: false,
  isSupportCloudinit: supportsCloudinit(platform),
  sizeGib,
  origin: 'ImportImage',
});
