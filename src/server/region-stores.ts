// Opens the blob stores: the common one in the data directory, and one for each region that was given
// a folder of its own. Such a folder belongs to one region of one installation, since the sweep removes
// what its rows do not tell of; a small file in it says whose it is.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { makeBlobStores, type BlobPlace, type BlobStores } from '../blobs/blob-stores.ts';
import { openFileBlobs } from '../blobs/files.ts';
import { openStaging } from '../blobs/staging.ts';
import type { Store } from '../domain/tx.ts';
import type { Regions } from '../domain/region.ts';
import type { Faults } from '../lib/fault.ts';
import { networkFileSystemOf } from '../lib/network-file-system.ts';
import { writeWhole } from './data-directory.ts';
import { StartRefused } from './refusal.ts';

export interface RegionStoreOptions {
  dataDir: string;
  instanceId: string;
  regions: Regions;
  /** Region id → folder. */
  regionBlobs: Readonly<Record<string, string>>;
  allowNetworkFs: boolean;
  faults: Faults;
}

const MARK = 'kindred-store.json';
const PREFIX = 'files:';

/** The store of every region that has none of its own. */
export const openCommonStore = async (dataDir: string, faults: Faults): Promise<BlobPlace> => ({
  blobs: await openFileBlobs({ root: join(dataDir, 'blobs'), faults }),
  staging: await openStaging(join(dataDir, 'staging')),
});

/** @throws StartRefused */
export const openRegionStores = async (options: RegionStoreOptions): Promise<BlobStores> => {
  const { dataDir, faults } = options;
  const common = await openCommonStore(dataDir, faults);
  const ofRegions = new Map<string, BlobPlace>();
  const taken = new Map([[resolve(dataDir), 'the data directory']]);
  for (const [regionId, given] of Object.entries(options.regionBlobs)) {
    const root = resolve(given);
    checkFolder(options, regionId, root, taken);
    taken.set(root, `region ${regionId}`);
    ofRegions.set(regionId, {
      blobs: await openFileBlobs({ root, name: `${PREFIX}${regionId}`, faults }),
      staging: await openStaging(join(root, 'staging')),
    });
  }
  return makeBlobStores(common, ofRegions);
};

/** Rows that speak of a store which was not given: its bytes could be neither served nor swept. */
export const refuseUnknownStores = async (store: Store, stores: BlobStores): Promise<void> => {
  for (const name of await store.read((tx) => tx.placementStores())) {
    if (stores.named(name) !== undefined) continue;
    const regionId = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
    throw new StartRefused(
      `there are bytes of region ${regionId} in a store of its own; give --region-blobs ${regionId}=DIR as before`,
    );
  }
};

const checkFolder = (
  { regions, allowNetworkFs, instanceId }: RegionStoreOptions,
  regionId: string,
  root: string,
  taken: ReadonlyMap<string, string>,
): void => {
  if (!regions.has(regionId))
    throw new StartRefused(`--region-blobs: ${regionId} is no region here; add it with --region`);
  for (const [other, whose] of taken)
    if (isWithin(root, other) || isWithin(other, root))
      throw new StartRefused(`--region-blobs ${regionId}=${root}: the folder overlaps ${whose}`);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const network = allowNetworkFs ? undefined : networkFileSystemOf(root);
  if (network !== undefined)
    throw new StartRefused(
      `${root} is on a network file system (${network}); use a local disk, or --allow-network-fs if you accept that bytes can be lost`,
    );
  const mark = join(root, MARK);
  const own = `${JSON.stringify({ instanceId, regionId })}\n`;
  if (!existsSync(mark)) writeWhole(mark, own);
  else if (readFileSync(mark, 'utf8') !== own)
    throw new StartRefused(
      `${root} is the store of another Kindred or region; choose an empty folder for ${regionId}`,
    );
};

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
