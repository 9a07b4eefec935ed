// The composition root: makes one Kindred out of its parts, without a port. Two of them live in one
// process without knowing of each other: nothing here is global.
import { join } from 'node:path';
import type { BlobStores } from '../blobs/blob-stores.ts';
import type { Buckets } from '../blobs/buckets.ts';
import type { GarbageSource } from '../blobs/garbage.ts';
import { BlobHolds } from '../blobs/holds.ts';
import type { S3Settings } from '../blobs/s3/settings.ts';
import { bucketPlace } from '../blobs/upload-place.ts';
import { EMPTY_CATALOGUE, type Catalogue } from '../domain/catalogue.ts';
import type { FamilyLookup } from '../domain/family.ts';
import type { ExportFormat } from '../domain/image-export.ts';
import { DEFAULT_QUOTAS, type Quotas } from '../domain/quota.ts';
import { makeRegions, type Regions } from '../domain/region.ts';
import { systemClocks, type Clocks } from '../lib/clock.ts';
import { faultsOf, type Faults } from '../lib/fault.ts';
import { systemRandom, type Random } from '../lib/random.ts';
import {
  DATABASE_FILE,
  openStore,
  type OpenOptions,
  type SqliteStore,
} from '../store/sqlite/open.ts';
import { openTrail } from './audit/trail.ts';
import type { CallWatch, SignatureClock } from './call-watch.ts';
import type { RunningBackups } from './backup/backups.ts';
import { openServerBackups } from './backup/server-backups.ts';
import { openDataDirectory, type DataDirectory } from './data-directory.ts';
import { ensureFirstAccount, type KeyPair } from './first-account.ts';
import type { House } from './house.ts';
import { makeInstallation } from './installation.ts';
import { openJobRunner, type JobRunner, type JobRunnerOptions } from './job-runner.ts';
import { KnownKeys } from './known-keys.ts';
import type { Logger } from './log.ts';
import { makeMetrics } from './metrics.ts';
import { Nonces } from './nonces.ts';
import { makeHandle, type Handle } from './pipeline.ts';
import { makeRegistry } from './registry.ts';
import { StartRefused } from './refusal.ts';
import type { ListedIssuer } from './oidc/issuer-file.ts';
import type { VerifyOidcToken } from './oidc/verify.ts';
import { openRegionStores } from './region-stores.ts';
import { makeSecrets } from './secrets.ts';
import { openServerBuckets } from './server-buckets.ts';
import { Throttle, type ThrottleRates } from './throttle.ts';
import { Uploads } from './uploads/uploads.ts';

export interface KindredOptions {
  dataDir: string;
  log: Logger;
  /** Data that die with the process: no fsync, no nonce file. */
  isEphemeral?: boolean;
  /** Where bucket names live: a folder (default `<data>/buckets`), or a place in S3. */
  buckets?: string | S3Settings;
  /** Where bytes live, when not in the files of the data directory. */
  blobs?: S3Settings;
  /** Region id → folder, or place in S3, of its own blob store. */
  regionBlobs?: Readonly<Record<string, string | S3Settings>>;
  /** Region ids to add to the vendor's list. */
  regions?: readonly string[];
  quotas?: Partial<Quotas>;
  familyLookup?: FamilyLookup;
  /** What exports write that name no format (default: each disk as it is kept). */
  exportFormat?: ExportFormat;
  /** The public images; none by default. */
  catalogue?: Catalogue;
  /** How long an execution of an image pipeline waits before it begins (default 0). */
  pipelineHoldMs?: number;
  /** In how many days every stored copy is read again (default 7); 0: never by itself. */
  verifyEveryDays?: number;
  /** In how many days without a new part an upload in parts goes (default 7); 0: never. */
  multipartExpiryDays?: number;
  /** Calls a second of one account; none by default. */
  throttle?: Partial<ThrottleRates>;
  /** In how many days records of the audit trail go (default 365); 0: never. */
  auditRetentionDays?: number;
  /** Whose tokens open roles that trust them; none by default. */
  oidcIssuers?: readonly ListedIssuer[];
  /** The test controls; only on a data directory that was made for tests, as a new one is then. */
  hasTestControls?: boolean;
  allowNetworkFs?: boolean;
  masterKey?: string;
  /** A root key of the environment. */
  givenKey?: KeyPair;
  clocks?: Clocks;
  random?: Random;
  /** Test controls: every write twice; jobs only when asked, on given threads; a crash at a named point. */
  test?: {
    rehearse?: boolean;
    watch?: CallWatch;
    signatureClock?: SignatureClock;
  } & JobRunnerOptions;
}

export interface Kindred {
  readonly house: House;
  readonly handle: Handle;
  readonly stores: BlobStores;
  readonly buckets: Buckets;
  readonly uploads: Uploads;
  readonly jobs: JobRunner;
  readonly backups: RunningBackups;
  readonly directory: DataDirectory;
  /** What the sweep leaves for a backup. */
  readonly holds: BlobHolds;
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
    const kindred = await furnish(options, directory, clocks, random);
    await sealWhatIsClear(kindred.house);
    return kindred;
  } catch (error) {
    directory.release();
    throw error;
  }
};

