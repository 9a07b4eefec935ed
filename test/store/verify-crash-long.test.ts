// A verification that finds a damaged copy, with a whole one in another store, is killed at every point;
// the next process ends it, and the bytes are whole again.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { holderOf } from '../../src/blobs/holder.ts';
import { scheduleVerification } from '../../src/domain/verification.ts';
import { FAULT_POINTS } from '../../src/lib/fault.ts';
import { createHasher, type Hasher } from '../../src/jobs/hasher.ts';
import { blobFile } from '../../src/testing/blob-file.ts';
import { acceptFarCopy } from './copy-fixture.ts';
import { importedDir } from './imported-dir.ts';
import { FAR, openPlace, rowCount, scope, write, type Place } from './jobs-fixture.ts';
import { killed, runChild } from './run-child.ts';
import { startVerify } from './verify-fixture.ts';

const farRegions = [FAR.regionId];
const POINTS = FAULT_POINTS.filter((point) => /^(verify|repair)\./.test(point));

const blobOf = async (place: Place) => (await place.parts.store.read((tx) => tx.blobs('', 9)))[0]!;

/** Of the images that have bytes: one of the three imports fails. */
const statusesOf = async (place: Place) =>
  (await place.parts.store.read((tx) => tx.images(scope, {}, { limit: 9, offset: 0 }))).rows
    .map(({ status }) => status)
    .filter((status) => status !== 'CreateFailed');

/** An image, its copy in the far store, and the near file with a flipped bit. */
const damagedDir = async (t: Parameters<typeof importedDir>[0]) => {
  const { dataDir } = await importedDir(t);
  const place = await openPlace(dataDir, { farRegions });
  await acceptFarCopy(place);
  await place.engine.finishAll();
  const { digest } = await blobOf(place);
  const path = blobFile(place.blobs, digest);
  const whole = readFileSync(path);
  await place.close();
  const damaged = Buffer.from(whole);
  damaged[damaged.length >> 1]! ^= 1;
  writeFileSync(path, damaged);
  return { dataDir, path, whole };
};

for (const point of POINTS)
  test(`killed at ${point}, the next process makes the copy whole`, async (t) => {
    const { dataDir, path, whole } = await damagedDir(t);
    const { signal, errors } = await runChild(dataDir, killed(point), 'verify');
    assert.equal(signal, 'SIGKILL', errors);
    const place = await openPlace(dataDir, { farRegions });
    await place.engine.start();
    await place.engine.finishAll();
    // What a crash left damaged the next tick of the schedule repairs.
    await new Promise((resolve) => setTimeout(resolve, 2));
    await write(place, (tx) => scheduleVerification(tx, 0, 600_000));
    await place.engine.finishAll();
    assert.ok(readFileSync(path).equals(whole));
    const { digest, state } = await blobOf(place);
    const placements = await place.parts.store.read((tx) => tx.placements(digest));
    assert.equal(state, 'present');
    assert.deepEqual(
      placements.map((placement) => placement.state),
      ['present', 'present'],
    );
    assert.ok((await statusesOf(place)).every((status) => status === 'Available'));
    const run = await place.parts.store.read((tx) => tx.verification());
    assert.notEqual(run?.finishMs, null);
    await place.close();
    assert.equal(rowCount(dataDir, 'job'), 0);
  });

test('a reading that fails once condemns nothing; one that fails twice does', async (t) => {
  const { dataDir, path, whole } = await damagedDir(t);
  writeFileSync(path, whole);
  const real = createHasher();
  let failures = 1;
  const hasher: Hasher = {
    hash: (request, options) =>
      failures-- > 0
        ? Promise.resolve({ outcome: 'unreadable', code: 'EIO' })
        : real.hash(request, options),
    close: () => real.close(),
  };
  const place = await openPlace(dataDir, { parts: { hasher } });
  const run = async () => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    await startVerify(place);
    await place.engine.finishAll();
    return (await place.parts.store.read((tx) => tx.lostPlacements({ limit: 9, offset: 0 }))).rows;
  };
  // The far store is not configured here, so only the near copy may be looked at.
  await write(place, async (tx) => {
    const [blob] = await tx.blobs('', 1);
    await tx.deletePlacement(blob!.digest, `files:${FAR.regionId}`);
  });
  assert.deepEqual(await run(), []);
  assert.ok(place.logged.some(({ message }) => /once more/.test(message)));
  failures = 2;
  const [lost] = await run();
  assert.deepEqual([lost?.damage, lost?.isServed], ['UNREADABLE', false]);
  assert.ok((await statusesOf(place)).every((status) => status === 'UnAvailable'));
  assert.equal(await holderOf(place.parts, lost!.digest), undefined);
  await place.close();
  await real.close();
});
