// Steps that fail and are run again, jobs that are cancelled or halted, workers that die: whatever
// happens inside the process, an import ends once, and as it should.
import assert from 'node:assert/strict';
import { randomFillSync } from 'node:crypto';
import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BlobStore } from '../../src/blobs/blob-store.ts';
import { openFileBlobs } from '../../src/blobs/files.ts';
import { SyncFailure } from '../../src/blobs/folders.ts';
import type { IngestPool } from '../../src/jobs/ingest-pool.ts';
import type { FaultPlan, FaultPoint } from '../../src/lib/fault.ts';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import {
  acceptImport,
  assertFailed,
  assertImported,
  cancel,
  lookUp,
  newDataDir,
  newPlace,
  openPlace,
  putObject,
  rowCount,
  write,
  type Accepted,
  type Place,
} from './jobs-fixture.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const qcow2 = (seed: number, sizeBytes = 64 * 1024): Uint8Array =>
  makeQcow2({ virtualSizeBytes: GIB, guestData: { seed, sizeBytes } });

const THROWING: readonly FaultPoint[] = [
  'import.accepted',
  'ingest.started',
  'ingest.half',
  'ingest.hashed',
  'ingest.inspected',
  'ingest.saved',
  'publish.leased',
  'publish.renamed',
  'publish.synced',
  'finish.before',
  'finish.after',
];

for (const point of THROWING)
  test(`a step that fails at ${point} is run again, and the import is whole`, async (t) => {
    // The second time too, so that the second disk's step meets it.
    for (const occurrence of point.startsWith('finish') ? [1] : [1, 2]) {
      const place = await newPlace(t, { faultPlan: { point, occurrence, action: 'throw' } });
      putObject(place, 'a.qcow2', qcow2(1));
      putObject(place, 'b.qcow2', qcow2(2));
      const accepted = await acceptImport(place, [{ object: 'a.qcow2' }, { object: 'b.qcow2' }]);
      await place.engine.finishAll();
      await assertImported(place, accepted, [qcow2(1), qcow2(2)]);
      const failures = place.logged.filter(({ level }) => level === 'error');
      assert.equal(failures.length, 1, point);
    }
  });

for (const point of ['fail.before', 'fail.after'] as const)
  test(`a failure that fails at ${point} is written once`, async (t) => {
    const place = await newPlace(t, { faultPlan: { point, occurrence: 1, action: 'throw' } });
    putObject(place, 'a.qcow2', qcow2(1).slice(0, -70_000));
    const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
    await place.engine.finishAll();
    await assertFailed(place, accepted, 'TRUNCATED');
  });

test('a worker that dies is a failed attempt, not a dead process', async (t) => {
  const faultPlan: FaultPlan = { point: 'ingest.hashed', occurrence: 2, action: 'exit' };
  const place = await newPlace(t, { faultPlan });
  putObject(place, 'a.qcow2', qcow2(1));
  putObject(place, 'b.qcow2', qcow2(2));
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }, { object: 'b.qcow2' }]);
  await place.engine.finishAll();
  await assertImported(place, accepted, [qcow2(1), qcow2(2)]);
  assert.match(String(place.logged.find(({ level }) => level === 'error')?.fields.err), /died/);
});

/** Nothing is packed by imports. */
const unasked = () => Promise.reject(new Error('nobody asks for it'));

test('attempts are bounded: then the job fails with a clear message', async (t) => {
  const pool: IngestPool = {
    ingest: () => Promise.reject(new Error('always')),
    pack: unasked,
    close: () => Promise.resolve(),
  };
  const place = await newPlace(t, { parts: { pool } });
  putObject(place, 'a.qcow2', qcow2(1));
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'INTERNAL');
  assert.equal(place.logged.filter(({ level }) => level === 'error').length, 5);
  const { task } = await lookUp(place, accepted);
  assert.match(task.errorMessage, /failed 5 times/);
});

test('a state that cannot be read fails the job too', async (t) => {
  const place = await newPlace(t);
  putObject(place, 'a.qcow2', qcow2(1));
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await write(place, async (tx) => {
    const job = await tx.job(accepted.jobId);
    await tx.saveJob(accepted.jobId, 'ready', { ...job!, state: '{"disks":[{}]}' });
  });
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'INTERNAL');
});

