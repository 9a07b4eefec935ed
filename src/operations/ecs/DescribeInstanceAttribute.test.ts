import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { LINUX, putResource, runInstance, SMALL_CATALOGUE } from '../../testing/records.ts';
import { DescribeInstanceAttribute } from './DescribeInstanceAttribute.ts';

testOperation(
  DescribeInstanceAttribute,
  {
    MissingParameter: (t) => t.call({}),
    'InvalidInstanceId.NotFound': (t) => t.call({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }),
    'InvalidRegionId.NotFound': (t) => t.call({ InstanceId: 'i-bp1', RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('an instance with its image, its network and its elastic address', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, { InstanceName: 'web-1' });
  const detail = { ipAddress: '198.19.0.1', bandwidth: 5, internetChargeType: 'PayByTraffic' };
  await putResource(k, 'eip', 'eip-1', { parentId: InstanceId, detail });
  const shown = await k.call('DescribeInstanceAttribute', { InstanceId });
  assert.equal(shown.InstanceName, 'web-1');
  assert.equal(shown.ImageId, LINUX);
  assert.equal(shown.Status, 'Running');
  assert.equal(shown.IoOptimized, 'optimized');
  assert.deepEqual(shown.EipAddress, {
    AllocationId: 'eip-1',
    Bandwidth: 5,
    InternetChargeType: 'PayByTraffic',
    IpAddress: '198.19.0.1',
  });
});
