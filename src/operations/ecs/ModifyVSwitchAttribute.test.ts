import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newVpc, newVSwitch } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { ModifyVSwitchAttribute } from './ModifyVSwitchAttribute.ts';

const change = (parameters: Parameters) => async (t: Case) => {
  const VSwitchId = await newVSwitch(t.k, { VpcId: await newVpc(t.k) });
  return t.call({ RegionId: REGION, VSwitchId, ...parameters });
};

testOperation(
  ModifyVSwitchAttribute,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    InvalidParameter: change({ EnableIPv6: 'true' }),
    'InvalidVSwitchName.Malformed': change({ VSwitchName: 'http://x.test' }),
    'InvalidVSwitchDiscription.Malformed': change({ Description: 'x'.repeat(257) }),
    'InvalidRegionId.NotFound': change({ RegionId: 'cn-nowhere' }),
    'InvalidVSwitchId.NotFound': change({ VSwitchId: 'vsw-bp1unknown' }),
  },
  { isShared: true },
);

test('name and description change, by the id alone', async (t) => {
  const k = await kindred(t);
  const VSwitchId = await newVSwitch(k, { VpcId: await newVpc(k), VSwitchName: 'first' });
  await k.call('ModifyVSwitchAttribute', { VSwitchId, Description: 'of builders' });
  await k.call('ModifyVSwitchAttribute', { VSwitchId, VSwitchName: 'second' });
  const seen = await k.call('DescribeVSwitchAttributes', { VSwitchId });
  assert.deepEqual(
    [seen.VSwitchName, seen.Description, seen.CidrBlock],
    ['second', 'of builders', '172.16.0.0/24'],
  );
});