/** The blobs of a directory with another `put`. */
const blobsWith = async (dataDir: string, put: BlobStore['put']) => {
  const real = await openFileBlobs({ root: join(dataDir, 'blobs') });
  return { blobs: { ...real, put }, real };
};

test('a staged file that vanished before it was published is staged again', async (t) => {
  const dataDir = newDataDir(t);
  let puts = 0;
  const { blobs, real } = await blobsWith(dataDir, async (stagedPath, digest, sizeBytes) => {
    puts += 1;
    if (puts === 1) rmSync(stagedPath);
    if (puts === 2) truncateSync(stagedPath, 1_000);
    return real.put(stagedPath, digest, sizeBytes);
  });
  const place = await openPlace(dataDir, { blobs });
  putObject(place, 'a.qcow2', qcow2(1));
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.finishAll();
  await assertImported(place, accepted, [qcow2(1)]);
  assert.equal(puts, 3);
  await place.close();
});

test('a failed sync fails the import for good and is told to the house', async (t) => {
  const dataDir = newDataDir(t);
  const { blobs } = await blobsWith(dataDir, () => Promise.reject(new SyncFailure('no')));
  const told: unknown[] = [];
  const storageFailed = (error: unknown): void => void told.push(error);
  const place = await openPlace(dataDir, { blobs, parts: { storageFailed } });
  putObject(place, 'a.qcow2', qcow2(1));
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'SYNC_FAILED');
  assert.equal(told.length, 1);
  await place.close();
});

test('equal bytes take the place of a stored copy that has another size', async (t) => {
  const place = await newPlace(t);
  putObject(place, 'a.qcow2', qcow2(1));
  const first = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.finishAll();
  const digest = (await lookUp(place, first)).snapshots[0]?.digest?.slice('sha256:'.length) ?? '';
  truncateSync(join(place.dataDir, 'blobs', 'sha256', digest.slice(0, 2), digest), 10);
  const second = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.finishAll();
  await assertImported(place, second, [qcow2(1)]);
  await assertImported(place, first, [qcow2(1)]);
  assert.ok(
    place.logged.some(({ level, message }) => level === 'error' && /damaged/.test(message)),
  );
});

/** A pool that holds every order until it is cancelled or let go, then does the real work. */
const holdingPool = (real: IngestPool, holdFrom = 1) => {
  let orders = 0;
  let started: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (started = resolve));
  const pool: IngestPool = {
    async ingest(request, options) {
      orders += 1;
      if (orders >= holdFrom) {
        started();
        await new Promise((resolve) => options.signal.addEventListener('abort', resolve));
      }
      return real.ingest(request, options);
    },
    pack: unasked,
    close: () => real.close(),
  };
  return { pool, held };
};

const assertCancelled = async (place: Place, accepted: Accepted): Promise<void> => {
  const { image, task, job } = await lookUp(place, accepted);
  assert.deepEqual([image, task.taskStatus, job], [undefined, 'Deleted', undefined]);
  assert.deepEqual(await place.staging.list(), []);
  await place.parts.sweep.run();
  assert.deepEqual(await place.parts.store.read((tx) => tx.blobs('', 10)), []);
  for await (const stored of place.blobs.list()) assert.fail(stored.digest);
};

test('a job cancelled before it begins leaves nothing', async (t) => {
  const place = await newPlace(t);
  putObject(place, 'a.qcow2', qcow2(1));
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await cancel(place, accepted);
  await place.engine.finishAll();
  await assertCancelled(place, accepted);
});

for (const holdFrom of [1, 2])
  test(`a job cancelled while disk ${holdFrom} is copied stops and leaves nothing`, async (t) => {
    const dataDir = newDataDir(t);
    const first = await openPlace(dataDir);
    const { pool, held } = holdingPool(first.parts.pool, holdFrom);
    const place = await openPlace(dataDir, { parts: { pool } });
    putObject(place, 'a.qcow2', qcow2(1));
    putObject(place, 'b.qcow2', qcow2(2));
    const accepted = await acceptImport(place, [{ object: 'a.qcow2' }, { object: 'b.qcow2' }]);
    await place.engine.start();
    await held;
    await cancel(place, accepted);
    await place.engine.finishAll();
    await assertCancelled(place, accepted);
    await place.close();
    await first.close();
    assert.equal(rowCount(dataDir, 'blob_lease'), 0);
  });

