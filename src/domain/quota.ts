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
  /** Image components, and image pipelines: records of each of these kinds. */
  builderRecords: number;
}

/** The vendor's limits, but for `imagesPerRegion`: 100 families of 100 images must fit. */
export const DEFAULT_QUOTAS: Quotas = {
  imagesPerFamily: 100,
  familiesPerRegion: 100,
  imagesPerRegion: 10_000,
  unfinishedTasks: 1_000,
  sharesPerImage: 50,
  builderRecords: 1_000,
};
