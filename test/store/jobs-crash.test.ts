// kill -9 at every named point, and what the next process makes of it. The child accepts three
// imports (two of equal bytes, one of a damaged disk) and is killed; this process recovers.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULT_POINTS, type FaultPoint } from '../../src/lib/fault.ts';
import { assertCopied } from './copy-fixture.ts';
import {
  assertFailed,
  assertImported,
  FAR,
  newDataDir,
  openPlace,
  rowCount,
  type Accepted,
} from './jobs-fixture.ts';
import { furnish, good, importedDir } from './imported-dir.ts';
import { killed, runChild } from './run-child.ts';

/** Recovers and checks that everything ended well and nothing was left. */
const recover = async (dataDir: string, accepted: readonly Accepted[]): Promise<void> => {
  const place = await openPlace(dataDir, { graceMs: 0 });
  await place.engine.start();
  await place.engine.finishAll();
  const [a, b, refused] = accepted;
  assert.ok(a && b && refused);
  await assertImported(place, a, [good]);
  await assertImported(place, b, [good]);
  await assertFailed(place, refused, 'TRUNCATED');
  await place.parts.sweep.run();
  assert.deepEqual(await place.staging.list(), []);
  await place.close();
  assert.deepEqual(
    [rowCount(dataDir, 'blob_lease'), rowCount(dataDir, 'job'), rowCount(dataDir, 'blob')],
    [0, 0, 1],
  );
};

/** Not reached by this run of the child; they have tests of their own. */
const ELSEWHERE: readonly FaultPoint[] = [
  'cancel.cleaned',
  'sweep.marked',
  'sweep.unlinked',
  'copy.accepted',
  'copy.staged',
  'copy.finish',
  'copy.finished',
  ...FAULT_POINTS.filter((name) =>
    /^(execution|export|upload|verify|repair|backup|restore|rotate)\./.test(name),
  ),
];

for (const point of FAULT_POINTS.filter((name) => !ELSEWHERE.includes(name)))
  test(`killed at ${point}, the next process ends every import as it should`, async (t) => {
    for (const occurrence of point === 'publish.renamed' || point === 'finish.after'
      ? [1, 2]
      : [1]) {
      const dataDir = newDataDir(t);
      await furnish(dataDir);
      const { accepted, signal, errors } = await runChild(
        dataDir,
        killed(point, occurrence),
        'import',
      );
      assert.equal(signal, 'SIGKILL', errors);
      await recover(dataDir, accepted);
    }
  });

test('killed again and again in recovery, nothing changes', async (t) => {
  const dataDir = newDataDir(t);
  await furnish(dataDir);
  const { accepted } = await runChild(dataDir, killed('ingest.half'), 'import');
  const points: FaultPoint[] = ['recovery.released', 'ingest.started', 'ingest.hashed'];
  for (let n = 0; n < 6; n += 1) {
    const { signal, errors } = await runChild(dataDir, killed(points[n % 3]!), 'recover');
    assert.equal(signal, 'SIGKILL', errors);
  }
  await recover(dataDir, accepted);
});

for (const point of ['sweep.marked', 'sweep.unlinked'] as const)
  test(`killed at ${point}, the next sweep completes the deletion`, async (t) => {
    const { dataDir } = await importedDir(t);
    const ended = await runChild(dataDir, killed(point), 'delete');
    assert.equal(ended.signal, 'SIGKILL', ended.errors);
    const place = await openPlace(dataDir);
    assert.deepEqual(
      (await place.parts.store.read((tx) => tx.blobs('', 9))).map(({ state }) => state),
      ['deleting'],
    );
    await place.parts.sweep.run();
    assert.deepEqual(await place.parts.store.read((tx) => tx.blobs('', 9)), []);
    for await (const stored of place.blobs.list()) assert.fail(stored.digest);
    await place.close();
  });

/** Of the work of a copy between two stores, in order. */
const COPY_POINTS: readonly FaultPoint[] = [
  'copy.accepted',
  'ingest.half',
  'ingest.hashed',
  'copy.staged',
  'publish.leased',
  'publish.renamed',
  'publish.synced',
  'copy.finish',
  'copy.finished',
];

for (const point of COPY_POINTS)
  test(`killed at ${point} of a copy, the next process brings all its bytes over`, async (t) => {
    const { dataDir } = await importedDir(t);
    const { accepted, signal, errors } = await runChild(dataDir, killed(point), 'copy');
    assert.equal(signal, 'SIGKILL', errors);
    const place = await openPlace(dataDir, { farRegions: [FAR.regionId] });
    await place.engine.start();
    await place.engine.finishAll();
    await assertCopied(place, accepted[0]!.imageId, good);
    await place.close();
    assert.deepEqual([rowCount(dataDir, 'blob_lease'), rowCount(dataDir, 'job')], [0, 0]);
  });

test('killed while a cancelled import is cleaned up, the next process cleans up', async (t) => {
  const dataDir = newDataDir(t);
  await furnish(dataDir);
  const ended = await runChild(dataDir, killed('cancel.cleaned'), 'cancel');
  assert.equal(ended.signal, 'SIGKILL', ended.errors);
  const place = await openPlace(dataDir);
  await place.engine.start();
  await place.engine.finishAll();
  assert.deepEqual(await place.staging.list(), []);
  await place.close();
  assert.deepEqual([rowCount(dataDir, 'job'), rowCount(dataDir, 'blob')], [0, 0]);
});
