// A data directory with the parts that jobs need, and imports accepted as the API accepts them. Each
// place has a store, blobs, workers and an engine of its own, so that a second place over the same
// directory is a new process after the first has died.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import type { Buckets } from '../../src/blobs/buckets.ts';
import { openFolderBuckets } from '../../src/blobs/folder-buckets.ts';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { makeBlobStores, type BlobPlace } from '../../src/blobs/blob-stores.ts';
import { openFileBlobs } from '../../src/blobs/files.ts';
import { openStaging, type Staging } from '../../src/blobs/staging.ts';
import { createSweep } from '../../src/blobs/sweep.ts';
import { acceptImage } from '../../src/domain/image-lifecycle.ts';
import {
  newId,
  type AccountId,
  type ImageId,
  type RegionId,
  type TaskId,
} from '../../src/domain/ids.ts';
import type { ImageDisk, ImageDraft } from '../../src/domain/image.ts';
import type { Job } from '../../src/domain/job.ts';
import { DEFAULT_QUOTAS } from '../../src/domain/quota.ts';
import type { Actor, Scope, Tx } from '../../src/domain/tx.ts';
import { createJobEngine, type JobEngine, type JobEngineOptions } from '../../src/jobs/engine.ts';
import { createHasher } from '../../src/jobs/hasher.ts';
import { createIngestPool } from '../../src/jobs/ingest-pool.ts';
import type { ImportDisk } from '../../src/jobs/import-state.ts';
import type { JobParts } from '../../src/jobs/step.ts';
import { systemClocks } from '../../src/lib/clock.ts';
import { faultsOf, type FaultPlan } from '../../src/lib/fault.ts';
import { systemRandom } from '../../src/lib/random.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { JOB_SETTINGS } from './job-settings.ts';

export const scope: Scope = {
  accountId: '1000000000000001' as AccountId,
  regionId: 'cn-hangzhou' as RegionId,
};

/** A region with a store of its own, in places that ask for it. */
export const FAR: Scope = { ...scope, regionId: 'cn-beijing' as RegionId };

export interface Logged {
  level: string;
  fields: Record<string, unknown>;
  message: string;
}

export interface Place {
  dataDir: string;
  parts: JobParts;
  /** The common store. */
  blobs: BlobStore;
  staging: Staging;
  buckets: Buckets;
  engine: JobEngine;
  logged: Logged[];
  close(): Promise<void>;
}

export interface PlaceOptions {
  faultPlan?: FaultPlan;
  /** Parts to put in the place of the real ones. */
  parts?: Partial<JobParts>;
  engine?: JobEngineOptions;
  /** Folder of the buckets, when it is not in the data directory. */
  buckets?: string;
  graceMs?: number;
  /** The common store, when it is not to be the files of the directory. */
  blobs?: BlobStore;
  /** Regions with a store of their own, `<data>/far/<region>`. */
  farRegions?: readonly string[];
}

/** In memory where there is such a place: these tests kill processes, not power, and sync a lot. */
export const scratch = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const makeDataDir = (): string => mkdtempSync(join(scratch, 'kindred-jobs-'));

export const newDataDir = (t: { after(fn: () => void): void }): string => {
  const dataDir = makeDataDir();
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
};

