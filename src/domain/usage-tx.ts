// The store's verbs that add up what one account keeps. Sizes are bytes as stored. No verb tells, or
// lets conclude, what other accounts keep. A part of ReadTx.
import type { AccountId, RegionId } from './ids.ts';

/** One account, in one region or in all. */
export interface UsageScope {
  accountId: AccountId;
  regionId: RegionId | undefined;
}

export interface RegionUsage {
  regionId: RegionId;
  imageCount: number;
  familyCount: number;
}

/** Each digest counts once. */
export interface HeldBytes {
  /** Empty in the row that stands for all regions together. */
  regionId: string;
  sizeBytes: number;
  /** Of digests that a snapshot holds and no image. */
  snapshotOnlyBytes: number;
  /** Of digests that a disk holds, and neither an image nor a snapshot. */
  diskOnlyBytes: number;
}

export interface FamilyUsage {
  regionId: RegionId;
  /** Null for the images of the region that have no family. */
  imageFamily: string | null;
  imageCount: number;
  /** Each digest once within the family. */
  sizeBytes: number;
  /** Of digests that other images of the account hold too: of another family, region, or without one. */
  sharedBytes: number;
}

/** All families together, also those that were not listed. */
export interface FamilySums {
  rows: number;
  imageCount: number;
  sizeBytes: number;
  sharedBytes: number;
}

export interface UsageReads {
  /** In order of the region. */
  regionUsage(scope: UsageScope): Promise<RegionUsage[]>;
  /** Each region that holds bytes, and first all together if there are any. */
  heldBytes(scope: UsageScope): Promise<HeldBytes[]>;
  /** In order of region and family, those without a family first. */
  familyUsage(scope: UsageScope, limit: number): Promise<{ rows: FamilyUsage[]; sums: FamilySums }>;
  /** Families with so many images or more, the fullest first. */
  fullFamilies(
    scope: UsageScope,
    imageCount: number,
    limit: number,
  ): Promise<Pick<FamilyUsage, 'regionId' | 'imageFamily' | 'imageCount'>[]>;
}
