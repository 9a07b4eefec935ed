import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { runInstance, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DescribeUserData } from './DescribeUserData.ts';

testOperation(
  DescribeUserData,
  {
    MissingParameter: (t) => t.call({}),
    'InvalidInstanceId.NotFound': (t) => t.call({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }),
    'InvalidRegionId.NotFound': (t) => t.call({ InstanceId: 'i-bp1', RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('user data come back as they were given and as they were changed', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, { UserData: 'IyEvYmluL3No' });
  const read = async () =>
    (await k.call('DescribeUserData', { InstanceId, RegionId: REGION })).UserData;
  assert.equal(await read(), 'IyEvYmluL3No');
  await k.call('ModifyInstanceAttribute', { InstanceId, UserData: 'aGk=' });
  assert.equal(await read(), 'aGk=');
});
