// What the story puts into the service, and what must therefore come out: every expected value here is
// built from an input or is a constant of the API, none is copied from an answer.
import type { Input } from '../wire/corpus.ts';

export interface DiskPlan {
  object: string;
  seed: number;
  gib: number;
}

export interface ImagePlan {
  name: string;
  description: string;
  architecture: string;
  osType: string;
  platform: string;
  /** The Chinese display name that the API makes of platform and architecture. */
  osName: string;
  bootMode: string;
  isSupportCloudinit: boolean;
  tags: Readonly<Record<string, string>>;
  disks: readonly DiskPlan[];
}

export const REGION = 'cn-hangzhou';
export const VERSION = '2026.11.24-rc1';

/** Texts that go wrong wherever something is encoded, decoded or escaped one time too many. */
const NASTY = `a&b <c> "d" 'e' %41 + ~ * é 镜像 🜨`;

/** Three imports, oldest first; `run` keeps the runs on one server apart. */
export const importPlans = (run: string): ImagePlan[] => [
  {
    name: `story-${run}-arm`,
    description: `arm64 ${NASTY}`,
    architecture: 'arm64',
    osType: 'linux',
    platform: 'Ubuntu',
    osName: 'Ubuntu  64位',
    bootMode: 'UEFI',
    isSupportCloudinit: true,
    tags: { channel: 'nightly', 'owner & team': NASTY },
    disks: [{ object: `${run}/arm.qcow2`, seed: 1, gib: 3 }],
  },
  {
    name: `story-${run}-windows`,
    description: `Windows ${NASTY}`,
    architecture: 'x86_64',
    osType: 'windows',
    platform: 'Windows Server 2022',
    osName: 'Windows Server 2022  64位',
    bootMode: 'BIOS',
    isSupportCloudinit: false,
    tags: { channel: 'stable', empty: '' },
    disks: [{ object: `${run}/windows.qcow2`, seed: 2, gib: 60 }],
  },
  {
    name: `story-${run}-debian`,
    description: `Debian ${NASTY}`,
    architecture: 'x86_64',
    osType: 'linux',
    platform: 'Debian',
    osName: 'Debian  64位',
    bootMode: 'BIOS',
    isSupportCloudinit: true,
    tags: { channel: 'stable' },
    disks: [
      { object: `${run}/debian.qcow2`, seed: 3, gib: 2 },
      { object: `${run}/data disk.qcow2`, seed: 4, gib: 5 },
    ],
  },
];

/** The fourth, newest: made by CreateImage out of the snapshots of the third. */
export const createPlan = (run: string): Omit<ImagePlan, 'disks'> & { sizesGib: number[] } => ({
  name: `story-${run}-versioned`,
  description: `versioned ${NASTY}`,
  architecture: 'x86_64',
  osType: 'linux',
  platform: 'Aliyun',
  osName: 'Alibaba Cloud Linux  64位',
  bootMode: 'BIOS',
  isSupportCloudinit: true,
  tags: { channel: 'stable', version: VERSION },
  sizesGib: [40, 5, 20],
});

export const tagList = (tags: Readonly<Record<string, string>>): Input[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** What no input decides. */
interface Given {
  imageId: string;
  creationTime: string;
  family: string;
  version: string;
  mappings: readonly Mapping[];
  sizeGib: number;
}

interface Mapping {
  object: string;
  bucket: string;
  gib: number;
  format: string;
  snapshotId: string;
}

/** The 23 fields. */
export const expectedImage = (plan: Omit<ImagePlan, 'disks'>, given: Given) => ({
  Architecture: plan.architecture,
  CreationTime: given.creationTime,
  Description: plan.description,
  DiskDeviceMappings: {
    DiskDeviceMapping: given.mappings.map((mapping, i) => ({
      Device: `/dev/xvd${'abc'.charAt(i)}`,
      Format: mapping.format,
      ImportOSSBucket: mapping.bucket,
      ImportOSSObject: mapping.object,
      Size: String(mapping.gib),
      SnapshotId: mapping.snapshotId,
      Type: i === 0 ? 'system' : 'data',
    })),
  },
  ImageFamily: given.family,
  ImageId: given.imageId,
  ImageName: plan.name,
  ImageOwnerAlias: 'self',
  ImageVersion: given.version,
  IsCopied: false,
  IsSelfShared: 'False',
  IsSubscribed: false,
  IsSupportCloudinit: plan.isSupportCloudinit,
  IsSupportIoOptimized: true,
  OSName: plan.osName,
  OSType: plan.osType,
  Platform: plan.platform,
  ProductCode: '',
  Progress: '100%',
  Size: given.sizeGib,
  Status: 'Available',
  Tags: {
    Tag: Object.entries(plan.tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  },
  Usage: 'none',
});

export type ExpectedImage = ReturnType<typeof expectedImage>;
