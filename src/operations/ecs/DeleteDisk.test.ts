import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { createDisk, describeDisks, runInstance, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DeleteDisk } from './DeleteDisk.ts';

testOperation(
  DeleteDisk,
  {
    MissingParameter: (t) => t.call({}),
    IncorrectDiskStatus: async (t) => {
      const [{ DiskId }] = await describeDisks(t.k, await runInstance(t.k));
      return t.call({ DiskId });
    },
    'InvalidDiskId.NotFound': (t) => t.call({ DiskId: 'd-bp131n0q38u3a4zi3kqd' }),
    'InvalidRegionId.NotFound': (t) => t.call({ DiskId: 'd-bp1', RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('a deleted disk is gone', async (t) => {
  const k = await kindred(t);
  const DiskId = await createDisk(k);
  await k.call('DeleteDisk', { DiskId, RegionId: REGION });
  assert.equal((await k.call('DescribeDisks', { RegionId: REGION })).TotalCount, 0);
  assert.equal((await k.refused('DeleteDisk', { DiskId })).code, 'InvalidDiskId.NotFound');
});
