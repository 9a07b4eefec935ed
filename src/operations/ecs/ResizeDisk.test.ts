import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { createDisk } from '../../testing/records.ts';
import { ResizeDisk } from './ResizeDisk.ts';

const resize = (values: Readonly<Record<string, string>>) => async (t: Case) =>
  t.call({ DiskId: await createDisk(t.k), NewSize: '40', ...values });

testOperation(
  ResizeDisk,
  {
    MissingParameter: (t) => t.call({ DiskId: 'd-bp1' }),
    InvalidParameter: resize({ Type: 'sideways' }),
    IdempotentParameterMismatch: async (t) => {
      const call = { DiskId: await createDisk(t.k), ClientToken: 'once' };
      await t.call({ ...call, NewSize: '40' });
      return t.call({ ...call, NewSize: '50' });
    },
    'InvalidClientToken.Malformed': resize({ ClientToken: 'x'.repeat(65) }),
    'InvalidDataDiskSize.ValueNotSupported': resize({ NewSize: '70000' }),
    'InvalidDiskSize.TooSmall': resize({ NewSize: '20' }),
    'InvalidDiskId.NotFound': resize({ DiskId: 'd-bp131n0q38u3a4zi3kqd' }),
    'InvalidRegionId.NotFound': resize({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('a disk is as large as it was made', async (t) => {
  const k = await kindred(t);
  const DiskId = await createDisk(k);
  await k.call('ResizeDisk', { DiskId, NewSize: '40', Type: 'online' });
  const [disk] = (await k.call('DescribeDisks', { RegionId: REGION })).Disks.Disk;
  assert.equal(disk.Size, 40);
});
