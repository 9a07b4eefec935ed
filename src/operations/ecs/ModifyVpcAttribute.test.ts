import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newVpc, newVSwitch } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { ModifyVpcAttribute } from './ModifyVpcAttribute.ts';

const change = (parameters: Parameters) => async (t: Case) =>
  t.call({ RegionId: REGION, VpcId: await newVpc(t.k), ...parameters });

testOperation(
  ModifyVpcAttribute,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: change({ EnableIPv6: 'true' }),
    'InvalidVpcName.Malformed': change({ VpcName: 'http://x.test' }),
    'InvalidVpcDiscription.Malformed': change({ Description: 'x'.repeat(257) }),
    'InvalidCidrBlock.Malformed': change({ CidrBlock: '10.0.0.0/30' }),
    IncorrectVpcStatus: async (t) => {
      const { VpcId } = await t.k.call('CreateVpc', { RegionId: REGION });
      return t.call({ RegionId: REGION, VpcId, VpcName: 'early' });
    },
    'InvalidRegionId.NotFound': change({ RegionId: 'cn-nowhere' }),
    'InvalidVpcId.NotFound': change({ VpcId: 'vpc-bp1unknown' }),
  },
  { isShared: true },
);

test('name, description and block change; a block has to hold the vSwitches', async (t) => {
  const k = await kindred(t);
  const VpcId = await newVpc(k, { CidrBlock: '172.16.0.0/16', VpcName: 'first' });
  await newVSwitch(k, { VpcId, CidrBlock: '172.16.9.0/24' });
  await k.call('ModifyVpcAttribute', { VpcId, VpcName: 'second', Description: 'of builders' });
  const narrow = { VpcId, CidrBlock: '172.16.0.0/24' };
  assert.equal((await k.refused('ModifyVpcAttribute', narrow)).code, 'InvalidCidrBlock.Malformed');
  await k.call('ModifyVpcAttribute', { VpcId, CidrBlock: '172.16.0.0/12' });
  const vpc = await k.call('DescribeVpcAttribute', { RegionId: REGION, VpcId });
  assert.deepEqual(
    [vpc.VpcName, vpc.Description, vpc.CidrBlock],
    ['second', 'of builders', '172.16.0.0/12'],
  );
});
