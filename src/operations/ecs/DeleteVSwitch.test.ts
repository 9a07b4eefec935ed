import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { instanceWith, newVpc, newVSwitch } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DeleteVSwitch } from './DeleteVSwitch.ts';

testOperation(
  DeleteVSwitch,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    DependencyViolation: async (t) => {
      const vSwitchId = await newVSwitch(t.k, { VpcId: await newVpc(t.k) });
      await instanceWith(t.k, { vSwitchId });
      return t.call({ RegionId: REGION, VSwitchId: vSwitchId });
    },
    IncorrectVSwitchStatus: async (t) => {
      const call = { ZoneId: 'cn-hangzhou-a', CidrBlock: '172.16.0.0/24' };
      const VpcId = await newVpc(t.k);
      const { VSwitchId } = await t.k.call('CreateVSwitch', { ...call, VpcId });
      return t.call({ VSwitchId });
    },
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', VSwitchId: 'vsw-bp1' }),
    'InvalidVSwitchId.NotFound': (t) => t.call({ RegionId: REGION, VSwitchId: 'vsw-bp1unknown' }),
  },
  { isShared: true },
);

test('an empty vSwitch goes, and then its VPC can', async (t) => {
  const k = await kindred(t);
  const VpcId = await newVpc(k);
  const VSwitchId = await newVSwitch(k, { VpcId });
  const stranger = await k.newAccount();
  assert.equal((await k.refused('DeleteVSwitch', { VSwitchId }, { as: stranger })).status, 404);
  await k.call('DeleteVSwitch', { VSwitchId });
  const gone = await k.refused('DescribeVSwitchAttributes', { VSwitchId });
  assert.deepEqual([gone.status, gone.code], [404, 'InvalidVSwitchId.NotFound']);
  await k.call('DeleteVpc', { VpcId });
});
