import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { runInstances, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DescribeInstanceRamRole } from './DescribeInstanceRamRole.ts';

testOperation(
  DescribeInstanceRamRole,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: (t) => t.call({ RegionId: REGION, PageNumber: '0' }),
    'InvalidInstanceIds.Malformed': (t) => t.call({ RegionId: REGION, InstanceIds: 'i-bp1' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('every instance is there, and none has a role', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const [id = ''] = await runInstances(k, { Amount: '2' });
  const list = (values: Record<string, string>) =>
    k.call('DescribeInstanceRamRole', { RegionId: REGION, ...values });
  const one = await list({ InstanceIds: JSON.stringify([id, 'i-unknown']) });
  assert.deepEqual(one.InstanceRamRoleSets.InstanceRamRoleSet, [
    { InstanceId: id, RamRoleName: '' },
  ]);
  assert.equal((await list({})).TotalCount, 2);
  assert.equal((await list({ RamRoleName: 'admin' })).TotalCount, 0);
  assert.equal((await list({ InstanceIds: '[]' })).TotalCount, 0);
});
