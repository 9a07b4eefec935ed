// Which store keeps the bytes of a region. One store serves every region unless a region has its own;
// each store has a staging folder on its own file system, since publishing is a rename.
import type { Digest, RegionId } from '../domain/ids.ts';
import type { BlobStore } from './blob-store.ts';
import type { Staging } from './staging.ts';

/** A store and the folder in which its files grow. */
export interface BlobPlace {
  blobs: BlobStore;
  staging: Staging;
}

export interface BlobStores {
  /** The common one first. */
  readonly all: readonly BlobPlace[];
  of(regionId: RegionId): BlobPlace;
  /** By `placement.store`; undefined for a store that is not configured. */
  named(name: string): BlobPlace | undefined;
}

export const makeBlobStores = (
  common: BlobPlace,
  ofRegions: ReadonlyMap<string, BlobPlace> = new Map(),
): BlobStores => {
  const all = [common, ...ofRegions.values()];
  return {
    all,
    of: (regionId) => ofRegions.get(regionId) ?? common,
    named: (name) => all.find(({ blobs }) => blobs.name === name),
  };
};

/** The first store in which the blob lies, with `sizeBytes` if given; undefined when none has it. */
export const holderOf = async (
  stores: BlobStores,
  digest: Digest,
  sizeBytes?: number,
): Promise<{ blobs: BlobStore; sizeBytes: number } | undefined> => {
  for (const { blobs } of stores.all) {
    const found = await blobs.head(digest);
    if (found !== undefined && (sizeBytes === undefined || found.sizeBytes === sizeBytes))
      return { blobs, sizeBytes: found.sizeBytes };
  }
  return undefined;
};
