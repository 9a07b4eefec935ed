import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { newEip } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ModifyEipAddressAttribute } from './ModifyEipAddressAttribute.ts';

testOperation(
  ModifyEipAddressAttribute,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: async (t) => t.call({ AllocationId: await newEip(t.k), Bandwidth: '501' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', AllocationId: 'eip-1' }),
    'InvalidAllocationId.NotFound': (t) => t.call({ AllocationId: 'eip-bp1unknown' }),
  },
  { isShared: true },
);

test('name, description and bandwidth change, one by one', async (t) => {
  const k = await kindred(t);
  const AllocationId = await newEip(k);
  for (const change of [{ Name: 'mine' }, { Description: 'of builders' }, { Bandwidth: '10' }])
    await k.call('ModifyEipAddressAttribute', { AllocationId, ...change });
  const { EipAddresses } = await k.call('DescribeEipAddresses', { RegionId: REGION, AllocationId });
  const [eip] = EipAddresses.EipAddress;
  assert.deepEqual([eip.Name, eip.Description, eip.Bandwidth], ['mine', 'of builders', '10']);
});
