// The composition root: makes one Kindred out of its parts, without a port. Two of them live in one
// process without knowing of each other: nothing here is global.
import { join } from 'node:path';
import type { BlobStores } from '../blobs/blob-stores.ts';
import { openBuckets } from '../blobs/buckets.ts';
import { BlobHolds } from '../blobs/holds.ts';
import { EMPTY_CATALOGUE, type Catalogue } from '../domain/catalogue.ts';
import type { FamilyLookup } from '../domain/family.ts';
import { DEFAULT_QUOTAS, type Quotas } from '../domain/quota.ts';
import { makeRegions } from '../domain/region.ts';
import { systemClocks, type Clocks } from '../lib/clock.ts';
import { faultsOf } from '../lib/fault.ts';
import { systemRandom, type Random } from '../lib/random.ts';
import {
  DATABASE_FILE,
  openStore,
  type OpenOptions,
  type SqliteStore,
} from '../store/sqlite/open.ts';
import { makeBackups, type RunningBackups } from './backup/backups.ts';
import { masterKeyId } from './backup/master-key-id.ts';
import { FORMAT, openDataDirectory, type DataDirectory } from './data-directory.ts';
import { ensureFirstAccount, type KeyPair } from './first-account.ts';
import type { House } from './house.ts';
import { makeInstallation } from './installation.ts';
import { openJobRunner, type JobRunner, type JobRunnerOptions } from './job-runner.ts';
import type { Logger } from './log.ts';
import { makeMetrics } from './metrics.ts';
import { Nonces } from './nonces.ts';
import { makeHandle, type Handle } from './pipeline.ts';
import { makeRegistry } from './registry.ts';
import { StartRefused } from './refusal.ts';
import { openRegionStores, refuseUnknownStores } from './region-stores.ts';
import { makeSecrets } from './secrets.ts';
import { VERSION } from './version.ts';

export interface KindredOptions {
  dataDir: string;
  log: Logger;
  /** Data that die with the process: no fsync, no nonce file. */
  isEphemeral?: boolean;
  /** Folder in which bucket names live; default `<data>/buckets`. */
  bucketsDir?: string;
  /** Region id → folder of its own blob store. */
  regionBlobs?: Readonly<Record<string, string>>;
  /** Region ids to add to the vendor's list. */
  regions?: readonly string[];
  quotas?: Partial<Quotas>;
  familyLookup?: FamilyLookup;
  /** The public images; none by default. */
  catalogue?: Catalogue;
  /** How long an execution of an image pipeline waits before it begins (default 0). */
  pipelineHoldMs?: number;
  allowNetworkFs?: boolean;
  masterKey?: string;
  /** A root key of the environment. */
  givenKey?: KeyPair;
  clocks?: Clocks;
  random?: Random;
  /** Test controls: every write twice; jobs only when asked, on given threads; a crash at a named point. */
  test?: { rehearse?: boolean } & JobRunnerOptions;
}

export interface Kindred {
  readonly house: House;
  readonly handle: Handle;
  readonly stores: BlobStores;
  readonly jobs: JobRunner;
  readonly backups: RunningBackups;
  /** Set when this start made the operator's account. */
  readonly freshRootKey: KeyPair | undefined;
  /** Runs jobs to their checkpoint, folds the log back, gives the directory free. */
  close(): Promise<void>;
}

/** Opens (or makes) a data directory and puts the house over it. @throws StartRefused */
export const openKindred = async (options: KindredOptions): Promise<Kindred> => {
  const clocks = options.clocks ?? systemClocks;
  const random = options.random ?? systemRandom();
  const directory = openDataDirectory(options.dataDir, random, options);
  try {
    return await furnish(options, directory, clocks, random);
  } catch (error) {
    directory.release();
    throw error;
  }
};

/** A file that is foreign, newer or damaged is a refusal to start, not a bug of the server. */
const openStoreOrRefuse = (options: OpenOptions): SqliteStore => {
  try {
    return openStore(options);
  } catch (error) {
    const { message } = error as Error;
    throw new StartRefused(`${join(options.dataDir, DATABASE_FILE)}: ${message}`, { cause: error });
  }
};

