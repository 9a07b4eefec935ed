// Opens the blob stores: the common one, in the data directory or in S3, and one for each region that
// was given a store of its own. Such a place belongs to one region of one installation, since the sweep
// removes what its rows do not tell of; a small file in it says whose it is.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { BlobStore } from '../blobs/blob-store.ts';
import { makeBlobStores, type BlobPlace, type BlobStores } from '../blobs/blob-stores.ts';
import { openFileBlobs } from '../blobs/files.ts';
import { s3Address, type S3Settings } from '../blobs/s3/settings.ts';
import { openStaging } from '../blobs/staging.ts';
import type { Regions } from '../domain/region.ts';
import type { Faults } from '../lib/fault.ts';
import { networkFileSystemOf } from '../lib/network-file-system.ts';
import { StartRefused } from './refusal.ts';
import { writeWhole } from '../lib/write-whole.ts';

export interface RegionStoreOptions {
  dataDir: string;
  instanceId: string;
  regions: Regions;
  /** The common store in S3; else it is in the data directory. */
  blobs?: S3Settings;
  /** Region id → folder, or place in S3. */
  regionBlobs: Readonly<Record<string, string | S3Settings>>;
  /** Names of stores in which bytes lie, as the rows tell. */
  usedStores: readonly string[];
  allowNetworkFs: boolean;
  faults: Faults;
}

const MARK = 'kindred-store.json';
const FILES = 'files';
const S3 = 's3';

/** The store of every region that has none of its own. */
export const openCommonStore = async (dataDir: string, faults: Faults): Promise<BlobPlace> => ({
  blobs: await openFileBlobs({ root: join(dataDir, 'blobs'), faults }),
  staging: await openStaging(join(dataDir, 'staging')),
});

/** @throws StartRefused */
export const openRegionStores = async (options: RegionStoreOptions): Promise<BlobStores> => {
  const { dataDir, faults, blobs, regionBlobs } = options;
  refuseUnknownStores(options);
  const taken = new Map([[resolve(dataDir), 'the data directory']]);
  if (blobs !== undefined) taken.set(placeOf(blobs), 'the common store');
  const common: BlobPlace =
    blobs === undefined
      ? await openCommonStore(dataDir, faults)
      : {
          blobs: await openS3(options, blobs),
          staging: await openStaging(join(dataDir, 'staging')),
        };
  const ofRegions = new Map<string, BlobPlace>();
  for (const [regionId, given] of Object.entries(regionBlobs)) {
    if (!options.regions.has(regionId))
      throw new StartRefused(`--region-blobs: ${regionId} is no region here; add it with --region`);
    const root = typeof given === 'string' ? resolve(given) : placeOf(given);
    refuseOverlap(regionId, root, taken);
    taken.set(root, `region ${regionId}`);
    ofRegions.set(
      regionId,
      typeof given === 'string'
        ? await openFolder(options, regionId, root)
        : {
            blobs: await openS3(options, given, regionId),
            // What goes to S3 grows here first.
            staging: await openStaging(join(dataDir, 'staging-of', regionId)),
          },
    );
  }
  return makeBlobStores(common, ofRegions);
};

const openFolder = async (
  options: RegionStoreOptions,
  regionId: string,
  root: string,
): Promise<BlobPlace> => {
  claimFolder(options, regionId, root);
  const { faults } = options;
  return {
    blobs: await openFileBlobs({ root, name: nameOf(FILES, regionId), faults }),
    staging: await openStaging(join(root, 'staging')),
  };
};

const openS3 = async (
  { instanceId, usedStores, faults }: RegionStoreOptions,
  settings: S3Settings,
  regionId?: string,
): Promise<BlobStore> => {
  const { openS3Blobs, S3Refused } = await import('../blobs/s3/open.ts');
  const name = nameOf(S3, regionId);
  const mark = markOf(instanceId, regionId);
  try {
    const isExpected = usedStores.includes(name);
    return await openS3Blobs({ settings, name, mark, isExpected, faults });
  } catch (error) {
    if (!(error instanceof S3Refused)) throw error;
    const flag = regionId === undefined ? '--blobs' : `--region-blobs ${regionId}`;
    throw new StartRefused(`${flag}: ${error.message}`, { cause: error });
  }
};

const nameOf = (kind: string, regionId: string | undefined): string =>
  regionId === undefined ? kind : `${kind}:${regionId}`;

/** The whole text of the mark. */
const markOf = (instanceId: string, regionId: string | undefined): string =>
  `${JSON.stringify({ instanceId, regionId })}\n`;

/** Rows that speak of a store which was not given: its bytes could be neither served nor swept. */
const refuseUnknownStores = ({ usedStores, blobs, regionBlobs }: RegionStoreOptions): void => {
  const given = new Set([blobs === undefined ? FILES : S3]);
  for (const [regionId, place] of Object.entries(regionBlobs))
    given.add(nameOf(typeof place === 'string' ? FILES : S3, regionId));
  for (const name of usedStores) {
    if (given.has(name)) continue;
    const [kind = '', regionId] = name.split(':');
    const place = kind === S3 ? 's3://…' : 'DIR';
    if (regionId !== undefined)
      throw new StartRefused(
        `there are bytes of region ${regionId} in a store of its own; give --region-blobs ${regionId}=${place} as before`,
      );
    throw new StartRefused(
      kind === S3
        ? 'there are bytes in S3; give --blobs s3://… as before'
        : 'there are bytes in the files of the data directory; give --blobs files as before',
    );
  }
};

/** Folders and places in S3 as paths that can be compared. */
const placeOf = (settings: S3Settings): string =>
  join(sep, `s3:${settings.endpoint ?? ''}`, s3Address(settings).slice('s3:/'.length), sep);

const refuseOverlap = (
  regionId: string,
  root: string,
  taken: ReadonlyMap<string, string>,
): void => {
  for (const [other, whose] of taken)
    if (isWithin(root, other) || isWithin(other, root))
      throw new StartRefused(`--region-blobs ${regionId}=${root}: the folder overlaps ${whose}`);
};

const claimFolder = (
  { allowNetworkFs, instanceId }: RegionStoreOptions,
  regionId: string,
  root: string,
): void => {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const network = allowNetworkFs ? undefined : networkFileSystemOf(root);
  if (network !== undefined)
    throw new StartRefused(
      `${root} is on a network file system (${network}); use a local disk, or --allow-network-fs if you accept that bytes can be lost`,
    );
  const mark = join(root, MARK);
  const own = markOf(instanceId, regionId);
  if (!existsSync(mark)) writeWhole(mark, own);
  else if (readFileSync(mark, 'utf8') !== own)
    throw new StartRefused(
      `${root} is the store of another Kindred or region; choose an empty folder for ${regionId}`,
    );
};

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
