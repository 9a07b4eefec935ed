import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  createDisk,
  describeDisks,
  runInstance,
  SMALL_CATALOGUE,
  sweep,
} from '../../testing/records.ts';
import { CreateDisk } from './CreateDisk.ts';

const create = (values: Readonly<Record<string, string>>) => (t: Case) =>
  t.call({ RegionId: REGION, ...values });

testOperation(
  CreateDisk,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: create({ InstanceId: 'i-bp1' }),
    IdempotentParameterMismatch: async (t) => {
      await t.call({ RegionId: REGION, ClientToken: 'once' });
      return t.call({ RegionId: REGION, ClientToken: 'once', Size: '30' });
    },
    'InvalidClientToken.Malformed': create({ ClientToken: 'x'.repeat(65) }),
    'InvalidParameter.EncryptedIllegal': create({ Encrypted: 'true' }),
    'InvalidDataDiskSize.ValueNotSupported': create({ Size: '0' }),
    'InvalidDiskName.Malformed': create({ DiskName: '1st' }),
    'InvalidDescription.Malformed': create({ Description: 'http://example.com' }),
    'InvalidDiskCategory.ValueNotSupported': create({ DiskCategory: 'floppy' }),
    'Duplicate.TagKey': create({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': create({ 'Tag.1.Key': 'acs:env' }),
    'InvalidTagValue.Malformed': create({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'http://a' }),
    'InvalidDiskSize.TooSmall': async (t) => {
      const InstanceId = await runInstance(t.k, { 'DataDisk.1.Size': '30' });
      const [, { DiskId }] = await describeDisks(t.k, InstanceId);
      const { SnapshotId } = await t.k.call('CreateSnapshot', { DiskId });
      return create({ SnapshotId, Size: '20' })(t);
    },
    'InvalidSnapshotId.NotReady': async (t) => {
      const { imageId } = await t.k.startImport();
      const image = await t.k.store.read((tx) => tx.image(t.k.scope, imageId));
      return create({ SnapshotId: image?.disks[0]?.snapshotId ?? '' })(t);
    },
    OperationDenied: async (t) => {
      const [{ DiskId }] = await describeDisks(t.k, await runInstance(t.k));
      const { SnapshotId } = await t.k.call('CreateSnapshot', { DiskId });
      return create({ SnapshotId })(t);
    },
    'QuotaExceed.PostPaidDisk': async (t) => {
      for (;;) {
        const { TotalCount } = await t.k.call('DescribeDisks', { RegionId: REGION });
        if (TotalCount === 6) return create({})(t);
        await createDisk(t.k);
      }
    },
    'QuotaExceed.Tags': create(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `key-${i}`])),
    ),
    'InvalidRegionId.NotFound': create({ RegionId: 'cn-nowhere' }),
    'InvalidZoneId.NotFound': create({ ZoneId: 'cn-beijing-a' }),
    'InvalidSnapshotId.NotFound': create({ SnapshotId: 's-bp1' }),
    'InvalidResourceGroup.NotFound': create({ ResourceGroupId: 'default' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE, quotas: { disksPerRegion: 6 } } },
);

test('a disk holds the bytes of its snapshot, whatever becomes of image and snapshot', async (t) => {
  const k = await kindred(t);
  const { imageId, snapshotId } = await k.importImage();
  const SnapshotId = snapshotId;
  const DiskId = await createDisk(k, {
    SnapshotId,
    DiskCategory: 'cloud_essd',
    'Tag.1.Key': 'env',
  });
  const [disk] = (await k.call('DescribeDisks', { RegionId: REGION })).Disks.Disk;
  assert.equal(disk.DiskId, DiskId);
  assert.equal(disk.Status, 'Available');
  assert.equal(disk.SourceSnapshotId, snapshotId);
  assert.equal(disk.Size, 1, 'of the snapshot');
  assert.equal(disk.Type, 'data');
  assert.equal(disk.PerformanceLevel, 'PL1');
  assert.deepEqual(disk.Tags.Tag, [{ TagKey: 'env', TagValue: '' }]);

  await k.call('DeleteImage', { RegionId: REGION, ImageId: imageId });
  await k.call('DeleteSnapshot', { SnapshotId, Force: 'true' });
  assert.equal((await sweep(k)).deletedBlobs, 0, 'the disk holds the bytes');
  await k.call('DeleteDisk', { DiskId });
  assert.equal((await sweep(k)).deletedBlobs, 1);
});
