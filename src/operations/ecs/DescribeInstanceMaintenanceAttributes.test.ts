import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { runInstances, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DescribeInstanceMaintenanceAttributes } from './DescribeInstanceMaintenanceAttributes.ts';

testOperation(
  DescribeInstanceMaintenanceAttributes,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: (t) => t.call({ RegionId: REGION, PageNumber: '0' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('instances are found by id, as a list and as Terraform sends one', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const [a = '', b = ''] = await runInstances(k, { Amount: '2' });
  const list = async (values: Record<string, string>): Promise<string[]> => {
    const query = { RegionId: REGION, ...values };
    const found = await k.call('DescribeInstanceMaintenanceAttributes', query);
    return found.MaintenanceAttributes.MaintenanceAttribute.map(
      ({ InstanceId }: { InstanceId: string }) => InstanceId,
    );
  };
  assert.deepEqual(await list({ 'InstanceId.1': JSON.stringify([a]) }), [a]);
  assert.deepEqual(await list({ 'InstanceId.1': a, 'InstanceId.2': b }), [b, a]);
  assert.deepEqual(await list({}), [b, a]);
});
