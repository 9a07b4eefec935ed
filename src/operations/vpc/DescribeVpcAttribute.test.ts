import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { newVpc, newVSwitch } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeVpcAttribute } from './DescribeVpcAttribute.ts';

testOperation(
  DescribeVpcAttribute,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    DryRunOperation: async (t) =>
      t.call({ RegionId: REGION, VpcId: await newVpc(t.k), DryRun: 'true' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', VpcId: 'vpc-bp1' }),
    'InvalidVpcId.NotFound': (t) => t.call({ RegionId: REGION, VpcId: 'vpc-bp1unknown' }),
  },
  { isShared: true },
);

test('what Terraform reads of a VPC', async (t) => {
  const k = await kindred(t);
  const VpcId = await newVpc(k, { VpcName: 'builders' });
  const VSwitchId = await newVSwitch(k, { VpcId });
  const vpc = await k.call('DescribeVpcAttribute', { RegionId: REGION, VpcId });
  assert.equal(vpc.Status, 'Available');
  assert.equal(vpc.Description, '');
  assert.equal(vpc.ClassicLinkEnabled, false, 'a boolean');
  assert.deepEqual(vpc.VSwitchIds, { VSwitchId: [VSwitchId] });
  assert.deepEqual(vpc.Ipv6CidrBlocks, { Ipv6CidrBlock: [] });
  assert.deepEqual(vpc.SecondaryCidrBlocks, { SecondaryCidrBlock: [] });
  assert.ok(!('Code' in vpc));
});
