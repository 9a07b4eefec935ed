import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  createDisk,
  LINUX,
  putResourceGroup,
  runInstance,
  SMALL_CATALOGUE,
} from '../../testing/records.ts';
import { DescribeDisks } from './DescribeDisks.ts';

const list = (values: Readonly<Record<string, string>>) => (t: Case) =>
  t.call({ RegionId: REGION, ...values });

testOperation(
  DescribeDisks,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: list({ NextToken: 'bm90IG91cnM' }),
    DryRunOperation: list({ DryRun: 'true' }),
    'InvalidDiskIds.Malformed': list({ DiskIds: 'd-bp1' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'test' }),
    InvalidTagCount: list(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `key-${i}`])),
    ),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
    'InvalidDiskType.ValueNotSupported': list({ DiskType: 'floppy' }),
    'InvalidDiskCategory.ValueNotSupported': list({ Category: 'floppy' }),
    'InvalidStatus.ValueNotSupported': list({ Status: 'Lost' }),
  },
  { isShared: true },
);

test('filters find what they say, and combine', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, { 'DataDisk.1.Category': 'cloud_ssd' });
  const group = await putResourceGroup(k);
  const blank = await createDisk(k, {
    DiskName: 'spare',
    ZoneId: 'cn-hangzhou-b',
    'Tag.1.Key': 'env',
    ResourceGroupId: group,
  });
  await k.call('ModifyDiskAttribute', {
    DiskId: blank,
    DeleteWithInstance: 'false',
    DeleteAutoSnapshot: 'false',
  });
  /** s: the system disk, d: the data disk of the instance, b: the blank one. */
  const found = async (values: Readonly<Record<string, string>>): Promise<string> => {
    const { Disks, TotalCount } = await k.call('DescribeDisks', { RegionId: REGION, ...values });
    assert.equal(TotalCount, Disks.Disk.length);
    return Disks.Disk.map(({ DiskId, Type }: { DiskId: string; Type: string }) =>
      DiskId === blank ? 'b' : Type.charAt(0),
    ).join('');
  };
  const cases: [Readonly<Record<string, string>>, string][] = [
    [{}, 'bds'],
    [{ DiskIds: JSON.stringify([blank]) }, 'b'],
    [{ DiskIds: '[]' }, ''],
    [{ DiskName: 'spare' }, 'b'],
    [{ DiskName: 'sp*' }, 'b'],
    [{ DiskType: 'system' }, 's'],
    [{ DiskType: 'data', InstanceId }, 'd'],
    [{ DiskType: 'all', Category: 'all', Status: 'All' }, 'bds'],
    [{ Category: 'cloud_ssd' }, 'd'],
    [{ Status: 'In_use' }, 'ds'],
    [{ Status: 'Available' }, 'b'],
    [{ ZoneId: 'cn-hangzhou-b' }, 'b'],
    [{ ResourceGroupId: group }, 'b'],
    [{ Portable: 'true' }, 'bd'],
    [{ DeleteWithInstance: 'false' }, 'b'],
    [{ DeleteAutoSnapshot: 'true' }, 'ds'],
    [{ SnapshotId: 's-bp1' }, ''],
    [{ Encrypted: 'true' }, ''],
    [{ Encrypted: 'false' }, 'bds'],
    [{ KMSKeyId: 'key' }, ''],
    [{ EnableAutoSnapshot: 'true' }, ''],
    [{ EnableAutomatedSnapshotPolicy: 'true' }, ''],
    [{ EnableShared: 'true' }, ''],
    [{ AutoSnapshotPolicyId: 'sp-1' }, ''],
    [{ LockReason: 'financial' }, ''],
    [{ DiskChargeType: 'PrePaid' }, ''],
    [{ MultiAttach: 'Disabled' }, 'bds'],
    [{ 'Tag.1.Key': 'env' }, 'b'],
  ];
  for (const [values, expected] of cases)
    assert.equal(await found(values), expected, JSON.stringify(values));
});

test('a disk, field by field', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, { 'SystemDisk.Category': 'cloud_essd' });
  const query = { RegionId: REGION, InstanceId, DiskType: 'system' };
  const [disk] = (await k.call('DescribeDisks', query)).Disks.Disk;
  const AttachedTime = '2026-11-24T12:00Z';
  assert.equal(disk.InstanceId, InstanceId);
  assert.equal(disk.Device, '/dev/xvda');
  assert.equal(disk.Size, 40);
  assert.equal(disk.ImageId, LINUX);
  assert.equal(disk.PerformanceLevel, 'PL1');
  assert.equal(disk.Portable, false);
  assert.equal(disk.Encrypted, false);
  assert.equal(disk.CreationTime, '2026-11-24T12:00:00Z');
  assert.deepEqual(disk.Attachments, {
    Attachment: [{ AttachedTime, Device: '/dev/xvda', InstanceId }],
  });
});
