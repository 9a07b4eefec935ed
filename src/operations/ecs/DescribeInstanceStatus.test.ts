import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { runInstance, runInstances, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DescribeInstanceStatus } from './DescribeInstanceStatus.ts';

testOperation(
  DescribeInstanceStatus,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: (t) => t.call({ RegionId: REGION, PageNumber: '0' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('statuses are listed by id and by zone, in pages', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const [first = '', second = ''] = await runInstances(k, { Amount: '2' });
  const elsewhere = await runInstance(k, { ZoneId: 'cn-hangzhou-c' });
  await k.call('StopInstance', { InstanceId: second });
  const list = async (values: Record<string, string>) => {
    const found = await k.call('DescribeInstanceStatus', { RegionId: REGION, ...values });
    return found.InstanceStatuses.InstanceStatus.map(
      (row: { InstanceId: string; Status: string }) => `${row.InstanceId} ${row.Status}`,
    );
  };
  assert.deepEqual(await list({ 'InstanceId.1': first, 'InstanceId.2': second }), [
    `${second} Stopping`,
    `${first} Running`,
  ]);
  assert.deepEqual(await list({ ZoneId: 'cn-hangzhou-c' }), [`${elsewhere} Running`]);
  assert.deepEqual(await list({ PageSize: '2', PageNumber: '2' }), [`${first} Running`]);
  assert.deepEqual(await list({ ClusterId: 'c-1' }), []);
});