export const openPlace = async (dataDir: string, options: PlaceOptions = {}): Promise<Place> => {
  const store = openStore({ dataDir, synchronous: 'OFF', rehearse: true });
  const faults = faultsOf(options.faultPlan);
  const common = { store, clocks: systemClocks, random: systemRandom(), faults };
  const blobs = options.blobs ?? (await openFileBlobs({ root: join(dataDir, 'blobs'), faults }));
  const staging = await openStaging(join(dataDir, 'staging'));
  const far = new Map<string, BlobPlace>();
  for (const regionId of options.farRegions ?? []) {
    const root = join(dataDir, 'far', regionId);
    far.set(regionId, {
      blobs: await openFileBlobs({ root, name: `files:${regionId}`, faults }),
      staging: await openStaging(join(root, 'staging')),
    });
  }
  const stores = makeBlobStores({ blobs, staging }, far);
  const buckets = openFolderBuckets(options.buckets ?? join(dataDir, 'buckets'));
  const { faultPlan, graceMs } = options;
  const pool = createIngestPool(faultPlan === undefined ? {} : { faultPlan });
  const hasher = createHasher();
  const sweep = createSweep({
    ...common,
    stores,
    ...(graceMs === undefined ? {} : { graceMs }),
  });
  const logged: Logged[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void logged.push({ level, fields: { ...fields }, message });
  const parts: JobParts = {
    ...common,
    stores,
    sweep,
    settings: JOB_SETTINGS,
    pool,
    hasher,
    buckets,
    log: { info: at('info'), warn: at('warn'), error: at('error') },
    floorBytes: 0,
    ...options.parts,
  };
  const engine = createJobEngine(parts, {
    retry: { firstMs: 1, mostMs: 5 },
    pollMs: 50,
    ...options.engine,
  });
  return {
    dataDir,
    parts,
    blobs,
    staging,
    buckets,
    engine,
    logged,
    async close() {
      await engine.stop();
      await pool.close();
      await sweep.run();
      await store.close();
    },
  };
};

/** A place over a new directory, closed and removed when the test ends. */
export const newPlace = async (t: TestContext, options: PlaceOptions = {}): Promise<Place> => {
  const place = await openPlace(makeDataDir(), options);
  t.after(async () => {
    await place.close();
    rmSync(place.dataDir, { recursive: true, force: true });
  });
  return place;
};

export const actorOf = (place: Place): Actor => ({
  principal: 'acs:ram::1000000000000001:root',
  requestId: place.parts.random.uuid().toUpperCase(),
  nowMs: place.parts.clocks.wallMs(),
});

export const write = <T>(place: Place, fn: (tx: Tx) => Promise<T>): Promise<T> =>
  place.parts.store.write(actorOf(place), fn);

export const putObject = (place: Place, object: string, bytes: Uint8Array): void => {
  const path = join(place.buckets.growthRoot, 'images', object);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
};

export interface Accepted {
  imageId: ImageId;
  taskId: TaskId;
  jobId: string;
}

type Asked = Partial<Pick<ImportDisk, 'declaredFormat' | 'declaredSizeGib' | 'sourceVersion'>> & {
  object: string;
};

const draftOf = (imageId: ImageId, of: Scope): ImageDraft => ({
  ...of,
  imageId,
  imageName: imageId,
  imageFamily: null,
  imageVersion: '',
  description: '',
  architecture: 'x86_64',
  osType: 'linux',
  platform: 'Others Linux',
  bootMode: 'BIOS',
  licenseType: '',
  nvmeSupport: '',
  imdsSupport: '',
  secureBootSupport: '',
  detectionStrategy: '',
  resourceGroupId: '',
  isCopied: false,
  isSupportCloudinit: false,
  sizeGib: 0,
  origin: 'ImportImage',
});

/** What ImportImage writes: image, disks, snapshots, task and job, in one transaction. */
export const acceptImport = async (
  place: Place,
  asked: readonly Asked[],
  of = scope,
): Promise<Accepted> => {
  const { random } = place.parts;
  const imageId = newId(random, 'm-', 'bp1');
  const taskId = newId(random, 't-', 'bp1');
  const jobId = `ImportImage:${imageId}`;
  const disks: ImportDisk[] = [];
  for (const [index, disk] of asked.entries()) {
    const found = await place.buckets.statObject('images', disk.object);
    disks.push({
      position: index + 1,
      snapshotId: newId(random, 's-', 'bp1'),
      bucket: 'images',
      declaredFormat: '',
      declaredSizeGib: 0,
      sourceVersion: found?.version ?? '',
      sourceSizeBytes: found?.sizeBytes ?? 0,
      ...disk,
    });
  }
  const imageDisks = disks.map(
    ({ position, snapshotId, bucket, object, declaredFormat, declaredSizeGib }): ImageDisk => ({
      position,
      device: `/dev/xvd${'abcd'[position - 1]}`,
      diskType: position === 1 ? 'system' : 'data',
      sizeGib: declaredSizeGib,
      format: declaredFormat,
      importOssBucket: bucket,
      importOssObject: object,
      snapshotId,
    }),
  );
  await write(place, async (tx) => {
    const { nowMs } = tx.actor;
    await tx.ensureAccountRegion(of);
    for (const { snapshotId, position } of disks)
      await tx.insertSnapshot({
        ...of,
        ...(await tx.drawSeq(of, nowMs)),
        snapshotId,
        snapshotName: snapshotId,
        description: '',
        sourceDiskType: position === 1 ? 'system' : 'data',
        sizeGib: 0,
        status: 'progressing',
      });
    await acceptImage(tx, draftOf(imageId, of), imageDisks, [], 'Creating', DEFAULT_QUOTAS);
    await tx.insertTask({
      ...of,
      taskId,
      taskAction: 'ImportImage',
      taskStatus: 'Processing',
      creationMs: nowMs,
      finishedMs: null,
      progress: 0,
      resourceId: imageId,
      errorCode: '',
      errorMessage: '',
      objects: [],
    });
    await tx.insertJob({
      ...jobOf(jobId, 'ImportImage', imageId, 'ingest:1', of),
      taskId,
      state: JSON.stringify({ disks }),
      creationMs: nowMs,
    });
  });
  return { imageId, taskId, jobId };
};

const jobOf = (
  jobId: string,
  kind: Job['kind'],
  imageId: ImageId,
  step: string,
  of: Scope,
): Job => ({
  ...of,
  jobId,
  kind,
  imageId,
  taskId: null,
  step,
  state: '{}',
  status: 'ready',
  attempts: 0,
  creationMs: 0,
});

/** What CreateImage writes for the snapshots of another image. */
export const acceptCreate = async (place: Place, disks: readonly ImageDisk[]): Promise<ImageId> => {
  const imageId = newId(place.parts.random, 'm-', 'bp1');
  await write(place, async (tx) => {
    await acceptImage(tx, draftOf(imageId, scope), disks, [], 'Creating', DEFAULT_QUOTAS);
    await tx.insertJob(jobOf(`CreateImage:${imageId}`, 'CreateImage', imageId, 'finish', scope));
  });
  return imageId;
};

/** What CancelTask writes, as far as the job is concerned. */
export const cancel = async (place: Place, { imageId, taskId, jobId }: Accepted): Promise<void> => {
  await write(place, async (tx) => {
    const job = await tx.job(jobId);
    assert.ok(job);
    const image = await tx.image(job, imageId);
    for (const { snapshotId } of image?.disks ?? []) await tx.deleteSnapshotRows(snapshotId!);
    await tx.deleteImageRows(imageId);
    await tx.setTaskStatus(taskId, 'Processing', {
      taskStatus: 'Deleted',
      finishedMs: tx.actor.nowMs,
      errorCode: '',
      errorMessage: '',
    });
    assert.equal(await tx.saveJob(jobId, job.status, { ...job, status: 'cancelled' }), true);
  });
  place.engine.wake();
};

/** Image, task, job and snapshots of an import, as the rows have them. */
export const lookUp = (place: Place, { imageId, taskId, jobId }: Accepted) =>
  place.parts.store.read(async (tx) => {
    const image = await tx.image(scope, imageId);
    const task = await tx.task(scope, taskId);
    assert.ok(task);
    const snapshots = [];
    for (const { snapshotId } of image?.disks ?? [])
      if (snapshotId !== null) snapshots.push(await tx.snapshot(scope, snapshotId));
    return { image, task, job: await tx.job(jobId), snapshots };
  });

/** Asserts the import ended well and its bytes are `sources`, in order of the disks. */
export const assertImported = async (
  place: Place,
  accepted: Accepted,
  sources: readonly Uint8Array[],
) => {
  const { image, task, job, snapshots } = await lookUp(place, accepted);
  assert.deepEqual([task.taskStatus, task.progress, task.errorMessage], ['Finished', 100, '']);
  assert.deepEqual([image?.status, image?.progress, job], ['Available', 100, undefined]);
  assert.equal(snapshots.length, sources.length);
  for (const [index, snapshot] of snapshots.entries()) {
    const bytes = sources[index];
    assert.ok(snapshot?.digest && bytes);
    assert.equal(snapshot.status, 'accomplished');
    assert.equal(snapshot.sizeBytes, bytes.length);
    assert.equal(snapshot.digest, `sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    const digest = snapshot.digest;
    const blob = await place.parts.store.read((tx) => tx.blob(digest));
    assert.equal(blob?.state, 'present');
    assert.equal((await place.parts.store.read((tx) => tx.placements(digest))).length, 1);
    const opened = await place.blobs.open(digest);
    assert.ok(opened);
    assert.ok((await buffer(opened.stream)).equals(bytes));
  }
};

/** Asserts the import failed with `errorCode` and left nothing behind. */
export const assertFailed = async (place: Place, accepted: Accepted, errorCode: string) => {
  const { image, task, job, snapshots } = await lookUp(place, accepted);
  assert.deepEqual([task.taskStatus, task.errorCode], ['Failed', errorCode]);
  assert.match(task.errorMessage, /^[A-Z].*\.$/s);
  assert.ok(task.finishedMs !== null);
  assert.deepEqual([image?.status, job, snapshots], ['CreateFailed', undefined, []]);
  const all = await place.parts.store.read((tx) =>
    tx.snapshots(scope, {}, { limit: 10, offset: 0 }),
  );
  for (const { status } of all.rows) assert.equal(status, 'accomplished');
  const staged = await place.staging.list();
  assert.ok(!staged.some(({ name }) => name.startsWith(accepted.imageId)));
};

/** Rows of a table that no verb lists; only after the place was closed. */
export const rowCount = (dataDir: string, table: 'blob_lease' | 'job' | 'blob'): number => {
  const database = new DatabaseSync(join(dataDir, 'kindred.db'), { readOnly: true });
  try {
    return Number(Object.values(database.prepare(`SELECT count(*) FROM ${table}`).get() ?? {})[0]);
  } finally {
    database.close();
  }
};
