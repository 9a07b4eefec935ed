// The image: its words, and its states as a table. Rules of one verb stand here; rules that write
// several rows stand in image-lifecycle.ts.
import type { AccountId, ImageId, RegionId, SnapshotId } from './ids.ts';
import type { Tag } from './tag.ts';

export const IMAGE_STATUSES = [
  'Creating',
  'Waiting',
  'Available',
  'UnAvailable',
  'CreateFailed',
  'Deprecated',
] as const;
export type ImageStatus = (typeof IMAGE_STATUSES)[number];

/** Every permitted transition (from → to); deletion is not a transition but a tombstone. */
export const IMAGE_TRANSITIONS: Readonly<Record<ImageStatus, readonly ImageStatus[]>> = {
  Waiting: ['Creating', 'CreateFailed'],
  Creating: ['Available', 'CreateFailed'],
  Available: ['Deprecated', 'UnAvailable'],
  Deprecated: ['Available', 'UnAvailable'],
  UnAvailable: ['Available', 'Deprecated'],
  CreateFailed: [],
};

export const canBecome = (from: ImageStatus, to: ImageStatus): boolean =>
  IMAGE_TRANSITIONS[from].includes(to);

/** True when machines can be made from the image (the newer API's `Usable`). */
export const isUsable = (status: ImageStatus): boolean =>
  status === 'Available' || status === 'Deprecated';

export type Architecture = 'i386' | 'x86_64' | 'arm64';
export type BootMode = 'BIOS' | 'UEFI' | 'UEFI-Preferred';
export type OsType = 'linux' | 'windows';
export type DiskType = 'system' | 'data';
/** How the image came to be: the operation that accepted it, the image builder, or the public catalogue. */
export type ImageOrigin =
  | 'ImportImage'
  | 'CreateImage'
  | 'CopyImage'
  | 'ImagePipelineExecution'
  | 'Catalogue';

/** One disk of an image, in the order of the devices; position 1 is the system disk. */
export interface ImageDisk {
  position: number;
  device: string;
  diskType: DiskType;
  sizeGib: number;
  /** As the request named it or as detected, upper-case (`QCOW2`); empty when unknown. */
  format: string;
  importOssBucket: string;
  importOssObject: string;
  /** Null for a data disk that starts empty. */
  snapshotId: SnapshotId | null;
}

/** An image without its disks and tags, as accepted. Unset texts are empty, as on the wire. */
export interface ImageDraft {
  imageId: ImageId;
  accountId: AccountId;
  regionId: RegionId;
  imageName: string;
  imageFamily: string | null;
  imageVersion: string;
  description: string;
  architecture: Architecture;
  osType: OsType;
  platform: string;
  bootMode: BootMode;
  licenseType: string;
  nvmeSupport: string;
  imdsSupport: string;
  secureBootSupport: string;
  detectionStrategy: string;
  resourceGroupId: string;
  isCopied: boolean;
  isSupportCloudinit: boolean;
  sizeGib: number;
  origin: ImageOrigin;
  /** The image that it was made from, when it was one; of the same account or another. */
  sourceImageId?: string;
}

/** Why an image could not be made: a code, and one sentence for the image engineer. */
export interface ImageFailure {
  errorCode: string;
  errorMessage: string;
}

/** A draft with what its acceptance gives it. */
export type AcceptedImage = ImageDraft &
  Pick<Image, 'seq' | 'creationMs' | 'status'> &
  Partial<Pick<Image, 'fileStem'>>;

/** An image as stored, with its disks and tags. */
export interface Image extends ImageDraft {
  /** Order of acceptance within account and region; never repeats, never changes. */
  seq: number;
  creationMs: number;
  status: ImageStatus;
  /** What its files are called, before device and format; never changes (see file-names.ts). */
  fileStem: string;
  /** Whole percent, 0 to 100. */
  progress: number;
  isPublic: boolean;
  /** Whether an instance of the one who looks (owner or receiver) was made from it and exists. */
  isInUse: boolean;
  /** Whether it is shared with any account. */
  isShared: boolean;
  disks: readonly ImageDisk[];
  tags: readonly Tag[];
}
