// Exports that are killed at every named point, that fail and are run again, that find no room: an export
// ends whole or leaves nothing, and no object is ever seen that is not whole.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { FaultPoint } from '../../src/lib/fault.ts';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { mountSmallDisk } from '../crash/small-disk.ts';
import {
  acceptExportOf,
  assertExported,
  cancelExportOf,
  exportedNames,
  exportedObjects,
  EXPORTS,
} from './export-fixture.ts';
import {
  acceptImport,
  newDataDir,
  openPlace,
  putObject,
  rowCount,
  scope,
  type Accepted,
  type Place,
  type PlaceOptions,
} from './jobs-fixture.ts';
import { killed, runChild } from './run-child.ts';
import { blobFile } from '../../src/testing/blob-file.ts';

const disks = [1, 2].map((seed) =>
  makeQcow2({ virtualSizeBytes: 2 ** 30, guestData: { seed, sizeBytes: 3_000_000 } }),
);

/** A data directory with an image of two disks, copied for each test. */
const template = newDataDir({ after });
before(async () => {
  const place = await openPlace(template);
  for (const [i, bytes] of disks.entries()) putObject(place, `${i}.qcow2`, bytes);
  await acceptImport(place, [{ object: '0.qcow2' }, { object: '1.qcow2' }]);
  await place.engine.finishAll();
  await place.close();
});

const copyOfTemplate = (t: TestContext): string => {
  const dataDir = newDataDir(t);
  cpSync(template, dataDir, { recursive: true });
  return dataDir;
};

/** A place over a copy, closed once: by the test or after it. */
const placeOf = async (t: TestContext, options: PlaceOptions = {}): Promise<Place> => {
  const removals: (() => void)[] = [];
  const dataDir = newDataDir({ after: (fn) => void removals.push(fn) });
  cpSync(template, dataDir, { recursive: true });
  const place = await openPlace(dataDir, options);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= place.close());
  t.after(async () => {
    await close();
    for (const remove of removals) remove();
  });
  return { ...place, close };
};

/** Closes the place. Nothing is left of the work: no file that is no object, no job, no lease. */
const assertTidy = async (place: Place): Promise<void> => {
  await place.close();
  assert.deepEqual(
    exportedNames(place.buckets.growthRoot),
    exportedObjects(place.buckets.growthRoot),
  );
  assert.deepEqual([rowCount(place.dataDir, 'job'), rowCount(place.dataDir, 'blob_lease')], [0, 0]);
};

const POINTS: readonly (readonly [FaultPoint, number])[] = [
  ['export.accepted', 1],
  ['ingest.half', 1],
  ['ingest.hashed', 2],
  ['export.written', 1],
  ['export.named', 1],
  ['export.named', 2],
  ['export.synced', 1],
  ['export.finished', 1],
];

for (const [point, occurrence] of POINTS)
  test(`killed at ${point}, time ${occurrence}, of an export: the next process ends it`, async (t) => {
    const dataDir = copyOfTemplate(t);
    const { accepted, signal, errors } = await runChild(
      dataDir,
      killed(point, occurrence),
      'export',
    );
    assert.equal(signal, 'SIGKILL', errors);
    // Whatever has an object's name by now is whole.
    const buckets = join(dataDir, 'buckets');
    for (const name of exportedObjects(buckets)) {
      const bytes = readFileSync(join(buckets, EXPORTS, name));
      assert.ok(disks.some((disk) => bytes.equals(disk)));
    }
    if (!/named|synced|finished/.test(point)) assert.deepEqual(exportedObjects(buckets), []);
    const place = await openPlace(dataDir);
    await place.engine.start();
    await place.engine.finishAll();
    await assertExported(place, accepted[0]!, disks);
    await assertTidy(place);
  });

test('killed while a cancelled export is cleaned up, the next process cleans up', async (t) => {
  const dataDir = copyOfTemplate(t);
  const ended = await runChild(dataDir, killed('cancel.cleaned'), 'cancel-export');
  assert.equal(ended.signal, 'SIGKILL', ended.errors);
  const place = await openPlace(dataDir);
  await place.engine.start();
  await place.engine.finishAll();
  assert.deepEqual(exportedNames(place.buckets.growthRoot), []);
  await assertTidy(place);
});

