// The public catalogue: images that belong to nobody and that every account sees in every region. They
// are metadata: no bytes stand behind them, so that nothing can be copied, exported or read of them.
// The list is data (catalogue-images.ts, or a file of the operator's) and is checked here.
import type { AccountId, ImageId, RegionId } from './ids.ts';
import type { Architecture, BootMode, Image, OsType } from './image.ts';

/** An entry of the list, in the words of the API. */
export interface CatalogueEntry {
  ImageId: string;
  /** `acs:…`; an entry without one belongs to no family. */
  ImageFamily?: string;
  /** `2026-09-15T03:21:00Z` */
  CreationTime: string;
  OSType: OsType;
  /** `Ubuntu` */
  Platform: string;
  /** Display name in Chinese. */
  OSName: string;
  OSNameEn: string;
  Architecture: Architecture;
  /** GiB. */
  Size: number;
  Description?: string;
  ImageVersion?: string;
  BootMode?: BootMode;
  IsSupportCloudinit?: boolean;
}

/** An image of the catalogue in one region, with the display names that its entry gives. */
export interface CatalogueImage extends Image {
  osName: string;
  osNameEn: string;
}

export interface Catalogue {
  /** Newest first. */
  imagesIn(regionId: RegionId): readonly CatalogueImage[];
}

/** Owner of the catalogue: no account has this UID. */
export const CATALOGUE_OWNER = '0' as AccountId;

const toImage = (entry: CatalogueEntry, seq: number): Omit<CatalogueImage, 'regionId'> => ({
  imageId: entry.ImageId as ImageId,
  accountId: CATALOGUE_OWNER,
  imageName: entry.ImageId,
  imageFamily: entry.ImageFamily ?? null,
  imageVersion: entry.ImageVersion ?? '',
  description: entry.Description ?? '',
  architecture: entry.Architecture,
  osType: entry.OSType,
  platform: entry.Platform,
  osName: entry.OSName,
  osNameEn: entry.OSNameEn,
  bootMode: entry.BootMode ?? (entry.Architecture === 'arm64' ? 'UEFI' : 'BIOS'),
  licenseType: 'Aliyun',
  nvmeSupport: 'unsupported',
  imdsSupport: 'v1',
  secureBootSupport: '',
  detectionStrategy: '',
  resourceGroupId: '',
  isCopied: false,
  isSupportCloudinit: entry.IsSupportCloudinit ?? entry.OSType === 'linux',
  sizeGib: entry.Size,
  origin: 'Catalogue',
  fileStem: entry.ImageId,
  seq,
  creationMs: Date.parse(entry.CreationTime),
  status: 'Available',
  progress: 100,
  isPublic: false,
  // The vendor shows every public image so.
  isInUse: true,
  isShared: false,
  disks: [],
  tags: [],
});

/** The catalogue of checked entries. */
export const makeCatalogue = (entries: readonly CatalogueEntry[]): Catalogue => {
  const images = entries
    .toSorted(
      (a, b) =>
        Date.parse(a.CreationTime) - Date.parse(b.CreationTime) || (a.ImageId < b.ImageId ? -1 : 1),
    )
    .map((entry, i) => toImage(entry, i + 1))
    .toReversed();
  const byRegion = new Map<RegionId, readonly CatalogueImage[]>();
  return {
    imagesIn(regionId) {
      let found = byRegion.get(regionId);
      if (found === undefined) {
        found = images.map((image) => ({ ...image, regionId }));
        byRegion.set(regionId, found);
      }
      return found;
    },
  };
};

export const EMPTY_CATALOGUE: Catalogue = makeCatalogue([]);
