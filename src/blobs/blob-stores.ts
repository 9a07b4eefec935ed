// Which store keeps the bytes of a region. One store serves every region unless a region has its own;
// each store has a staging folder on its own file system, since publishing is a rename.
import type { RegionId } from '../domain/ids.ts';
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
