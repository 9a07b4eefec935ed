import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import {
  newGroup,
  numbered,
  ruleCases,
  rulesOf,
  ruleWords,
  withRule,
} from '../../testing/security-groups.ts';
import { RevokeSecurityGroup } from './RevokeSecurityGroup.ts';

const words = ruleWords('Source');

testOperation(
  RevokeSecurityGroup,
  {
    ...ruleCases('Source'),
    'MissingParameter.Source': withRule('Source', { SourceCidrIp: '' }),
    // Rules by their words need not be there: only a group of somebody else is refused.
    'InvalidSourceGroupId.NotFound': withRule('Source', {
      SourceCidrIp: '',
      SourceGroupId: 'sg-bp1other',
      SourceGroupOwnerId: '1',
    }),
    'InvalidParam.Permissions': withRule('Source', numbered(words)),
    'InvalidParam.SecurityGroupRuleId': withRule('Source', { 'SecurityGroupRuleId.1': 'sgr-1' }),
    'InvalidSecurityGroupRuleId.NotFound': async (t) => {
      const SecurityGroupId = await newGroup(t.k);
      const about = { RegionId: REGION, SecurityGroupId };
      await t.k.call('AuthorizeSecurityGroup', { ...about, ...words });
      await t.k.call('AuthorizeSecurityGroupEgress', {
        ...about,
        ...ruleWords('Dest'),
      });
      const rules = await rulesOf(t.k, SecurityGroupId);
      // One of this direction and one of the other: nothing is removed.
      const ids = Object.fromEntries(
        rules.map((rule, i) => [`SecurityGroupRuleId.${i + 1}`, rule.SecurityGroupRuleId]),
      );
      return t.call({ ...about, ...ids });
    },
  },
  { isShared: true },
);

test('rules of this direction go by their words, or by id', async (t) => {
  const k = await kindred(t);
  const SecurityGroupId = await newGroup(k);
  const about = { RegionId: REGION, SecurityGroupId };
  const add = (rule: Record<string, string>) =>
    k.call('AuthorizeSecurityGroup', { ...about, ...rule });
  const take = (rule: Record<string, string>) =>
    k.call('RevokeSecurityGroup', { ...about, ...rule });
  const left = async () =>
    (await rulesOf(k, SecurityGroupId)).map((rule) => `${rule.PortRange} ${rule.Priority}`);
  for (const Priority of ['1', '2', '3']) await add({ ...words, Priority });
  await add({ ...words, PortRange: '80/80' });

  const before = k.stateHash();
  await take({ ...words, PortRange: '443/443' });
  await take({ ...words, Policy: 'drop' });
  assert.equal(k.stateHash(), before, 'words that fit no rule are no error');

  await take({ ...words, Priority: '2', Description: 'which does not count' });
  assert.deepEqual(await left(), ['80/80 1', '22/22 3', '22/22 1']);
  await take(numbered(words));
  assert.deepEqual(await left(), ['80/80 1']);
  const [{ SecurityGroupRuleId }] = await rulesOf(k, SecurityGroupId);
  await take({ 'SecurityGroupRuleId.1': SecurityGroupRuleId });
  assert.deepEqual(await left(), []);
});