const furnish = async (
  options: KindredOptions,
  directory: DataDirectory,
  clocks: Clocks,
  random: Random,
): Promise<Kindred> => {
  const dataDir = directory.path;
  const store = openStoreOrRefuse({
    dataDir,
    synchronous: options.isEphemeral ? 'OFF' : 'FULL',
    rehearse: options.test?.rehearse ?? false,
    stopped: (error) =>
      options.log.fatal({ err: error }, 'the storage failed; writes have stopped'),
  });
  const secrets = makeSecrets(directory.masterKey, random);
  const nonces = new Nonces(options.isEphemeral ? undefined : join(dataDir, 'nonces'));
  nonces.load(clocks.wallMs());
  const faults = faultsOf(options.test?.faultPlan);
  const regions = makeRegions(options.regions);
  const stores = await openRegionStores({
    dataDir,
    instanceId: storeOwner(directory),
    regions,
    regionBlobs: options.regionBlobs ?? {},
    allowNetworkFs: options.allowNetworkFs ?? false,
    faults,
  });
  await refuseUnknownStores(store, stores);
  const buckets = openBuckets(options.bucketsDir ?? join(dataDir, 'buckets'));
  const holds = new BlobHolds();
  const backups = makeBackups({
    instanceId: directory.instanceId,
    incarnation: directory.incarnation,
    dataFormat: FORMAT,
    kindredVersion: VERSION,
    masterKey: directory.masterKey,
    masterKeyId: masterKeyId(directory.masterKey),
    databasePath: join(dataDir, DATABASE_FILE),
    ownFolders: [dataDir, buckets.root, ...Object.values(options.regionBlobs ?? {})],
    stores,
    holds,
    faults,
    log: options.log,
    settleWrites: () => settleWrites(store, clocks),
    ...backupThreads(options.test),
  });
  const house: House = {
    settings: {
      regions,
      quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
      familyLookup: options.familyLookup ?? 'current',
      catalogue: options.catalogue ?? EMPTY_CATALOGUE,
      pipelineHoldMs: options.pipelineHoldMs ?? 0,
    },
    store,
    clocks,
    random,
    restoredMs: directory.restoredMs,
    secrets,
    nonces,
    registry: makeRegistry(),
    installation: makeInstallation({ secrets, random, buckets, stores, backups }),
    log: options.log,
    metrics: makeMetrics(),
  };
  const freshRootKey = await ensureFirstAccount(house, dataDir, options.givenKey);
  const jobs = await openJobRunner(house, { stores, buckets, faults, holds }, options.test ?? {});
  return {
    house,
    handle: makeHandle(house),
    stores,
    jobs,
    backups,
    freshRootKey,
    async close() {
      await backups.close();
      await jobs.close();
      await store.close();
      nonces.close();
      directory.release();
    },
  };
};

/** A write that changes nothing waits for all before it. When none is taken any more, none is under way. */
const settleWrites = async (store: SqliteStore, clocks: Clocks): Promise<void> => {
  const actor = { principal: 'kindred:backup', requestId: '', nowMs: clocks.wallMs() };
  if (!store.isStopped) await store.write(actor, () => Promise.resolve());
};

/** One thread of its own: a backup takes no turn away from imports. */
const backupThreads = ({ pool, faultPlan }: JobRunnerOptions = {}): Pick<
  Parameters<typeof makeBackups>[0],
  'openPool' | 'closePool'
> => ({
  async openPool() {
    const { createIngestPool } = await import('../jobs/ingest-pool.ts');
    return pool ?? createIngestPool({ maxWorkers: 1, ...(faultPlan && { faultPlan }) });
  },
  async closePool(opened) {
    if (opened !== pool) await opened.close();
  },
});

/** Who a store belongs to: a restored Kindred is another one, lest two sweep the same folder. */
const storeOwner = ({ instanceId, incarnation }: DataDirectory): string =>
  incarnation === 1 ? instanceId : `${instanceId}.${incarnation}`;
