import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { newVpc, newVSwitch } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeVSwitchAttributes } from './DescribeVSwitchAttributes.ts';

testOperation(
  DescribeVSwitchAttributes,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    DryRunOperation: async (t) => {
      const VSwitchId = await newVSwitch(t.k, { VpcId: await newVpc(t.k) });
      return t.call({ VSwitchId, DryRun: 'true' });
    },
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', VSwitchId: 'vsw-bp1' }),
    'InvalidVSwitchId.NotFound': (t) => t.call({ RegionId: REGION, VSwitchId: 'vsw-bp1unknown' }),
  },
  { isShared: true },
);

test('one vSwitch is shown as the list shows it', async (t) => {
  const k = await kindred(t);
  const VSwitchId = await newVSwitch(k, { VpcId: await newVpc(k), 'Tag.1.Key': 'env' });
  const { RequestId: _, ...alone } = await k.call('DescribeVSwitchAttributes', { VSwitchId });
  const { VSwitches } = await k.call('VpcDescribeVSwitches', { RegionId: REGION });
  assert.deepEqual(alone, VSwitches.VSwitch[0]);
  assert.deepEqual(alone.Tags, { Tag: [{ Key: 'env', Value: '' }] });
});
