import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { eipInUse, newEip } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { freeEipOf } from '../../domain/eip.ts';
import { ReleaseEipAddress } from './ReleaseEipAddress.ts';

testOperation(
  ReleaseEipAddress,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    IncorrectEipStatus: async (t) => t.call({ AllocationId: (await eipInUse(t.k)).AllocationId }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', AllocationId: 'eip-1' }),
    'InvalidAllocationId.NotFound': (t) => t.call({ AllocationId: 'eip-bp1unknown' }),
  },
  { isShared: true },
);

test('an address goes, in whichever region; that of another account does not', async (t) => {
  const k = await kindred(t);
  const stranger = await k.newAccount();
  for (const RegionId of [REGION, 'us-west-1']) {
    const AllocationId = await newEip(k, { RegionId });
    const error = await k.refused('ReleaseEipAddress', { AllocationId }, { as: stranger });
    assert.equal(error.code, 'InvalidAllocationId.NotFound');
    await k.call('ReleaseEipAddress', { AllocationId });
    assert.equal((await k.call('DescribeEipAddresses', { RegionId })).TotalCount, 0);
  }
});

test('when an instance goes, its address is free at once', async (t) => {
  const k = await kindred(t);
  const { AllocationId, InstanceId } = await eipInUse(k);
  const actor = { principal: 'test', requestId: 'test', nowMs: k.clock.wallMs() };
  await k.store.write(actor, (tx) => freeEipOf(tx, { ...k.scope, resourceId: InstanceId }));
  await k.call('ReleaseEipAddress', { AllocationId });
});
