/** Limits of an account in a region; each is settable (`--quota name=value`). */
export interface Quotas {
  /** Images in one family, in any state. */
  imagesPerFamily: number;
  /** Families that have images. */
  familiesPerRegion: number;
  /** Custom images, in any state. */
  imagesPerRegion: number;
  /** Import tasks of one account that may be unfinished at once. */
  unfinishedTasks: number;
  /** Accounts that one image is shared with. */
  sharesPerImage: number;
  /** Instances of one account in one region, in any state. */
  instancesPerRegion: number;
  /** Disks of one account in one region, attached or not. */
  disksPerRegion: number;
  /** Snapshots that were taken of one disk. */
  snapshotsPerDisk: number;
  /** VPCs, vSwitches, security groups, key pairs and elastic addresses: records of each of these kinds. */
  networkRecords: number;
  /** Image components, and image pipelines: records of each of these kinds. */
  builderRecords: number;
  /** Uploads of one account that have not ended. */
  openUploads: number;
}

/**
 * The vendor's limits, but for `imagesPerRegion` (100 families of 100 images must fit) and those of
 * records, which the vendor sets by account: they only bound what can pile up.
 */
export const DEFAULT_QUOTAS: Quotas = {
  imagesPerFamily: 100,
  familiesPerRegion: 100,
  imagesPerRegion: 10_000,
  unfinishedTasks: 1_000,
  sharesPerImage: 50,
  instancesPerRegion: 1_000,
  disksPerRegion: 5_000,
  snapshotsPerDisk: 256,
  networkRecords: 500,
  builderRecords: 1_000,
  openUploads: 100,
};
