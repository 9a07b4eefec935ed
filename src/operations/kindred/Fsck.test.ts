import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Digest, ImageId } from '../../domain/ids.ts';
import type { Tx } from '../../domain/tx.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { createDisk, runInstance, SMALL_CATALOGUE, sweep } from '../../testing/records.ts';
import { Fsck } from './Fsck.ts';
import type { Difference } from './shared/differences.ts';

testOperation(Fsck, {
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({}, { as });
  },
});

const inRegion = { RegionId: REGION };

/** Some of everything: families, a rollback, deletions, a running import, two regions. */
const furnish = async (k: Harness) => {
  await k.image({ ImageFamily: 'web' });
  const newest = await k.image({ ImageFamily: 'web' });
  const moved = await k.image({ ImageFamily: 'db' });
  const gone = await k.image({ ImageFamily: 'web' });
  await k.call('DeleteImage', { ...inRegion, ImageId: gone.imageId });
  await k.call('ModifyImageAttribute', { ...inRegion, ImageId: moved.imageId, ImageFamily: 'web' });
  await k.call('ModifyImageAttribute', {
    ...inRegion,
    ImageId: newest.imageId,
    Status: 'Deprecated',
  });
  const imported = await k.importImage({ RegionId: 'cn-beijing' });
  await k.call('DeleteImage', { RegionId: 'cn-beijing', ImageId: imported.imageId });
  const cancelled = await k.startImport();
  await k.call('CancelTask', { ...inRegion, TaskId: cancelled.taskId });
  await k.startImport();
  return { moved, newest, freeSnapshotId: imported.snapshotId };
};

const fsck = async (k: Harness) => {
  const answer = await k.call('Fsck');
  const differences = answer.Differences.Difference as Difference[];
  assert.equal(answer.DifferenceCount, differences.length);
  return { answer, kinds: differences.map((difference) => difference.Kind), differences };
};

const write = (k: Harness, fn: (tx: Tx) => Promise<unknown>) =>
  k.store.write({ principal: 'test', requestId: 'R', nowMs: k.clock.wallMs() }, fn);

test('a sound installation shows no difference', async (t) => {
  const k = await kindred(t);
  assert.deepEqual((await fsck(k)).answer.Checked, {
    Images: 0,
    Families: 0,
    Blobs: 0,
    Changes: 0,
  });
  await furnish(k);
  const { answer } = await fsck(k);
  assert.deepEqual(answer.Differences.Difference, []);
  assert.equal(answer.Checked.Families, 1);
  assert.equal(answer.Checked.Blobs, 2);
  assert.ok(answer.Checked.Images > 3 && answer.Checked.Changes > 10);
});

test('wrong rows are found, each as what it is', async (t) => {
  const k = await kindred(t);
  const { moved } = await furnish(k);
  const id = moved.imageId as ImageId;
  // Each fault puts right what the one before it broke and breaks something else.
  const faults: [string[], (tx: Tx) => Promise<unknown>][] = [
    [['ImageCount'], (tx) => tx.addToCounts(k.scope, 1, 0)],
    [['FamilyCount'], (tx) => tx.addToCounts(k.scope, -1, 1)],
    [
      ['FamilyImageCount'],
      async (tx) => {
        await tx.addToCounts(k.scope, 0, -1);
        await tx.addToFamily(k.scope, 'web', 1);
      },
    ],
    [
      ['FamilyHead', 'JournalHead'],
      async (tx) => {
        await tx.addToFamily(k.scope, 'web', -1);
        await tx.setFamilyHead(k.scope, 'web', null, 1);
      },
    ],
    [
      ['JournalImage', 'JournalHead'],
      async (tx) => {
        await tx.setImageStatus(id, 'Available', 'UnAvailable');
        const head = await tx.familyHead(k.scope, 'web');
        await tx.setFamilyHead(k.scope, 'web', head ?? null, 1);
      },
    ],
    [
      ['JournalImage', 'FamilyImageCount', 'FamilyImageCount', 'JournalHead'],
      (tx) => tx.setImageFamily(id, 'lost'),
    ],
    [
      ['JournalImage', 'ImageCount', 'FamilyImageCount', 'JournalHead'],
      (tx) => tx.deleteImageRows(id),
    ],
  ];
  for (const [expected, break_] of faults) {
    await write(k, break_);
    const { kinds } = await fsck(k);
    assert.deepEqual(kinds.toSorted(), expected.toSorted());
  }
});

