import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newVpc, newVSwitch, newResourceGroup } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { DescribeVpcs } from './DescribeVpcs.ts';

const list = (parameters: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...parameters });

testOperation(
  DescribeVpcs,
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

test('filters and pages; the vSwitches of each VPC', async (t) => {
  const k = await kindred(t);
  const ResourceGroupId = await newResourceGroup(k);
  const one = await newVpc(k, { VpcName: 'one', 'Tag.1.Key': 'env' });
  const two = await newVpc(k, { VpcName: 'two', ResourceGroupId });
  const VSwitchId = await newVSwitch(k, { VpcId: two });
  const found = async (parameters: Parameters) => {
    const { Vpcs, TotalCount } = await k.call('DescribeVpcs', { RegionId: REGION, ...parameters });
    assert.equal(TotalCount, Vpcs.Vpc.length);
    return Vpcs.Vpc.map((vpc: { VpcName: string }) => vpc.VpcName).join(' ');
  };
  for (const [parameters, expected] of [
    [{}, 'two one'],
    [{ VpcId: one }, 'one'],
    [{ VpcId: `${one}, ${two},vpc-bp1unknown` }, 'two one'],
    [{ VpcId: 'vpc-bp1unknown' }, ''],
    [{ VpcName: 'two' }, 'two'],
    [{ IsDefault: 'true' }, ''],
    [{ IsDefault: 'false' }, 'two one'],
    [{ ResourceGroupId }, 'two'],
    [{ 'Tag.1.Key': 'env', 'Tag.1.Value': '' }, 'one'],
  ] as const)
    assert.equal(await found(parameters), expected, JSON.stringify(parameters));
  const page = await k.call('DescribeVpcs', { RegionId: REGION, PageSize: '1', PageNumber: '2' });
  assert.deepEqual([page.PageNumber, page.PageSize, page.TotalCount], [2, 1, 2]);
  assert.equal(page.Vpcs.Vpc[0].VpcId, one);
  const [seen] = (await k.call('DescribeVpcs', { RegionId: REGION, VpcId: two })).Vpcs.Vpc;
  assert.deepEqual(seen.VSwitchIds, { VSwitchId: [VSwitchId] });
  const stranger = await k.newAccount();
  const theirs = await k.call('DescribeVpcs', { RegionId: REGION, VpcId: one }, { as: stranger });
  assert.equal(theirs.TotalCount, 0);
});
