import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { instanceWith } from '../../testing/networks.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { newGroup } from '../../testing/security-groups.ts';
import { DeleteSecurityGroup } from './DeleteSecurityGroup.ts';

const instanceIn = (k: Harness, securityGroupId: string) =>
  instanceWith(k, { securityGroupIds: ['sg-bp1other', securityGroupId] });

testOperation(
  DeleteSecurityGroup,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    DependencyViolation: async (t) => {
      const SecurityGroupId = await newGroup(t.k);
      await instanceIn(t.k, SecurityGroupId);
      return t.call({ RegionId: REGION, SecurityGroupId });
    },
    'InvalidRegionId.NotFound': (t) =>
      t.call({ RegionId: 'cn-nowhere', SecurityGroupId: 'sg-bp1' }),
    'InvalidSecurityGroupId.NotFound': (t) =>
      t.call({ RegionId: REGION, SecurityGroupId: 'sg-bp1unknown' }),
  },
  { isShared: true },
);

test('a group goes with its tags, in its own account and region alone', async (t) => {
  const k = await kindred(t);
  const SecurityGroupId = await newGroup(k, { 'Tag.1.Key': 'env' });
  const used = await newGroup(k);
  await instanceIn(k, used);
  const call = { RegionId: REGION, SecurityGroupId };
  const stranger = await k.newAccount();
  for (const error of [
    await k.refused('DeleteSecurityGroup', { ...call, RegionId: 'cn-beijing' }),
    await k.refused('DeleteSecurityGroup', call, { as: stranger }),
  ])
    assert.equal(error.code, 'InvalidSecurityGroupId.NotFound');
  const { SecurityGroups } = await k.call('DescribeSecurityGroups', {
    RegionId: REGION,
    IsQueryEcsCount: 'true',
  });
  assert.deepEqual(
    SecurityGroups.SecurityGroup.map((group: { EcsCount: number }) => group.EcsCount),
    [1, 0],
  );
  await k.call('DeleteSecurityGroup', call);
  assert.equal((await k.refused('DeleteSecurityGroup', call)).status, 404);
  assert.equal((await k.call('DescribeSecurityGroups', { RegionId: REGION })).TotalCount, 1);
});
