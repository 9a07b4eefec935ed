import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { eipInUse, newEip, newResourceGroup } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { DescribeEipAddresses } from './DescribeEipAddresses.ts';

const list = (parameters: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...parameters });

testOperation(
  DescribeEipAddresses,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: list({ Status: 'Great' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'alone' }),
    InvalidTagCount: list(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('filters and pages', async (t) => {
  const k = await kindred(t);
  const ResourceGroupId = await newResourceGroup(k);
  const free = await newEip(k, { Name: 'free', ISP: 'BGP_PRO', ResourceGroupId });
  const { AllocationId: used, InstanceId } = await eipInUse(k);
  const names = new Map([
    [free, 'free'],
    [used, 'used'],
  ]);
  const found = async (parameters: Parameters, options = {}) => {
    const answer = await k.call(
      'DescribeEipAddresses',
      { RegionId: REGION, ...parameters },
      options,
    );
    const rows = answer.EipAddresses.EipAddress as { AllocationId: string; IpAddress: string }[];
    assert.equal(answer.TotalCount, rows.length);
    return rows.map(({ AllocationId }) => names.get(AllocationId)).join(' ');
  };
  const { EipAddresses } = await k.call('DescribeEipAddresses', { RegionId: REGION });
  const [usedAddress, freeAddress] = EipAddresses.EipAddress.map(
    (eip: { IpAddress: string }) => eip.IpAddress,
  );
  for (const [parameters, expected] of [
    [{}, 'used free'],
    [{ AllocationId: `${free},eip-bp1unknown` }, 'free'],
    [{ EipAddress: usedAddress }, 'used'],
    [{ EipAddress: `${usedAddress},${freeAddress},1.2.3.4` }, 'used free'],
    [{ EipName: 'free' }, 'free'],
    [{ Status: 'InUse' }, 'used'],
    [{ Status: 'Associating' }, ''],
    [{ AssociatedInstanceType: 'EcsInstance' }, 'used'],
    [{ AssociatedInstanceType: 'Nat' }, ''],
    [{ AssociatedInstanceId: InstanceId }, 'used'],
    [{ ISP: 'BGP' }, 'used'],
    [{ ChargeType: 'PostPaid' }, 'used free'],
    [{ ChargeType: 'PrePaid' }, ''],
    [{ LockReason: 'financial' }, ''],
    [{ ResourceGroupId }, 'free'],
    [{ 'Tag.1.Key': 'env' }, ''],
  ] as const)
    assert.equal(await found(parameters), expected, JSON.stringify(parameters));
  const page = await k.call('DescribeEipAddresses', {
    RegionId: REGION,
    PageSize: '1',
    PageNumber: '2',
  });
  assert.deepEqual([page.TotalCount, page.EipAddresses.EipAddress[0].AllocationId], [2, free]);
  assert.equal(await found({ EipAddress: usedAddress }, { as: await k.newAccount() }), '');
});
