import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { eipInUse, instanceWith, newEip } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { AssociateEipAddress } from './AssociateEipAddress.ts';

testOperation(
  AssociateEipAddress,
  {
    MissingParameter: async (t) => t.call({ AllocationId: await newEip(t.k) }),
    InvalidParameter: async (t) =>
      t.call({ AllocationId: await newEip(t.k), InstanceId: 'lb-1', InstanceType: 'SlbInstance' }),
    IdempotentParameterMismatch: async (t) => {
      const call = { AllocationId: await newEip(t.k), ClientToken: 'once' };
      await t.k.call('AssociateEipAddress', { ...call, InstanceId: await instanceWith(t.k, {}) });
      return t.call({ ...call, InstanceId: 'i-bp1other' });
    },
    IncorrectEipStatus: async (t) => {
      const { AllocationId } = await eipInUse(t.k);
      return t.call({ AllocationId, InstanceId: await instanceWith(t.k, {}) });
    },
    IncorrectInstanceStatus: async (t) =>
      t.call({
        AllocationId: await newEip(t.k),
        InstanceId: await instanceWith(t.k, {}, 'Stopping'),
      }),
    'InvalidAssociation.Duplicated': async (t) => {
      const { InstanceId } = await eipInUse(t.k);
      return t.call({ AllocationId: await newEip(t.k), InstanceId });
    },
    'InvalidRegionId.NotFound': (t) =>
      t.call({ RegionId: 'cn-nowhere', AllocationId: 'eip-1', InstanceId: 'i-1' }),
    'InvalidAllocationId.NotFound': async (t) =>
      t.call({ AllocationId: 'eip-bp1unknown', InstanceId: await instanceWith(t.k, {}) }),
    'InvalidInstanceId.NotFound': async (t) =>
      t.call({ AllocationId: await newEip(t.k), InstanceId: 'i-bp1unknown' }),
  },
  { isShared: true },
);

test('an address is Associating and then InUse; the instance of another is not found', async (t) => {
  const k = await kindred(t);
  const InstanceId = await instanceWith(k, {}, 'Stopped');
  const AllocationId = await newEip(k);
  const stranger = await k.newAccount();
  const theirs = await k.call('AllocateEipAddress', { RegionId: REGION }, { as: stranger });
  const attempt = { AllocationId: theirs.AllocationId, InstanceId };
  const refused = await k.refused('AssociateEipAddress', attempt, { as: stranger });
  assert.equal(refused.code, 'InvalidInstanceId.NotFound');
  await k.call('AssociateEipAddress', { AllocationId, InstanceId, InstanceType: 'EcsInstance' });
  const seen = async () =>
    (await k.call('DescribeEipAddresses', { RegionId: REGION, AllocationId })).EipAddresses
      .EipAddress[0];
  assert.equal((await seen()).Status, 'Associating');
  k.clock.advance(500);
  const { Status, InstanceType, ...eip } = await seen();
  assert.deepEqual([Status, InstanceType, eip.InstanceId], ['InUse', 'EcsInstance', InstanceId]);
});