test('cleaning up after a cancelled job is tried again when it fails', async (t) => {
  const faultPlan: FaultPlan = { point: 'cancel.cleaned', occurrence: 1, action: 'throw' };
  const place = await newPlace(t, { faultPlan });
  putObject(place, 'a.qcow2', qcow2(1));
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await cancel(place, accepted);
  await place.engine.finishAll();
  await assertCancelled(place, accepted);
});

test('stop halts a copy at once, and the next engine continues the partial file', async (t) => {
  const dataDir = newDataDir(t);
  const place = await openPlace(dataDir);
  const bytes = randomFillSync(new Uint8Array(192 * MIB));
  putObject(place, 'large.raw', bytes);
  const accepted = await acceptImport(place, [{ object: 'large.raw' }]);
  await place.engine.start();
  let stagedBytes = 0;
  while (stagedBytes < 16 * MIB) {
    await sleep(5);
    stagedBytes = (await place.staging.list())[0]?.sizeBytes ?? 0;
  }
  const before = performance.now();
  await place.engine.stop();
  assert.ok(performance.now() - before < 2_000);
  const { job, image } = await lookUp(place, accepted);
  assert.deepEqual([job?.status, job?.step, image?.status], ['ready', 'ingest:1', 'Creating']);
  await place.close();

  const next = await openPlace(dataDir);
  await next.engine.start();
  await next.engine.finishAll();
  await assertImported(next, accepted, [bytes]);
  const ingested = next.logged.find(({ message }) => message === 'disk ingested');
  assert.ok(Number(ingested?.fields.resumedBytes) >= stagedBytes);
  await next.close();
});

test('a disk that never ends does not keep stop, and writes nothing afterwards', async (t) => {
  let letGo: () => void = () => undefined;
  const stuck = new Promise<void>((resolve) => (letGo = resolve));
  const pool: IngestPool = {
    async ingest() {
      await stuck;
      return { outcome: 'failed', reason: 'IO_ERROR', message: 'Too late.' };
    },
    pack: unasked,
    close: () => Promise.resolve(),
  };
  const place = await newPlace(t, { parts: { pool }, engine: { stopMs: 50 } });
  putObject(place, 'a.qcow2', qcow2(1));
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.start();
  while ((await lookUp(place, accepted)).job?.status !== 'running') await sleep(5);
  await place.engine.stop();
  letGo();
  await sleep(50);
  const { image, job } = await lookUp(place, accepted);
  assert.deepEqual([image?.status, job?.status], ['Creating', 'running']);
});

test('progress is written at most once a second and never runs backwards', async (t) => {
  let nowMs = 0;
  const seen: (readonly number[])[] = [];
  let place: Place;
  const pool: IngestPool = {
    async ingest(_request, options) {
      for (const [atMs, percent] of [
        [500, 10],
        [1_000, 20],
        [1_500, 30],
        [2_500, 5],
        [3_600, 50],
        [4_700, 100],
      ] as const) {
        nowMs = atMs;
        options.onProgress(percent * 1_000);
        await sleep(20);
        const { image, task, snapshots } = await lookUp(place, accepted);
        seen.push([image?.progress ?? -1, task.progress, snapshots[0]?.progress ?? -1]);
      }
      return { outcome: 'failed', reason: 'SOURCE_CHANGED', message: 'The source has changed.' };
    },
    pack: unasked,
    close: () => Promise.resolve(),
  };
  place = await newPlace(t, {
    parts: { pool, clocks: { wallMs: () => Date.now(), monotonicMs: () => nowMs } },
  });
  putObject(place, 'a.raw', new Uint8Array(100_000));
  putObject(place, 'b.raw', new Uint8Array(100_000));
  const accepted = await acceptImport(place, [{ object: 'a.raw' }, { object: 'b.raw' }]);
  await place.engine.finishAll();
  // The image has two disks of equal size, so it stands at half of what its first disk does.
  assert.deepEqual(seen, [
    [0, 0, 0],
    [10, 10, 20],
    [10, 10, 20],
    [10, 10, 20],
    [25, 25, 50],
    [50, 50, 99],
  ]);
  await assertFailed(place, accepted, 'SOURCE_CHANGED');
});