test('missing, short and superfluous bytes are found', async (t) => {
  const k = await kindred(t);
  const { freeSnapshotId, moved } = await furnish(k);
  const blobs = await k.store.read((tx) => tx.blobs('', 10));
  assert.equal(blobs.length, 2);
  const fileOf = (digest: string) => {
    const hex = digest.slice('sha256:'.length);
    return join(k.dataDir, 'blobs', 'sha256', hex.slice(0, 2), hex);
  };
  const [one, two] = blobs as [(typeof blobs)[0], (typeof blobs)[0]];

  truncateSync(fileOf(one.digest), one.sizeBytes - 1);
  rmSync(fileOf(two.digest));
  assert.deepEqual((await fsck(k)).differences, [
    {
      Kind: 'BlobBytes',
      Subject: one.digest,
      Expected: String(one.sizeBytes),
      Found: String(one.sizeBytes - 1),
    },
    { Kind: 'BlobBytes', Subject: two.digest, Expected: String(two.sizeBytes), Found: 'none' },
  ]);
  await write(k, (tx) => tx.deletePlacements(one.digest));
  assert.deepEqual((await fsck(k)).kinds, ['Placement', 'BlobBytes', 'BlobBytes']);

  for (const hex of ['00'.repeat(32), 'ff'.repeat(32)]) {
    mkdirSync(join(k.dataDir, 'blobs', 'sha256', hex.slice(0, 2)), { recursive: true });
    writeFileSync(fileOf(`sha256:${hex}`), 'stray');
  }
  const staging = join(k.dataDir, 'staging');
  mkdirSync(staging, { recursive: true });
  for (const name of [`${moved.imageId}.1.part`, 'notes.txt'])
    writeFileSync(join(staging, name), '');
  const { kinds } = await fsck(k);
  assert.deepEqual(
    kinds.filter((kind) => kind.startsWith('Orphan')),
    ['OrphanBlob', 'OrphanBlob', 'OrphanStaging', 'OrphanStaging'],
  );
  assert.equal(readdirSync(staging).length, 2);

  await write(k, async (tx) => {
    for (const { digest } of blobs) await tx.deleteBlob(digest);
  });
  const lost = (await fsck(k)).differences.filter(({ Kind }) => Kind === 'SnapshotBlob');
  assert.ok(lost.some(({ Subject }) => Subject === freeSnapshotId));
  assert.ok(lost.some(({ Subject }) => Subject === `${moved.imageId} /dev/xvda`));
});

test('disks without a snapshot, or with other bytes than their blob, are found', async (t) => {
  const k = await kindred(t);
  const { moved, newest } = await furnish(k);
  await write(k, async (tx) => {
    await tx.updateImageDisk(newest.imageId as ImageId, 1, { snapshotId: null });
    const snapshot = await tx.snapshot(k.scope, moved.snapshotId);
    if (snapshot) await tx.updateSnapshot(snapshot.snapshotId, { sizeBytes: 1, status: 'failed' });
  });
  const { differences } = await fsck(k);
  const of = (kind: string) =>
    differences.filter(({ Kind }) => Kind === kind).map(({ Subject }) => Subject);
  assert.deepEqual(of('DiskSnapshot'), [`${newest.imageId} /dev/xvda`]);
  assert.ok(of('SnapshotBytes').includes(`${moved.imageId} /dev/xvda`));
  assert.ok(of('SnapshotStatus').includes(`${moved.imageId} /dev/xvda`));
});

test('a disk without its bytes, and a family that names an image without any, are found', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k);
  const { ImageId } = await k.call('CreateImage', { ...inRegion, InstanceId });
  await k.finishJobs();
  const { imageId, snapshotId } = await k.importImage();
  const DiskId = await createDisk(k, { SnapshotId: snapshotId });
  await k.call('DeleteImage', { ...inRegion, ImageId: imageId });
  await k.call('DeleteSnapshot', { SnapshotId: snapshotId, Force: 'true' });
  assert.deepEqual((await fsck(k)).kinds, []);
  await write(k, (tx) => tx.deleteLeases(DiskId));
  await sweep(k);
  await write(k, (tx) => tx.setImageFamily(ImageId, 'web'));
  const { kinds } = await fsck(k);
  assert.ok(kinds.includes('DiskBlob') && kinds.includes('FamilyBytes'), kinds.join());
});

test('the list of differences ends at 1000, the count does not', async (t) => {
  const k = await kindred(t);
  await write(k, async (tx) => {
    for (let i = 0; i < 1001; i += 1)
      await tx.insertBlob({
        digest: `sha256:${String(i).padStart(64, '0')}` as Digest,
        sizeBytes: 1,
        state: i === 0 ? 'publishing' : 'present',
        format: 'raw',
        virtualSizeBytes: 1,
        warnings: [],
        creationMs: 0,
      });
  });
  const answer = await k.call('Fsck');
  assert.equal(answer.DifferenceCount, 2000);
  assert.equal(answer.Differences.Difference.length, 1000);
  assert.equal(answer.Checked.Blobs, 1001);
});
