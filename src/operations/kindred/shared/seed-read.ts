// A seed as text, read: checked against the schema, then what the schema cannot say, then everything that
// is absent filled in. Pure: it knows the regions and the time, and no row.
import type { ImageDisk, ImageDraft, OsType } from '../../../domain/image.ts';
import type { RegionId } from '../../../domain/ids.ts';
import { isDescription, isFamilyName, isImageName } from '../../../domain/naming.ts';
import type { Regions } from '../../../domain/region.ts';
import type { Tag } from '../../../domain/tag.ts';
import { checkJson } from '../../../lib/check-json.ts';
import { relativeMs } from '../../../lib/relative-time.ts';
import { suggestion } from '../../../lib/nearest.ts';
import { bootModeFits } from '../../ecs/shared/boot-mode.ts';
import { creationTags } from '../../ecs/shared/creation-tags.ts';
import { assignDevices } from '../../ecs/shared/disk-devices.ts';
import { parseInstant } from '../../ecs/shared/parse-instant.ts';
import { DEFAULT_PLATFORM, osTypeOf, supportsCloudinit } from '../../ecs/shared/platform.ts';
import { SeedFault } from './seed-fault.ts';
import { seedSchema, type SeedAccount, type SeedFile, type SeedImage } from './seed-schema.ts';

const DEFAULT_REGION = 'cn-hangzhou';
const DEFAULT_SIZE_GIB = 20;

export type WantedDraft = Omit<ImageDraft, 'accountId' | 'imageId' | 'resourceGroupId'>;

/** An image of the seed with everything filled in but what rows decide. */
export interface WantedImage {
  path: string;
  /** Empty: the operator's. */
  accountName: string;
  imageId: string | undefined;
  draft: WantedDraft;
  status: NonNullable<SeedImage['Status']>;
  /** Undefined: when it is applied. */
  creationMs: number | undefined;
  /** Given as a date, so that it can be compared with what is there. */
  isExact: boolean;
  /** `snapshotId` null: drawn; empty: no bytes. */
  disks: readonly (Omit<ImageDisk, 'snapshotId'> & { snapshotId: string | null })[];
  tags: readonly Tag[];
  isPublic: boolean;
  sharedWith: readonly string[];
}

export interface ReadSeed {
  ids: 'random' | 'by-name';
  accounts: readonly SeedAccount[];
  /** In the order of CreationTime. */
  images: readonly WantedImage[];
}

/** @param nowMs what relative times count from @throws SeedFault */
export const readSeed = (text: string, regions: Regions, nowMs: number): ReadSeed => {
  const seed = parse(text);
  const { Ids = 'random', Accounts = [], Images = [] } = seed;
  refuseTwice(Accounts, ({ AccountName }) => AccountName, 'Accounts', 'AccountName');
  refuseTwice(Accounts, ({ AccountId }) => AccountId, 'Accounts', 'AccountId');
  const images = Images.map((image, i) => {
    const where = { path: `Images[${i}]`, regions, nowMs };
    return wantedImage(image, seed.RegionId ?? DEFAULT_REGION, where);
  });
  refuseTwice(images, ({ imageId }) => imageId, 'Images', 'ImageId');
  const nameOf = ({ accountName, draft }: WantedImage): string =>
    JSON.stringify([accountName, draft.regionId, draft.imageName]);
  refuseTwice(images, nameOf, 'Images', 'ImageName');
  return {
    ids: Ids,
    accounts: Accounts,
    images: images.toSorted((a, b) => (a.creationMs ?? nowMs) - (b.creationMs ?? nowMs)),
  };
};

const parse = (text: string): SeedFile => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new SeedFault('', `the seed is not JSON: ${(error as Error).message}.`);
  }
  const version = Object(value).kindredSeed as unknown;
  if (typeof version === 'number' && version > 1)
    throw new SeedFault(
      'kindredSeed',
      'a newer Kindred wrote this seed; this one reads version 1.',
    );
  const fault = checkJson(seedSchema, value);
  if (fault !== undefined) throw new SeedFault(fault.path, fault.message);
  // The schema was just checked.
  return value as SeedFile;
};

const refuseTwice = <T>(
  all: readonly T[],
  keyOf: (one: T) => string | undefined,
  list: string,
  name: string,
): void => {
  const seen = new Map<string, number>();
  for (const [i, one] of all.entries()) {
    const key = keyOf(one);
    if (key === undefined) continue;
    const first = seen.get(key);
    if (first !== undefined)
      throw new SeedFault(`${list}[${i}].${name}`, `the same as in ${list}[${first}].`);
    seen.set(key, i);
  }
};

interface Where {
  path: string;
  regions: Regions;
  nowMs: number;
}