/** Only an installation of an older version has such rows, and only at its first start. */
const sealWhatIsClear = async (house: House): Promise<void> => {
  const found = await house.store.read((tx) => tx.clearUserData(1));
  if (found.length > 0) await (await import('./seal-user-data.ts')).sealClearUserData(house);
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

const settingsOf = (options: KindredOptions, regions: Regions): House['settings'] => ({
  regions,
  quotas: { ...DEFAULT_QUOTAS, ...options.quotas },
  familyLookup: options.familyLookup ?? 'current',
  exportFormat: options.exportFormat ?? 'kept',
  catalogue: options.catalogue ?? EMPTY_CATALOGUE,
  pipelineHoldMs: options.pipelineHoldMs ?? 0,
});

/** Without test controls nothing watches, and signatures go by the wall clock. */
const controlsOf = ({ test }: KindredOptions, clocks: Clocks, nowMs = () => clocks.wallMs()) => ({
  watch: test?.watch,
  signatureClock: test?.signatureClock ?? { nowMs, leastMs: nowMs },
});

/** Loaded with the first token. */
const lazyOidcVerifier = (
  issuers: readonly ListedIssuer[],
  clocks: Clocks,
  log: Logger,
): VerifyOidcToken => {
  let verifier: Promise<VerifyOidcToken> | undefined;
  return async (...call) => {
    verifier ??= import('./oidc/verify.ts').then(({ makeOidcVerifier }) =>
      makeOidcVerifier(issuers, () => clocks.monotonicMs(), log),
    );
    return (await verifier)(...call);
  };
};

/** Where bytes are kept, and where they come from. @throws StartRefused */
const openBytes = async (
  options: KindredOptions,
  directory: DataDirectory,
  store: SqliteStore,
  faults: Faults,
) => {
  const regions = makeRegions(options.regions);
  const stores = await openRegionStores({
    dataDir: directory.path,
    instanceId: storeOwner(directory),
    regions,
    ...(options.blobs && { blobs: options.blobs }),
    regionBlobs: options.regionBlobs ?? {},
    usedStores: await store.read((tx) => tx.placementStores()),
    allowNetworkFs: options.allowNetworkFs ?? false,
    faults,
  });
  const buckets = await openServerBuckets(directory.path, options.buckets);
  return { regions, stores, buckets };
};

/** Folders of regions that have a store of files of their own. */
const regionFolders = ({ regionBlobs = {} }: KindredOptions): string[] =>
  Object.values(regionBlobs).filter((given) => typeof given === 'string');

const openNonces = ({ isEphemeral, dataDir }: KindredOptions, clocks: Clocks): Nonces => {
  const nonces = new Nonces(isEphemeral ? undefined : join(dataDir, 'nonces'));
  nonces.load(clocks.wallMs());
  return nonces;
};

const furnish = async (
  options: KindredOptions,
  directory: DataDirectory,
  clocks: Clocks,
  random: Random,
): Promise<Kindred> => {
  const { log, auditRetentionDays: retentionDays } = options;
  const dataDir = directory.path;
  const store = openStoreOrRefuse({
    dataDir,
    synchronous: options.isEphemeral ? 'OFF' : 'FULL',
    rehearse: options.test?.rehearse ?? false,
    stopped: (error) => log.fatal({ err: error }, 'the storage failed; writes have stopped'),
  });
  const secrets = makeSecrets(directory.masterKey, random);
  const faults = faultsOf(options.test?.faultPlan);
  const { regions, stores, buckets } = await openBytes(options, directory, store, faults);
  const shared = { directory, store, stores, holds: new BlobHolds(), clocks, faults, log };
  const otherFolders = [buckets.growthRoot, ...regionFolders(options)];
  const backups = openServerBackups({ ...shared, otherFolders, test: options.test });
  const metrics = makeMetrics();
  const uploads = new Uploads({ ...shared, random, metrics, place: bucketPlace(buckets) });
  const trail = await openTrail({ ...shared, random, secrets, retentionDays });
  metrics.show(async () =>
    (await import('./gauges.ts')).gaugesOf({ store, clocks, stores, trail }),
  );
  const verifyOidcToken = lazyOidcVerifier(options.oidcIssuers ?? [], clocks, log);
  const installed = { ...shared, secrets, random, buckets, uploads, backups, verifyOidcToken };
  const house: House = {
    settings: settingsOf(options, regions),
    store,
    clocks,
    random,
    restoredMs: directory.restoredMs,
    secrets,
    nonces: openNonces(options, clocks),
    registry: makeRegistry(),
    installation: makeInstallation({ ...installed, jobs: () => jobs }),
    log,
    metrics,
    trail,
    throttle: new Throttle(options.throttle ?? {}, clocks),
    ...controlsOf(options, clocks),
    waitingNotes: new Set(),
    knownKeys: new KnownKeys(clocks),
  };
  const freshRootKey = await ensureFirstAccount(house, dataDir, options);
  const otherGarbage = async (): Promise<GarbageSource[]> =>
    (await import('./bucket-garbage.ts')).bucketGarbage({ options, uploads, buckets, clocks });
  const jobs = await openJobRunner(
    house,
    { ...shared, buckets, alsoSweep: () => uploads.sweep(), otherGarbage },
    { verifyEveryDays: options.verifyEveryDays ?? 7, ...options.test },
  );
  return {
    house,
    handle: makeHandle(house),
    stores,
    buckets,
    uploads,
    jobs,
    backups,
    directory,
    holds: shared.holds,
    freshRootKey,
    async close() {
      await backups.close();
      await jobs.close();
      await uploads.close();
      await trail.close();
      await store.close();
      house.nonces.close();
      directory.release();
    },
  };
};

/** Who a store belongs to: a restored Kindred is another one, lest two sweep the same folder. */
const storeOwner = ({ instanceId, incarnation }: DataDirectory): string =>
  incarnation === 1 ? instanceId : `${instanceId}.${incarnation}`;
