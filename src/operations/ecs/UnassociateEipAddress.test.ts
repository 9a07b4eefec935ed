import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { eipInUse, newEip } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { UnassociateEipAddress } from './UnassociateEipAddress.ts';

testOperation(
  UnassociateEipAddress,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: async (t) => t.call({ ...(await eipInUse(t.k)), InstanceType: 'Nat' }),
    IdempotentParameterMismatch: async (t) => {
      const call = { ...(await eipInUse(t.k)), ClientToken: 'once' };
      await t.k.call('UnassociateEipAddress', call);
      return t.call({ ...call, InstanceId: 'i-bp1other' });
    },
    IncorrectEipStatus: async (t) => t.call({ AllocationId: await newEip(t.k) }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', AllocationId: 'eip-1' }),
    'InvalidAllocationId.NotFound': (t) => t.call({ AllocationId: 'eip-bp1unknown' }),
    'InvalidInstanceId.NotFound': async (t) =>
      t.call({ ...(await eipInUse(t.k)), InstanceId: 'i-bp1other' }),
  },
  { isShared: true },
);

test('an address is Unassociating and then Available, and can be released', async (t) => {
  const k = await kindred(t);
  const { AllocationId } = await eipInUse(k);
  const status = async () =>
    (await k.call('DescribeEipAddresses', { RegionId: REGION, AllocationId })).EipAddresses
      .EipAddress[0].Status;
  await k.call('UnassociateEipAddress', { AllocationId, Force: 'true' });
  assert.equal(await status(), 'Unassociating');
  assert.equal((await k.refused('ReleaseEipAddress', { AllocationId })).code, 'IncorrectEipStatus');
  k.clock.advance(500);
  assert.equal(await status(), 'Available');
  await k.call('ReleaseEipAddress', { AllocationId });
});