const wantedImage = (image: SeedImage, usualRegion: string, where: Where): WantedImage => {
  const { path, regions, nowMs } = where;
  const fault = (name: string, message: string) => new SeedFault(`${path}.${name}`, message);
  const regionId = image.RegionId ?? usualRegion;
  if (!regions.has(regionId))
    throw fault(
      'RegionId',
      `there is no region ${regionId} here.${suggestion(regionId, regions.keys())}`,
    );
  if (!isImageName(image.ImageName))
    throw fault('ImageName', 'it does not fit the rules of image names.');
  if (image.ImageFamily !== undefined && !isFamilyName(image.ImageFamily))
    throw fault('ImageFamily', 'it does not fit the rules of family names.');
  if (image.Description && !isDescription(image.Description))
    throw fault('Description', 'it has 2 to 256 characters and no http:// at its start.');
  const draft = draftOf(image, regionId as RegionId, fault);
  const tags = creationTags(image.Tags);
  if ('refusal' in tags)
    throw fault(
      'Tags',
      `${tags.parameter} is no ${tags.refusal === 'duplicate' ? 'new key' : 'tag'}.`,
    );
  const creationMs = timeOf(image.CreationTime, nowMs);
  if (creationMs !== undefined && !(creationMs <= nowMs && creationMs >= 0))
    throw fault('CreationTime', 'it is no time between 1970 and now.');
  const status = image.Status ?? 'Available';
  const isPublic = image.IsPublic ?? false;
  const sharedWith = image.Accounts ?? [];
  if (isPublic && sharedWith.length > 0)
    throw fault('Accounts', 'a published image is not shared with single accounts.');
  if ((isPublic || sharedWith.length > 0) && status === 'CreateFailed')
    throw fault('Status', 'an image that failed is not shared.');
  return {
    path,
    accountName: image.AccountName ?? '',
    imageId: image.ImageId,
    draft,
    status,
    creationMs,
    isExact: creationMs !== undefined && !image.CreationTime!.startsWith('-'),
    disks: disksOf(image, draft.sizeGib, fault),
    tags: tags.tags,
    isPublic,
    sharedWith,
  };
};

type Fault = (name: string, message: string) => SeedFault;

const draftOf = (image: SeedImage, regionId: RegionId, fault: Fault): WantedDraft => {
  const osType: OsType =
    image.OSType ?? (image.Platform === undefined ? 'linux' : osTypeOf(image.Platform));
  const platform = image.Platform ?? DEFAULT_PLATFORM[osType];
  if (osTypeOf(platform) !== osType) throw fault('OSType', `${platform} is not ${osType}.`);
  const architecture = image.Architecture ?? 'x86_64';
  const system = image.DiskDeviceMappings?.[0];
  const sizeGib = image.Size ?? system?.Size ?? DEFAULT_SIZE_GIB;
  if (system?.Size !== undefined && system.Size !== sizeGib)
    throw fault('Size', `the system disk has ${system.Size} GiB.`);
  const draft = {
    regionId,
    imageName: image.ImageName,
    imageFamily: image.ImageFamily ?? null,
    imageVersion: image.ImageVersion ?? '',
    description: image.Description ?? '',
    architecture,
    osType,
    platform,
    bootMode: image.BootMode ?? (architecture === 'arm64' ? 'UEFI' : 'BIOS'),
    licenseType: image.LicenseType ?? 'Aliyun',
    nvmeSupport: image.Features?.NvmeSupport ?? 'unsupported',
    imdsSupport: image.Features?.ImdsSupport ?? 'v1',
    secureBootSupport: '',
    detectionStrategy: '',
    isCopied: image.IsCopied ?? false,
    isSupportCloudinit: image.IsSupportCloudinit ?? supportsCloudinit(platform),
    sizeGib,
    origin: image.IsCopied === true ? ('CopyImage' as const) : ('ImportImage' as const),
  };
  if (!bootModeFits(draft)) throw fault('BootMode', `${architecture} knows UEFI only.`);
  return draft;
};

const disksOf = (image: SeedImage, sizeGib: number, fault: Fault): WantedImage['disks'] => {
  const given = image.DiskDeviceMappings ?? [];
  const wanted = (given.length === 0 ? [{}] : given).map((disk, i) => {
    const usual = i === 0 ? ('system' as const) : ('data' as const);
    const { Type = usual } = disk;
    if (Type !== usual)
      throw fault(
        `DiskDeviceMappings[${i}].Type`,
        'the first disk is the system disk, no other is.',
      );
    if (usual === 'system' && disk.SnapshotId === '' && image.Status !== 'CreateFailed')
      throw fault('DiskDeviceMappings[0].SnapshotId', 'the system disk has bytes.');
    return { ...disk, diskType: usual, device: disk.Device };
  });
  const assigned = assignDevices(wanted);
  if ('refusal' in assigned)
    throw fault(
      `DiskDeviceMappings[${assigned.position - 1}].Device`,
      assigned.refusal === 'in-use'
        ? 'another disk has it.'
        : '/dev/xvda is the system disk, /dev/xvdb to /dev/xvdz are data disks.',
    );
  return wanted.map((disk, i) => ({
    position: i + 1,
    device: assigned.devices[i] ?? '',
    diskType: disk.diskType,
    sizeGib: i === 0 ? sizeGib : (disk.Size ?? DEFAULT_SIZE_GIB),
    format: disk.Format ?? (disk.SnapshotId === '' ? '' : 'QCOW2'),
    importOssBucket: '',
    importOssObject: '',
    snapshotId: disk.SnapshotId ?? null,
  }));
};

/** Whole seconds, as the wire shows them; NaN for a date that is none. */
const timeOf = (text: string | undefined, nowMs: number): number | undefined => {
  if (text === undefined) return undefined;
  const relative = relativeMs(text);
  if (relative !== undefined) return Math.floor((nowMs + relative) / 1_000) * 1_000;
  return parseInstant(text.includes('T') ? text : `${text}T00:00:00Z`) ?? Number.NaN;
};
