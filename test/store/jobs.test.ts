// The engine and the two kinds of jobs over a real store, real files and real workers.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeQcow2, makeRaw, makeVhdFixed } from '../../src/testing/disk-images.ts';
import {
  acceptCreate,
  acceptImport,
  assertFailed,
  assertImported,
  lookUp,
  newDataDir,
  newPlace,
  openPlace,
  putObject,
  rowCount,
  scope,
  write,
} from './jobs-fixture.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const qcow2 = (seed: number, sizeBytes = 64 * 1024): Uint8Array =>
  makeQcow2({ virtualSizeBytes: 3 * GIB, guestData: { seed, sizeBytes } });

test('an import makes image, snapshot, task and bytes true together', async (t) => {
  const place = await newPlace(t);
  const bytes = qcow2(1);
  putObject(place, 'a.qcow2', bytes);
  const accepted = await acceptImport(place, [{ object: 'a.qcow2', declaredFormat: 'QCOW2' }]);
  await place.engine.finishAll();
  await assertImported(place, accepted, [bytes]);
  const { image, snapshots } = await lookUp(place, accepted);
  assert.equal(image?.sizeGib, 3);
  assert.deepEqual([image?.disks[0]?.sizeGib, image?.disks[0]?.format], [3, 'QCOW2']);
  assert.deepEqual([snapshots[0]?.sizeGib, snapshots[0]?.progress], [3, 100]);
  assert.deepEqual(await place.staging.list(), []);
  const changes = await place.parts.store.read((tx) => tx.changes(scope, 0, 10));
  assert.deepEqual(
    changes.map(({ kind, statusAfter }) => [kind, statusAfter]),
    [
      ['accepted', 'Creating'],
      ['status', 'Available'],
    ],
  );
  assert.equal(changes[1]?.principal, `kindred:job:${accepted.jobId}`);
  assert.match(changes[1]?.requestId ?? '', /^[0-9A-F-]{36}$/);
});

test('each disk gets its size and format; a declared size may be larger', async (t) => {
  const place = await newPlace(t);
  const data = makeVhdFixed({ virtualSizeBytes: 3 * MIB, guestData: { seed: 2, sizeBytes: MIB } });
  const raw = makeRaw({ virtualSizeBytes: MIB, guestData: { seed: 3, sizeBytes: 4096 } });
  putObject(place, 'sys.qcow2', qcow2(2));
  putObject(place, 'deep/data.vhd', data);
  putObject(place, 'same.raw', raw);
  const accepted = await acceptImport(place, [
    { object: 'sys.qcow2', declaredSizeGib: 40 },
    { object: 'deep/data.vhd' },
    { object: 'same.raw', declaredFormat: 'RAW', declaredSizeGib: 5 },
    { object: 'same.raw' },
  ]);
  await place.engine.finishAll();
  await assertImported(place, accepted, [qcow2(2), data, raw, raw]);
  const { image } = await lookUp(place, accepted);
  assert.equal(image?.sizeGib, 40);
  assert.deepEqual(
    image?.disks.map(({ sizeGib, format }) => [sizeGib, format]),
    [
      [40, 'QCOW2'],
      [1, 'VHD'],
      [5, 'RAW'],
      [1, 'RAW'],
    ],
  );
});

test('what is refused fails with the reason and leaves nothing', async (t) => {
  const place = await newPlace(t);
  const backed = qcow2(4).slice();
  new DataView(backed.buffer).setBigUint64(8, 512n);
  new DataView(backed.buffer).setUint32(16, 8);
  putObject(place, 'backed.qcow2', backed);
  putObject(place, 'cut.qcow2', qcow2(4).slice(0, -70_000));
  putObject(place, 'empty.raw', new Uint8Array());
  putObject(place, 'good.qcow2', qcow2(4));
  const failed = async (errorCode: string, asked: Parameters<typeof acceptImport>[1]) => {
    const accepted = await acceptImport(place, asked);
    await place.engine.finishAll();
    await assertFailed(place, accepted, errorCode);
  };
  await failed('QCOW2_BACKING_FILE', [{ object: 'backed.qcow2' }]);
  await failed('TRUNCATED', [{ object: 'cut.qcow2' }]);
  await failed('EMPTY', [{ object: 'empty.raw' }]);
  await failed('FORMAT_MISMATCH', [{ object: 'good.qcow2', declaredFormat: 'RAW' }]);
  await failed('DISK_IMAGE_SIZE', [{ object: 'good.qcow2', declaredSizeGib: 2 }]);
  await failed('SOURCE_MISSING', [{ object: 'missing.qcow2', sourceVersion: '1:2:3:4' }]);
  await failed('SOURCE_CHANGED', [{ object: 'good.qcow2', sourceVersion: '1:2:3:4' }]);
  // The second disk fails: what the first had published is given back.
  await failed('QCOW2_BACKING_FILE', [{ object: 'good.qcow2' }, { object: 'backed.qcow2' }]);
  await place.parts.sweep.run();
  assert.deepEqual(await place.parts.store.read((tx) => tx.blobs('', 10)), []);
  for await (const stored of place.blobs.list()) assert.fail(stored.digest);
});

