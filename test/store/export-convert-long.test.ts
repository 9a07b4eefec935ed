// Exports in another format than the one that is kept, and packed as raw disks in archives: what the guest sees is equal by QEMU's own
// comparison, our inspector takes it, holes stay holes; and what is killed, cancelled, damaged or without
// room ends as every export does, without a trace.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { inspect } from '../../src/disk/inspect.ts';
import { bufferReader } from '../../src/disk/reader.ts';
import { canConvert } from '../../src/jobs/box.ts';
import type { FaultPoint } from '../../src/lib/fault.ts';
import { blobFile } from '../../src/testing/blob-file.ts';
import { makeQcow2, makeRaw } from '../../src/testing/disk-images.ts';
import { acceptExportOf, cancelExportOf, exportedNames, EXPORTS } from './export-fixture.ts';
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

const MIB = 2 ** 20;
const isMissing = spawnSync('qemu-img', ['--version']).error !== undefined || !(await canConvert());
const skip = isMissing ? 'qemu-img is not installed' : false;

/** A qcow2 of a size that no geometry of a VHD has, and a raw disk. */
const disks = [
  {
    format: 'qcow2',
    sizeBytes: 257 * MIB + 512,
    bytes: makeQcow2({
      virtualSizeBytes: 257 * MIB + 512,
      guestData: { seed: 1, sizeBytes: 3_000_000 },
    }),
  },
  {
    format: 'raw',
    sizeBytes: 8 * MIB,
    bytes: makeRaw({ virtualSizeBytes: 8 * MIB, guestData: { seed: 2, sizeBytes: 2 * MIB } }),
  },
] as const;

const template = newDataDir({ after });
before(async () => {
  const place = await openPlace(template);
  for (const [i, { bytes }] of disks.entries()) putObject(place, `${i}`, bytes);
  await acceptImport(place, [{ object: '0' }, { object: '1' }]);
  await place.engine.finishAll();
  await place.close();
});

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

const taskOf = (place: Place, { taskId }: Accepted) =>
  place.parts.store.read((tx) => tx.task(scope, taskId));

/** Closes the place: no folder of a conversion, no job, no lease. */
const assertTidy = async (place: Place): Promise<void> => {
  await place.close();
  assert.deepEqual(readdirSync(join(place.dataDir, 'staging')), []);
  assert.deepEqual([rowCount(place.dataDir, 'job'), rowCount(place.dataDir, 'blob_lease')], [0, 0]);
};

const NAMES_OF_QEMU: Readonly<Record<string, string>> = { vhd: 'vpc' };

/** Every disk lies in the bucket in that format, and a guest sees what it saw before. */
const assertConverted = async (place: Place, accepted: Accepted, format: string): Promise<void> => {
  const task = await taskOf(place, accepted);
  assert.deepEqual([task?.taskStatus, task?.errorMessage], ['Finished', '']);
  const folder = join(place.buckets.growthRoot, EXPORTS);
  const names = task!.objects.map(({ object }) => object);
  assert.deepEqual(exportedNames(place.buckets.growthRoot), names.toSorted());
  for (const [i, disk] of disks.entries()) {
    assert.equal(task!.objects[i]!.format, format);
    assert.match(names[i]!, new RegExp(`\\.${format}$`));
    const path = join(folder, names[i]!);
    const verdict = inspect(bufferReader(readFileSync(path)), {
      declaredFormat: format as 'raw', // one of those below
    });
    assert.equal(verdict.verdict, 'accepted', JSON.stringify(verdict));
    assert.equal(verdict.virtualSizeBytes, disk.sizeBytes);
    const original = join(place.buckets.growthRoot, 'images', `${i}`);
    const said = execFileSync('qemu-img', [
      'compare',
      '-f',
      disk.format,
      '-F',
      NAMES_OF_QEMU[format] ?? format,
      original,
      path,
    ]);
    assert.match(said.toString(), /identical/);
    assert.ok(statSync(path).blocks * 512 < 8 * MIB, 'holes were written out');
  }
};

for (const format of ['raw', 'qcow2', 'vhd', 'vmdk'])
  test(`disks of two formats are exported as ${format}`, { skip }, async (t) => {
    const place = await placeOf(t);
    const accepted = await acceptExportOf(place, format);
    await place.engine.finishAll();
    await assertConverted(place, accepted, format);
    await assertTidy(place);
  });

/** A process dies in an export, and the next one ends it. */
const killedAndEnded = async (
  t: TestContext,
  kind: 'convert' | 'pack',
  point: FaultPoint,
  occurrence: number,
) => {
  const dataDir = newDataDir(t);
  cpSync(template, dataDir, { recursive: true });
  const ended = await runChild(dataDir, killed(point, occurrence), kind);
  assert.equal(ended.signal, 'SIGKILL', ended.errors);
  const place = await openPlace(dataDir);
  await place.engine.start();
  await place.engine.finishAll();
  return { place, accepted: ended.accepted[0]! };
};

const POINTS: readonly (readonly [FaultPoint, number])[] = [
  ['export.boxed', 1],
  ['export.converted', 1],
  ['export.converted', 2],
  ['export.written', 1],
  ['export.synced', 1],
];

for (const [point, occurrence] of POINTS)
  test(`killed at ${point}, time ${occurrence}: converted in the end`, { skip }, async (t) => {
    const { place, accepted } = await killedAndEnded(t, 'convert', point, occurrence);
    await assertConverted(place, accepted, 'vhd');
    await assertTidy(place);
  });