for (const [point, occurrence] of POINTS)
  test(`a step of an export that fails at ${point}, time ${occurrence}, is run again`, async (t) => {
    const place = await placeOf(t, { faultPlan: { point, occurrence, action: 'throw' } });
    const accepted = await acceptExportOf(place);
    await place.engine.finishAll();
    await assertExported(place, accepted, disks);
    const failures = place.logged.filter(({ level }) => level === 'error');
    assert.equal(failures.length, 1);
    await assertTidy(place);
  });

const assertFailed = async (place: Place, { taskId }: Accepted, errorCode: string) => {
  const task = await place.parts.store.read((tx) => tx.task(scope, taskId));
  assert.deepEqual([task?.taskStatus, task?.errorCode], ['Failed', errorCode]);
  assert.match(task!.errorMessage, /^Disk [12] \(exports\/x_m-\w+\.qcow2\): [A-Z].*\.$/);
  await assertTidy(place);
};

test('without room the task fails with the reason, and nothing is left', async (t) => {
  const place = await placeOf(t, { parts: { floorBytes: 2 ** 50 } });
  const accepted = await acceptExportOf(place);
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'NO_SPACE');
  assert.deepEqual(exportedNames(place.buckets.growthRoot), []);
});

test('a folder in the way of the second object takes the first back', async (t) => {
  const place = await placeOf(t);
  const accepted = await acceptExportOf(place);
  const second = `x_${accepted.imageId}_data_xvdb.qcow2`;
  mkdirSync(join(place.buckets.growthRoot, EXPORTS, second));
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'OBJECT_TAKEN');
  assert.deepEqual(exportedNames(place.buckets.growthRoot), [second]);
});

test('bytes that are damaged or gone are never exported', async (t) => {
  const place = await placeOf(t);
  for await (const { digest } of place.blobs.list()) {
    const path = blobFile(place.blobs, digest);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    rmSync(path);
    writeFileSync(path, bytes);
  }
  const damaged = await acceptExportOf(place);
  await place.engine.finishAll();
  const read = ({ taskId }: Accepted) => place.parts.store.read((tx) => tx.task(scope, taskId));
  assert.equal((await read(damaged))?.errorCode, 'SOURCE_DAMAGED');
  for await (const { digest } of place.blobs.list()) rmSync(blobFile(place.blobs, digest));
  const gone = await acceptExportOf(place);
  await place.engine.finishAll();
  await assertFailed(place, gone, 'SOURCE_MISSING');
  assert.deepEqual(exportedNames(place.buckets.growthRoot), []);
});

const disk = mountSmallDisk(8);
after(() => typeof disk === 'string' || disk.remove());
const skip = typeof disk === 'string' ? disk : false;

test('a bucket that cannot be written to fails the export', { skip }, async (t) => {
  assert.ok(typeof disk !== 'string');
  const place = await placeOf(t, { buckets: disk.path });
  const accepted = await acceptExportOf(place);
  execFileSync('mount', ['-o', 'remount,ro', disk.path]);
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'TARGET_UNWRITABLE');
});

test('a bucket that is gone fails the export', async (t) => {
  const place = await placeOf(t);
  const accepted = await acceptExportOf(place);
  rmSync(join(place.buckets.growthRoot, EXPORTS), { recursive: true });
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'BUCKET_MISSING');
});

test('while its files are named an export cannot be cancelled, and ends', async (t) => {
  const place = await placeOf(t, {
    faultPlan: { point: 'export.named', occurrence: 1, action: 'throw' },
    engine: { retry: { firstMs: 400, mostMs: 400 } },
  });
  const accepted = await acceptExportOf(place);
  const ended = place.engine.finishAll();
  while (exportedObjects(place.buckets.growthRoot).length === 0)
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(await cancelExportOf(place, accepted), 'too-late');
  await ended;
  await assertExported(place, accepted, disks);
});