test('a source that changes between acceptance and import is found out', async (t) => {
  const place = await newPlace(t);
  putObject(place, 'a.qcow2', qcow2(5));
  const changed = await acceptImport(place, [{ object: 'a.qcow2' }]);
  utimesSync(join(place.buckets.growthRoot, 'images', 'a.qcow2'), 1, 1);
  await place.engine.finishAll();
  await assertFailed(place, changed, 'SOURCE_CHANGED');
  const gone = await acceptImport(place, [{ object: 'a.qcow2' }]);
  rmSync(join(place.buckets.growthRoot, 'images', 'a.qcow2'));
  await place.engine.finishAll();
  await assertFailed(place, gone, 'SOURCE_MISSING');
});

test('imports of equal bytes at once end as one blob', async (t) => {
  const place = await newPlace(t);
  const bytes = qcow2(6);
  putObject(place, 'a.qcow2', bytes);
  putObject(place, 'b.qcow2', bytes);
  const accepted = [];
  for (const object of ['a.qcow2', 'b.qcow2', 'a.qcow2', 'b.qcow2'])
    accepted.push(await acceptImport(place, [{ object }]));
  await place.engine.finishAll();
  for (const one of accepted) await assertImported(place, one, [bytes]);
  assert.equal((await place.parts.store.read((tx) => tx.blobs('', 10))).length, 1);
});

test('bytes that are being deleted are deleted before they come back', async (t) => {
  const place = await newPlace(t);
  const bytes = qcow2(7);
  putObject(place, 'a.qcow2', bytes);
  const first = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.finishAll();
  const { image, snapshots } = await lookUp(place, first);
  const { snapshotId, digest } = snapshots[0]!;
  await write(place, async (tx) => {
    await tx.deleteImageRows(image!.imageId);
    await tx.deleteSnapshotRows(snapshotId);
    // As a sweep leaves it that died between the mark and the deletion.
    assert.equal(await tx.markUnreferenced(digest!), true);
  });
  const second = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.finishAll();
  await assertImported(place, second, [bytes]);
});

test('a full disk fails the import with a reason, and small writes go on', async (t) => {
  const dataDir = newDataDir(t);
  const small = join(dataDir, 'small');
  mkdirSync(small);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small], { stdio: 'pipe' });
  } catch {
    console.log('skipped: disk full (mounting a tmpfs needs root)');
    return t.skip('mounting a tmpfs needs root');
  }
  // The sources lie beside the small file system, not on it.
  const place = await openPlace(small, {
    parts: { floorBytes: -GIB },
    buckets: join(dataDir, 'buckets'),
  });
  try {
    putObject(place, 'large.qcow2', qcow2(8, 30 * MIB));
    putObject(place, 'small.qcow2', qcow2(9));
    const large = await acceptImport(place, [{ object: 'large.qcow2' }]);
    await place.engine.finishAll();
    await assertFailed(place, large, 'NO_SPACE');
    const fits = await acceptImport(place, [{ object: 'small.qcow2' }]);
    await place.engine.finishAll();
    await assertImported(place, fits, [qcow2(9)]);
  } finally {
    await place.close();
    execFileSync('umount', ['-l', small]);
  }
});

test('CreateImage waits for its snapshots, then is Available or has failed', async (t) => {
  const place = await newPlace(t);
  putObject(place, 'a.qcow2', qcow2(10));
  const source = await acceptImport(place, [{ object: 'a.qcow2' }]);
  const { image } = await lookUp(place, source);
  const early = await acceptCreate(place, image!.disks);
  await place.engine.finishAll();
  const created = await place.parts.store.read((tx) => tx.image(scope, early));
  assert.deepEqual([created?.status, created?.progress], ['Available', 100]);

  const snapshotId = image!.disks[0]!.snapshotId!;
  await write(place, (tx) => tx.updateSnapshot(snapshotId, { status: 'failed' }));
  const doomed = await acceptCreate(place, image!.disks);
  await place.engine.finishAll();
  const failed = await place.parts.store.read((tx) => tx.image(scope, doomed));
  assert.equal(failed?.status, 'CreateFailed');
});

test('nothing but rows of value stays after a hundred imports', async (t) => {
  const dataDir = newDataDir(t);
  const place = await openPlace(dataDir);
  const accepted = [];
  for (let n = 0; n < 100; n += 1) {
    putObject(place, `${n}.qcow2`, qcow2(n % 10));
    accepted.push(await acceptImport(place, [{ object: `${n}.qcow2` }]));
  }
  await place.engine.start();
  await place.engine.finishAll();
  for (const [n, one] of accepted.entries()) await assertImported(place, one, [qcow2(n % 10)]);
  await place.close();
  assert.deepEqual(
    [rowCount(dataDir, 'blob_lease'), rowCount(dataDir, 'job'), rowCount(dataDir, 'blob')],
    [0, 0, 10],
  );
});
