import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { createDisk } from '../../testing/records.ts';
import { ModifyDiskAttribute } from './ModifyDiskAttribute.ts';

const modify = (values: Readonly<Record<string, string>>) => async (t: Case) =>
  t.call({ DiskId: await createDisk(t.k), ...values });

testOperation(
  ModifyDiskAttribute,
  {
    MissingParameter: (t) => t.call({ DiskName: 'data' }),
    InvalidParameter: modify({ DeleteWithInstance: 'maybe' }),
    'InvalidDiskName.Malformed': modify({ DiskName: '1st' }),
    'InvalidDescription.Malformed': modify({ Description: 'http://example.com' }),
    'InvalidDiskId.NotFound': async (t) =>
      t.call({ 'DiskIds.1': await createDisk(t.k), 'DiskIds.2': 'd-bp1', DiskName: 'data' }),
    'InvalidRegionId.NotFound': modify({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('what is named changes on every disk and the rest stays', async (t) => {
  const k = await kindred(t);
  const a = await createDisk(k, { Description: 'the first' });
  const b = await createDisk(k, { DiskName: 'b-disk' });
  await k.call('ModifyDiskAttribute', {
    'DiskIds.1': a,
    'DiskIds.2': b,
    DiskName: 'data',
    DeleteWithInstance: 'false',
  });
  const { Disk } = (await k.call('DescribeDisks', { RegionId: REGION })).Disks;
  const shown = Disk.map((disk: Record<string, unknown>) => [
    disk.DiskName,
    disk.Description,
    disk.DeleteWithInstance,
    disk.DeleteAutoSnapshot,
  ]);
  assert.deepEqual(shown, [
    ['data', '', false, true],
    ['data', 'the first', false, true],
  ]);
});
