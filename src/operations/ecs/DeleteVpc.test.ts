import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { newVpc, newVSwitch } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { newGroup } from '../../testing/security-groups.ts';
import { DeleteVpc } from './DeleteVpc.ts';

testOperation(
  DeleteVpc,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    DryRunOperation: async (t) => t.call({ VpcId: await newVpc(t.k), DryRun: 'true' }),
    IncorrectVpcStatus: async (t) => {
      const { VpcId } = await t.k.call('CreateVpc', { RegionId: REGION });
      return t.call({ RegionId: REGION, VpcId });
    },
    'DependencyViolation.VSwitch': async (t) => {
      const VpcId = await newVpc(t.k);
      await newVSwitch(t.k, { VpcId });
      return t.call({ RegionId: REGION, VpcId, ForceDelete: 'true' });
    },
    'DependencyViolation.SecurityGroup': async (t) => {
      const VpcId = await newVpc(t.k);
      await newGroup(t.k, { VpcId });
      return t.call({ RegionId: REGION, VpcId });
    },
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', VpcId: 'vpc-bp1' }),
    'InvalidVpcId.NotFound': (t) => t.call({ RegionId: REGION, VpcId: 'vpc-bp1unknown' }),
  },
  { isShared: true },
);

test('an empty VPC goes at once, by its id alone, in whichever region', async (t) => {
  const k = await kindred(t);
  for (const RegionId of [REGION, 'us-west-1']) {
    const VpcId = await newVpc(k, { RegionId });
    const stranger = await k.newAccount();
    assert.equal((await k.refused('DeleteVpc', { VpcId }, { as: stranger })).status, 404);
    assert.equal((await k.refused('DeleteVpc', { VpcId, RegionId: 'cn-beijing' })).status, 404);
    await k.call('DeleteVpc', { VpcId });
    const gone = await k.refused('DescribeVpcAttribute', { RegionId, VpcId });
    assert.deepEqual([gone.status, gone.code], [404, 'InvalidVpcId.NotFound']);
  }
});
