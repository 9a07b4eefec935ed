import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { createDisk } from '../../testing/records.ts';
import { DeleteSnapshot } from './DeleteSnapshot.ts';

testOperation(DeleteSnapshot, {
  MissingParameter: (t) => t.call({ Force: 'true' }),
  'Operation.Conflict': async (t) => {
    const { imageId } = await t.k.startImport();
    const image = await t.k.store.read((tx) => tx.image(t.k.scope, imageId));
    return t.call({ SnapshotId: image?.disks[0]?.snapshotId ?? '' });
  },
  SnapshotCreatedImage: async (t) => {
    const { snapshotId } = await t.k.importImage();
    return t.call({ SnapshotId: snapshotId, Force: 'true' });
  },
  SnapshotCreatedDisk: async (t) => {
    const { imageId, snapshotId } = await t.k.importImage();
    await createDisk(t.k, { SnapshotId: snapshotId });
    await t.k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
    return t.call({ SnapshotId: snapshotId });
  },
  'InvalidRegionId.NotFound': (t) => t.call({ SnapshotId: 's-bp1', RegionId: 'cn-nowhere' }),
  'InvalidSnapshotId.NotFound': (t) => t.call({ SnapshotId: 's-bp1ejhb4r1lyu55t0abc' }),
});

/** A snapshot whose image is gone again, as Packer leaves it. */
const freeSnapshot = async (k: Awaited<ReturnType<typeof kindred>>, RegionId = REGION) => {
  const { imageId, snapshotId } = await k.importImage({ RegionId });
  await k.call('DeleteImage', { RegionId, ImageId: imageId });
  return snapshotId;
};

test('right after DeleteImage its snapshot can be deleted, without a RegionId', async (t) => {
  const k = await kindred(t);
  for (const RegionId of [REGION, 'ap-southeast-7']) {
    const SnapshotId = await freeSnapshot(k, RegionId);
    await k.call('TagResources', {
      RegionId,
      ResourceType: 'snapshot',
      'ResourceId.1': SnapshotId,
      'Tag.1.Key': 'env',
    });
    await k.call('DeleteSnapshot', { SnapshotId });
    assert.equal((await k.call('DescribeSnapshots', { RegionId })).TotalCount, 0);
    const error = await k.refused('DeleteSnapshot', { SnapshotId });
    assert.equal(error.code, 'InvalidSnapshotId.NotFound');
    const { TagResources } = await k.call('ListTagResources', {
      RegionId,
      ResourceType: 'snapshot',
      'Tag.1.Key': 'env',
    });
    assert.deepEqual(TagResources.TagResource, []);
  }
});

test('a RegionId limits the search, and another account finds nothing', async (t) => {
  const k = await kindred(t);
  const SnapshotId = await freeSnapshot(k);
  const stranger = await k.newAccount();
  for (const error of [
    await k.refused('DeleteSnapshot', { SnapshotId, RegionId: 'cn-beijing' }),
    await k.refused('DeleteSnapshot', { SnapshotId }, { as: stranger }),
  ])
    assert.equal(error.code, 'InvalidSnapshotId.NotFound');
  await k.call('DeleteSnapshot', { SnapshotId, RegionId: REGION });
});
