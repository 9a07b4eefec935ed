import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { newResourceGroup } from '../../testing/networks.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { newGroup } from '../../testing/security-groups.ts';
import { DescribeSecurityGroups } from './DescribeSecurityGroups.ts';

const list = (parameters: Parameters) => (t: Case) => t.call({ RegionId: REGION, ...parameters });

testOperation(
  DescribeSecurityGroups,
  {
    InvalidParameter: list({ NextToken: 'of-another-query' }),
    'MissingParameter.RegionId': (t) => t.call({}),
    DryRunOperation: list({ DryRun: 'true' }),
    'InvalidSecurityGroupId.Malformed': list({ SecurityGroupIds: 'sg-1,sg-2' }),
    'InvalidParameter.SecurityGroupType': list({ SecurityGroupType: 'great' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'alone' }),
    InvalidTagCount: list(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `k${i}`])),
    ),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere' }),
  },
  { isShared: true },
);

test('filters, alone and together', async (t) => {
  const k = await kindred(t);
  const ResourceGroupId = await newResourceGroup(k);
  const { VpcId } = await k.call('CreateVpc', { RegionId: REGION });
  k.clock.advance(1_000);
  const web = await newGroup(k, {
    SecurityGroupName: 'web',
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'a',
  });
  const inVpc = await newGroup(k, { SecurityGroupName: 'web-vpc', VpcId, ResourceGroupId });
  const big = await newGroup(k, {
    SecurityGroupName: 'big',
    VpcId,
    SecurityGroupType: 'enterprise',
  });
  const names = new Map([
    [web, 'web'],
    [inVpc, 'inVpc'],
    [big, 'big'],
  ]);
  const found = async (parameters: Parameters) => {
    const answer = await k.call('DescribeSecurityGroups', { RegionId: REGION, ...parameters });
    const groups = answer.SecurityGroups.SecurityGroup as { SecurityGroupId: string }[];
    assert.equal(answer.TotalCount, groups.length);
    return groups.map(({ SecurityGroupId }) => names.get(SecurityGroupId)).join(' ');
  };
  for (const [parameters, expected] of [
    [{}, 'big inVpc web'],
    [{ SecurityGroupId: web }, 'web'],
    [{ SecurityGroupId: 'sg-bp1unknown' }, ''],
    [{ SecurityGroupIds: JSON.stringify([big, 'sg-bp1unknown', web]) }, 'big web'],
    [{ SecurityGroupIds: '[]' }, ''],
    [{ SecurityGroupIds: JSON.stringify([big]), SecurityGroupId: web }, ''],
    [{ SecurityGroupName: 'web' }, 'web'],
    [{ SecurityGroupName: 'eb', FuzzyQuery: 'true' }, 'inVpc web'],
    [{ VpcId, IsQueryEcsCount: 'true' }, 'big inVpc'],
    [{ NetworkType: 'vpc' }, 'big inVpc'],
    [{ NetworkType: 'classic' }, 'web'],
    [{ SecurityGroupType: 'enterprise' }, 'big'],
    [{ ResourceGroupId }, 'inVpc'],
    [{ ServiceManaged: 'true' }, ''],
    [{ 'Tag.1.Key': 'env' }, 'web'],
    [{ 'Tag.1.Key': 'env', 'Tag.1.Value': 'b' }, ''],
    [{ VpcId, SecurityGroupName: 'web' }, ''],
  ] as const)
    assert.equal(await found(parameters), expected, JSON.stringify(parameters));
});

test('pages by number, and by token', async (t) => {
  const k = await kindred(t);
  const made: string[] = [];
  for (let i = 0; i < 5; i++) made.unshift(await newGroup(k));
  const see = (parameters: Parameters) =>
    k.call('DescribeSecurityGroups', { RegionId: REGION, ...parameters });
  const ids = (answer: { SecurityGroups: { SecurityGroup: { SecurityGroupId: string }[] } }) =>
    answer.SecurityGroups.SecurityGroup.map(({ SecurityGroupId }) => SecurityGroupId);
  // Paged by the store, and cut here when the detail is looked at.
  for (const more of [{}, { NetworkType: 'classic' }]) {
    const second = await see({ ...more, PageSize: '2', PageNumber: '2' });
    assert.deepEqual(ids(second), made.slice(2, 4));
    assert.deepEqual(
      [second.PageNumber, second.PageSize, second.TotalCount, second.NextToken],
      [2, 2, 5, ''],
    );
    assert.deepEqual(ids(await see({ ...more, PageNumber: '9' })), []);
    const first = await see({ ...more, MaxResults: '3' });
    const rest = await see({ ...more, MaxResults: '3', NextToken: first.NextToken });
    assert.deepEqual([...ids(first), ...ids(rest)], made);
    assert.deepEqual([rest.NextToken, rest.TotalCount], ['', 5]);
  }
});
