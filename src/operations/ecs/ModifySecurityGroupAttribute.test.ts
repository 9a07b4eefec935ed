import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { newGroup, ruleWords, rulesOf } from '../../testing/security-groups.ts';
import { ModifySecurityGroupAttribute } from './ModifySecurityGroupAttribute.ts';

const change = (parameters: Parameters) => async (t: Case) =>
  t.call({ RegionId: REGION, SecurityGroupId: await newGroup(t.k), ...parameters });

testOperation(
  ModifySecurityGroupAttribute,
  {
    MissingParameter: (t) => t.call({ RegionId: REGION }),
    'InvalidSecurityGroupName.Malformed': change({ SecurityGroupName: 'x' }),
    'InvalidSecurityGroupDiscription.Malformed': change({ Description: 'x' }),
    'InvalidRegionId.NotFound': change({ RegionId: 'cn-nowhere' }),
    'InvalidSecurityGroupId.NotFound': change({ SecurityGroupId: 'sg-bp1unknown' }),
  },
  { isShared: true },
);

test('name and description change, one by one; the rules stay', async (t) => {
  const k = await kindred(t);
  const SecurityGroupId = await newGroup(k, { SecurityGroupName: 'first' });
  const about = { RegionId: REGION, SecurityGroupId };
  await k.call('AuthorizeSecurityGroup', { ...about, ...ruleWords('Source') });
  await k.call('ModifySecurityGroupAttribute', { ...about, SecurityGroupName: 'second' });
  await k.call('ModifySecurityGroupAttribute', { ...about, Description: 'of builders' });
  const seen = await k.call('DescribeSecurityGroupAttribute', about);
  assert.deepEqual([seen.SecurityGroupName, seen.Description], ['second', 'of builders']);
  assert.equal((await rulesOf(k, SecurityGroupId)).length, 1);
});