/** Every disk lies in the bucket as an archive of one raw disk, which a guest sees as before. */
const assertPacked = async (t: TestContext, place: Place, accepted: Accepted): Promise<void> => {
  const task = await taskOf(place, accepted);
  assert.deepEqual([task?.taskStatus, task?.errorMessage], ['Finished', '']);
  const names = task!.objects.map(({ object }) => object);
  assert.deepEqual(exportedNames(place.buckets.growthRoot), names.toSorted());
  const unpacked = newDataDir(t);
  mkdirSync(unpacked, { recursive: true });
  for (const [i, disk] of disks.entries()) {
    assert.equal(task!.objects[i]!.format, 'raw');
    assert.match(names[i]!, /^x_m-\w+_(system|data_xvdb)\.raw\.tar\.gz$/);
    const path = join(place.buckets.growthRoot, EXPORTS, names[i]!);
    assert.ok(statSync(path).size < 8 * MIB, 'holes were written out');
    execFileSync('tar', ['-xzf', path, '-C', unpacked], { stdio: 'pipe' });
    const raw = join(unpacked, names[i]!.replace('.tar.gz', ''));
    assert.equal(statSync(raw).size, disk.sizeBytes);
    const original = join(place.buckets.growthRoot, 'images', `${i}`);
    const said = execFileSync('qemu-img', [
      'compare',
      '-f',
      disk.format,
      '-F',
      'raw',
      original,
      raw,
    ]);
    assert.match(said.toString(), /identical/);
  }
  assert.equal(readdirSync(unpacked).length, disks.length);
};

test('disks of two formats are packed as raw ones', { skip }, async (t) => {
  const place = await placeOf(t);
  const accepted = await acceptExportOf(place, undefined, 'raw.tar.gz');
  await place.engine.finishAll();
  await assertPacked(t, place, accepted);
  await assertTidy(place);
});

/** The first disk is copied, converted and packed, the second packed as it is kept. */
const POINTS_OF_PACKING: readonly (readonly [FaultPoint, number])[] = [
  ['ingest.half', 2],
  ['ingest.half', 3],
  ['export.written', 1],
  ['export.synced', 1],
];

for (const [point, occurrence] of POINTS_OF_PACKING)
  test(`killed at ${point}, time ${occurrence}: packed in the end`, { skip }, async (t) => {
    const { place, accepted } = await killedAndEnded(t, 'pack', point, occurrence);
    await assertPacked(t, place, accepted);
    await assertTidy(place);
  });

const assertFailed = async (place: Place, accepted: Accepted, errorCode: string) => {
  const task = await taskOf(place, accepted);
  assert.deepEqual([task?.taskStatus, task?.errorCode], ['Failed', errorCode]);
  assert.match(task!.errorMessage, /^Disk 1 \(exports\/x_m-\w+\.vmdk\): [A-Z].*\.$/);
  assert.deepEqual(exportedNames(place.buckets.growthRoot), []);
  await assertTidy(place);
};

test('without room for the whole disk nothing is begun', { skip }, async (t) => {
  const place = await placeOf(t, { parts: { floorBytes: 2 ** 50 } });
  const accepted = await acceptExportOf(place, 'vmdk');
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'NO_SPACE');
});

test('damaged bytes are never converted', { skip }, async (t) => {
  const place = await placeOf(t);
  for await (const { digest } of place.blobs.list()) {
    const path = blobFile(place.blobs, digest);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    rmSync(path);
    writeFileSync(path, bytes);
  }
  const accepted = await acceptExportOf(place, 'vmdk');
  await place.engine.finishAll();
  await assertFailed(place, accepted, 'SOURCE_DAMAGED');
});

test('damaged bytes of a raw disk are never packed', { skip }, async (t) => {
  const place = await placeOf(t);
  for await (const { digest, sizeBytes } of place.blobs.list()) {
    if (sizeBytes !== disks[1].sizeBytes) continue;
    const path = blobFile(place.blobs, digest);
    const bytes = readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    rmSync(path);
    writeFileSync(path, bytes);
  }
  const accepted = await acceptExportOf(place, undefined, 'raw.tar.gz');
  await place.engine.finishAll();
  const task = await taskOf(place, accepted);
  assert.deepEqual([task?.taskStatus, task?.errorCode], ['Failed', 'SOURCE_DAMAGED']);
  assert.match(task!.errorMessage, /^Disk 2 /);
  assert.deepEqual(exportedNames(place.buckets.growthRoot), []);
  await assertTidy(place);
});

test('an export that is cancelled while it is converted leaves nothing', { skip }, async (t) => {
  const faultPlan = { point: 'export.boxed', occurrence: 1, action: 'throw' } as const;
  const retry = { firstMs: 300, mostMs: 300 };
  const place = await placeOf(t, { faultPlan, engine: { retry } });
  const accepted = await acceptExportOf(place, 'vmdk');
  const ended = place.engine.finishAll();
  while (place.logged.every(({ level }) => level !== 'error'))
    await new Promise((resolve) => setTimeout(resolve, 5));
  assert.equal(await cancelExportOf(place, accepted), 'cancelled');
  await ended;
  assert.deepEqual(exportedNames(place.buckets.growthRoot), []);
  await assertTidy(place);
});
