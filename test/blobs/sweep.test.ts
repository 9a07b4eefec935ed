// The sweep over a real store: what it deletes, what it must not, and that it never races publishing.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Digest } from '../../src/domain/ids.ts';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import {
  acceptImport,
  assertImported,
  lookUp,
  newPlace,
  putObject,
  write,
  type Accepted,
  type Place,
} from '../store/jobs-fixture.ts';
import { digestOf } from './contract.ts';

const qcow2 = (seed: number): Uint8Array =>
  makeQcow2({ virtualSizeBytes: 2 ** 30, guestData: { seed, sizeBytes: 64 * 1024 } });

const importOne = async (place: Place, bytes: Uint8Array): Promise<Accepted> => {
  putObject(place, 'a.qcow2', bytes);
  const accepted = await acceptImport(place, [{ object: 'a.qcow2' }]);
  await place.engine.finishAll();
  return accepted;
};

/** DeleteImage and DeleteSnapshot, as far as the sweep is concerned. */
const remove = async (place: Place, accepted: Accepted): Promise<void> => {
  const { image } = await lookUp(place, accepted);
  await write(place, async (tx) => {
    await tx.deleteImageRows(accepted.imageId);
    for (const { snapshotId } of image?.disks ?? [])
      if (snapshotId !== null) await tx.deleteSnapshotRows(snapshotId);
  });
};

const pathOf = (place: Place, digest: Digest): string => {
  const hex = digest.slice('sha256:'.length);
  return join(place.dataDir, 'blobs', 'sha256', hex.slice(0, 2), hex);
};

const putOrphan = (place: Place, bytes: Uint8Array, ageMs: number): string => {
  const path = pathOf(place, digestOf(bytes));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  const modified = new Date(Date.now() - ageMs);
  utimesSync(path, modified, modified);
  return path;
};

test('a blob goes when its last snapshot goes, not before', async (t) => {
  const place = await newPlace(t);
  const first = await importOne(place, qcow2(1));
  const second = await importOne(place, qcow2(1));
  const nothing = {
    deletedBlobs: 0,
    deletedOrphans: 0,
    deletedStaged: 0,
    freedBytes: 0,
    droppedUploads: 0,
  };
  assert.deepEqual(await place.parts.sweep.run(), nothing);
  await remove(place, first);
  assert.deepEqual(await place.parts.sweep.run(), nothing);
  await assertImported(place, second, [qcow2(1)]);
  await remove(place, second);
  const freedBytes = qcow2(1).length;
  assert.deepEqual(await place.parts.sweep.run(), { ...nothing, deletedBlobs: 1, freedBytes });
  assert.equal(existsSync(pathOf(place, digestOf(qcow2(1)))), false);
  assert.deepEqual(await place.parts.store.read((tx) => tx.placements(digestOf(qcow2(1)))), []);
});

test('a leased blob is not marked, and a marked one can not be leased unseen', async (t) => {
  const place = await newPlace(t);
  const accepted = await importOne(place, qcow2(2));
  const digest = digestOf(qcow2(2));
  await write(place, (tx) => tx.insertLease(digest, 'some-job'));
  await remove(place, accepted);
  assert.equal((await place.parts.sweep.run()).deletedBlobs, 0);
  await write(place, (tx) => tx.deleteLeases('some-job'));
  assert.equal((await place.parts.sweep.run()).deletedBlobs, 1);
});

test('a file without a row goes after the grace, and only then', async (t) => {
  const place = await newPlace(t, { graceMs: 60_000 });
  const young = putOrphan(place, Buffer.from('young'), 30_000);
  const old = putOrphan(place, Buffer.from('old'), 90_000);
  const report = await place.parts.sweep.run();
  assert.deepEqual([report.deletedOrphans, report.freedBytes], [1, 3]);
  assert.deepEqual([existsSync(young), existsSync(old)], [true, false]);
  assert.deepEqual(await place.parts.store.read((tx) => tx.blobs('', 9)), []);
});

test('an orphan whose bytes are imported again becomes a blob and stays', async (t) => {
  const place = await newPlace(t, { graceMs: 0 });
  putOrphan(place, qcow2(3), 90_000);
  const accepted = await importOne(place, qcow2(3));
  assert.equal((await place.parts.sweep.run()).deletedOrphans, 0);
  await assertImported(place, accepted, [qcow2(3)]);
});

test('a staged file goes when its image has no job; strange files go after the grace', async (t) => {
  const place = await newPlace(t, { graceMs: 60_000 });
  putObject(place, 'a.qcow2', qcow2(4));
  const open = await acceptImport(place, [{ object: 'a.qcow2' }]);
  const put = (name: string, ageMs: number): void => {
    const path = join(place.staging.root, name);
    writeFileSync(path, 'xx');
    utimesSync(path, new Date(Date.now() - ageMs), new Date(Date.now() - ageMs));
  };
  put(`${open.imageId}.1.part`, 90_000);
  put('m-bp1nobody.1.part', 0);
  put('upload-young', 30_000);
  put('upload-old', 90_000);
  const report = await place.parts.sweep.run();
  assert.deepEqual([report.deletedStaged, report.freedBytes], [2, 4]);
  assert.deepEqual(
    (await place.staging.list()).map(({ name }) => name),
    [`${open.imageId}.1.part`, 'upload-young'],
  );
  await place.engine.finishAll();
  await assertImported(place, open, [qcow2(4)]);
});

test('sweeping without pause while equal bytes come and go loses nothing', async (t) => {
  const place = await newPlace(t, { graceMs: 0 });
  const sources = [qcow2(5), qcow2(6)];
  for (const [n, bytes] of sources.entries()) putObject(place, `${n}.qcow2`, bytes);
  let isOver = false;
  let deleted = 0;
  const sweeping = (async () => {
    while (!isOver) {
      const report = await place.parts.sweep.run();
      deleted += report.deletedBlobs;
      assert.equal(report.deletedOrphans + report.deletedStaged, 0);
    }
  })();
  await place.engine.start();
  const importer = async (n: number): Promise<void> => {
    const bytes = sources[n % 2] ?? new Uint8Array();
    for (let round = 0; round < 12; round += 1) {
      const accepted = await acceptImport(place, [{ object: `${n % 2}.qcow2` }]);
      place.engine.wake();
      for (;;) {
        const { job } = await lookUp(place, accepted);
        if (job === undefined) break;
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      await assertImported(place, accepted, [bytes]);
      await remove(place, accepted);
    }
  };
  await Promise.all([0, 1, 2].map(importer));
  isOver = true;
  await sweeping;
  await place.parts.sweep.run();
  assert.deepEqual(await place.parts.store.read((tx) => tx.blobs('', 9)), []);
  assert.ok(deleted > 2, `only ${deleted} deletions raced`);
});
