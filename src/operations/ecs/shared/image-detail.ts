// How DescribeImages shows an image: the view of DescribeImageFromFamily and the newer fields.
import { isUsable, type Image } from '../../../domain/image.ts';
import { boolean, integer, list, object, string, type Static } from '../../../lib/schema.ts';
import { imageSeen, type VisibleImage } from '../../../domain/visible.ts';
import {
  diskDeviceMappingProperties,
  imageProperties,
  osNameEn,
  viewVisible,
  type ImageView,
} from './image-view.ts';
import { partial } from './partial.ts';

export const imageDetailSchema = object({
  ...imageProperties,
  BootMode: string({ description: 'BIOS, UEFI or UEFI-Preferred.' }),
  DetectionOptions: partial({
    Status: string(),
    Items: object({
      Item: list(
        object({ Name: string(), RiskCode: string(), RiskLevel: string(), Value: string() }),
      ),
    }),
  }),
  DiskDeviceMappings: object({
    DiskDeviceMapping: list(
      object({
        ...diskDeviceMappingProperties,
        Encrypted: boolean(),
        Progress: string({ description: 'Percent while the image is made, else empty.' }),
        RemainTime: integer({ description: 'Seconds left; 0, since none are predicted.' }),
      }),
    ),
  }),
  Features: partial({
    CpuOnlineDowngrade: string({ description: 'unsupported: no machine runs here.' }),
    CpuOnlineUpgrade: string({ description: 'unsupported: no machine runs here.' }),
    MemoryOnlineDowngrade: string({ description: 'unsupported: no machine runs here.' }),
    MemoryOnlineUpgrade: string({ description: 'unsupported: no machine runs here.' }),
    ImdsSupport: string({ description: 'v1 or v2.' }),
    NvmeSupport: string({ description: 'supported or unsupported.' }),
  }),
  ImageOwnerId: integer({ description: 'UID of the owner; 0 for public images.' }),
  IsPublic: boolean({ description: 'Whether the image is published to everyone.' }),
  LicenseType: string({ description: 'Aliyun, BYOL or Auto.' }),
  LoginAsNonRootSupported: boolean({ description: 'False: nobody looks into the guest.' }),
  OSNameEn: string({ description: 'Display name in English.' }),
  ResourceGroupId: string({ description: 'Empty for the default group.' }),
  SecureBootOptions: partial({
    SecureBootSupport: string({ description: 'supported or unsupported.' }),
  }),
  SupplierName: string({ description: 'Empty: no image here is of the marketplace.' }),
  Usable: boolean({ description: 'Whether machines can be made from the image now.' }),
});

/** What a running machine could change of itself, if there were one. */
export const NO_ONLINE_CHANGES = {
  CpuOnlineDowngrade: 'unsupported',
  CpuOnlineUpgrade: 'unsupported',
  MemoryOnlineDowngrade: 'unsupported',
  MemoryOnlineUpgrade: 'unsupported',
};

export type ImageDetail = Static<typeof imageDetailSchema>;

/** The image as the caller sees it in DescribeImages. */
export const viewVisibleDetail = (found: VisibleImage): ImageDetail => {
  const detail = detailOf(imageSeen(found), viewVisible(found));
  return found.ownerAlias === 'system' ? { ...detail, OSNameEn: found.image.osNameEn } : detail;
};

const detailOf = (image: Image, view: ImageView): ImageDetail => {
  const inProgress = image.status === 'Creating' || image.status === 'Waiting';
  return {
    ...view,
    BootMode: image.bootMode,
    DetectionOptions: {},
    DiskDeviceMappings: {
      DiskDeviceMapping: view.DiskDeviceMappings.DiskDeviceMapping.map((disk) => ({
        ...disk,
        Encrypted: false,
        Progress: inProgress ? view.Progress : '',
        RemainTime: 0,
      })),
    },
    Features: {
      ...NO_ONLINE_CHANGES,
      ImdsSupport: image.imdsSupport,
      NvmeSupport: image.nvmeSupport,
    },
    ImageOwnerId: Number(image.accountId),
    IsPublic: image.isPublic,
    LicenseType: image.licenseType,
    LoginAsNonRootSupported: false,
    OSNameEn: osNameEn(image),
    ResourceGroupId: image.resourceGroupId,
    SecureBootOptions:
      image.secureBootSupport === '' ? {} : { SecureBootSupport: image.secureBootSupport },
    SupplierName: '',
    Usable: isUsable(image.status),
  };
};
