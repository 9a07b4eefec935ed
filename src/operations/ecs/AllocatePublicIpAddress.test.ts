import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { runInstance, SMALL_CATALOGUE, pendingInstance } from '../../testing/records.ts';
import { AllocatePublicIpAddress } from './AllocatePublicIpAddress.ts';

testOperation(
  AllocatePublicIpAddress,
  {
    MissingParameter: (t) => t.call({}),
    AllocatedAlready: async (t) =>
      t.call({ InstanceId: await runInstance(t.k, { InternetMaxBandwidthOut: '5' }) }),
    IncorrectInstanceStatus: async (t) => {
      const InstanceId = await pendingInstance(t.k);
      return t.call({ InstanceId });
    },
    'InvalidInstanceId.NotFound': (t) => t.call({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }),
    'InvalidRegionId.NotFound': (t) => t.call({ InstanceId: 'i-bp1', RegionId: 'cn-nowhere' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('each instance gets an address of its own, of the block that is routed nowhere', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const addressOf = async () =>
    (await k.call('AllocatePublicIpAddress', { InstanceId: await runInstance(k) })).IpAddress;
  assert.equal(await addressOf(), '198.18.0.1');
  assert.equal(await addressOf(), '198.18.0.2');
});
