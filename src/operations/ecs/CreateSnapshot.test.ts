import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  createDisk,
  describeDisks,
  runInstance,
  settle,
  SMALL_CATALOGUE,
  sweep,
} from '../../testing/records.ts';
import { CreateSnapshot } from './CreateSnapshot.ts';

/** The system disk of a new instance. */
const systemDisk = async (k: Harness, values: Readonly<Record<string, string>> = {}) => {
  const [{ DiskId }] = await describeDisks(k, await runInstance(k, values));
  return DiskId as string;
};
const create = (values: Readonly<Record<string, string>>) => async (t: Case) =>
  t.call({ DiskId: await systemDisk(t.k), ...values });

testOperation(
  CreateSnapshot,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: create({ InstantAccess: 'maybe' }),
    'InvalidSnapshotName.Malformed': create({ SnapshotName: 'auto-1' }),
    'InvalidRetentionDays.Malformed': create({ RetentionDays: '0' }),
    IncorrectInstanceStatus: async (t) => {
      const InstanceId = await runInstance(t.k);
      await t.k.call('StopInstance', { InstanceId });
      const [{ DiskId }] = await describeDisks(t.k, InstanceId);
      return t.call({ DiskId });
    },
    'Duplicate.TagKey': create({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': create({ 'Tag.1.Key': 'acs:env' }),
    'InvalidTagValue.Malformed': create({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'http://a' }),
    IdempotentParameterMismatch: async (t) => {
      const DiskId = await systemDisk(t.k);
      await t.call({ DiskId, ClientToken: 'once' });
      return t.call({ DiskId, ClientToken: 'once', SnapshotName: 'other' });
    },
    'InvalidClientToken.Malformed': create({ ClientToken: 'x'.repeat(65) }),
    'InvalidSnapshotCategory.Malformed': create({ Category: 'Glacier' }),
    'InvalidInstantAccessRetentionDays.Malformed': create({ InstantAccessRetentionDays: '0' }),
    'IncorrectDiskStatus.NeverAttached': async (t) => t.call({ DiskId: await createDisk(t.k) }),
    'QuotaExceed.SnapshotQuota': async (t) => {
      const DiskId = await systemDisk(t.k);
      for (let i = 0; i < 3; i += 1) await t.call({ DiskId });
      return t.call({ DiskId });
    },
    'QuotaExceed.Tags': create(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `key-${i}`])),
    ),
    'InvalidDescription.Malformed': create({ Description: 'http://example.com' }),
    'InvalidDiskId.NotFound': create({ DiskId: 'd-bp131n0q38u3a4zi3kqd' }),
    'InvalidRegionId.NotFound': create({ RegionId: 'cn-nowhere' }),
    'InvalidResourceGroup.NotFound': create({ ResourceGroupId: 'default' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE, quotas: { snapshotsPerDisk: 3 } } },
);

const describe = async (k: Harness, SnapshotId: string) => {
  const query = { RegionId: REGION, SnapshotIds: JSON.stringify([SnapshotId]) };
  return (await k.call('DescribeSnapshots', query)).Snapshots.Snapshot[0];
};

test('a snapshot refers to the bytes of the image, and keeps them when all else is gone', async (t) => {
  const k = await kindred(t);
  const { imageId, snapshotId } = await k.importImage();
  const InstanceId = await runInstance(k, { ImageId: imageId });
  const [{ DiskId }] = await describeDisks(k, InstanceId);
  const { SnapshotId } = await k.call('CreateSnapshot', {
    DiskId,
    SnapshotName: 'before',
    Description: 'the upgrade',
    RetentionDays: '20',
    Category: 'Flash',
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'test',
  });
  const shown = await describe(k, SnapshotId);
  const source = await describe(k, snapshotId);
  assert.equal(shown.Status, 'accomplished');
  assert.equal(shown.Progress, '100%');
  assert.equal(shown.SnapshotName, 'before');
  assert.equal(shown.Description, 'the upgrade');
  assert.equal(shown.RetentionDays, 20);
  assert.equal(shown.Category, 'flash');
  assert.equal(shown.SourceDiskId, DiskId);
  assert.equal(shown.SourceDiskType, 'system');
  assert.equal(shown.SourceDiskSize, '40');
  assert.deepEqual(shown.Tags.Tag, [{ TagKey: 'env', TagValue: 'test' }]);
  assert.equal(shown.FullSnapshotSizeInBytes, source.FullSnapshotSizeInBytes);
  const digests = await k.store.read(async (tx) => [
    (await tx.snapshot(k.scope, snapshotId))?.digest,
    (await tx.snapshot(k.scope, SnapshotId))?.digest,
  ]);
  assert.match(digests[0] ?? '', /^sha256:/);
  assert.equal(digests[1], digests[0], 'by reference');

  await k.call('DeleteInstance', { InstanceId, Force: 'true' });
  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  await k.call('DeleteSnapshot', { SnapshotId: snapshotId });
  assert.equal((await sweep(k)).deletedBlobs, 0);
  await k.call('DeleteSnapshot', { SnapshotId });
  assert.equal((await sweep(k)).deletedBlobs, 1);
});

test('a blank disk and the disk of a public image give snapshots without bytes', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, { 'DataDisk.1.Size': '30' });
  for (const { DiskId, Size } of await describeDisks(k, InstanceId)) {
    const { SnapshotId } = await k.call('CreateSnapshot', { DiskId });
    const shown = await describe(k, SnapshotId);
    assert.equal(shown.Status, 'accomplished');
    assert.equal(shown.FullSnapshotSizeInBytes, 0);
    assert.equal(shown.SourceDiskSize, String(Size));
    assert.equal(shown.SnapshotName, SnapshotId);
  }
  // A disk that was attached once is good, too.
  const DiskId = await createDisk(k);
  await k.call('AttachDisk', { InstanceId, DiskId });
  await k.call('DetachDisk', { InstanceId, DiskId });
  settle(k);
  await k.call('CreateSnapshot', { DiskId, RegionId: REGION });
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});
