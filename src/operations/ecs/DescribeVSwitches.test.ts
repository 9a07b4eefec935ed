import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { instanceWith, newVpc, newVSwitch, newResourceGroup } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { DescribeVSwitches } from './DescribeVSwitches.ts';

const list = (parameters: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...parameters });

testOperation(
  DescribeVSwitches,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: list({ PageNumber: '0' }),
    DryRunOperation: list({ DryRun: 'true' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'alone' }),
    InvalidTagCount: list(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('filters, pages, and the addresses that are left', async (t) => {
  const k = await kindred(t);
  const ResourceGroupId = await newResourceGroup(k);
  const VpcId = await newVpc(k, { ResourceGroupId });
  const a = await newVSwitch(k, { VpcId, VSwitchName: 'a', 'Tag.1.Key': 'env' });
  const ZoneId = 'cn-hangzhou-b';
  const b = await newVSwitch(k, { VpcId, ZoneId, VSwitchName: 'b', CidrBlock: '172.16.1.0/28' });
  await newVSwitch(k, { VpcId: await newVpc(k), VSwitchName: 'other' });
  const found = async (parameters: Parameters) => {
    const answer = await k.call('DescribeVSwitches', { RegionId: REGION, ...parameters });
    assert.equal(answer.TotalCount, answer.VSwitches.VSwitch.length);
    return answer.VSwitches.VSwitch.map((one: { VSwitchName: string }) => one.VSwitchName).join(
      ' ',
    );
  };
  for (const [parameters, expected] of [
    [{}, 'other b a'],
    [{ VpcId }, 'b a'],
    [{ VSwitchId: `${a},${b}` }, 'b a'],
    [{ VSwitchId: 'vsw-bp1unknown' }, ''],
    [{ VSwitchName: 'b' }, 'b'],
    [{ ZoneId }, 'b'],
    [{ ZoneId, VpcId: 'vpc-bp1unknown' }, ''],
    [{ IsDefault: 'true' }, ''],
    [{ ResourceGroupId }, 'b a'],
    [{ 'Tag.1.Key': 'env' }, 'a'],
  ] as const)
    assert.equal(await found(parameters), expected, JSON.stringify(parameters));
  await instanceWith(k, { vSwitchId: b });
  const page = await k.call('DescribeVSwitches', {
    RegionId: REGION,
    PageSize: '1',
    PageNumber: '2',
  });
  assert.deepEqual([page.TotalCount, page.VSwitches.VSwitch.length], [3, 1]);
  assert.equal(page.VSwitches.VSwitch[0].AvailableIpAddressCount, 11);
});
