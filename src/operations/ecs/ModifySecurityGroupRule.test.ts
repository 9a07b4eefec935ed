import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import {
  newGroup,
  ruleCases,
  rulesOf,
  ruleWords,
  withRule,
} from '../../testing/security-groups.ts';
import { ModifySecurityGroupRule } from './ModifySecurityGroupRule.ts';

const words = ruleWords('Source');

/** A group with rules for the ports 22 and 80, and the rule for 22. */
const twoRules = async (k: Harness) => {
  const about = { RegionId: REGION, SecurityGroupId: await newGroup(k) };
  const add = 'AuthorizeSecurityGroup';
  await k.call(add, { ...about, ...words, PortRange: '80/80' });
  await k.call(add, { ...about, ...words });
  const [{ SecurityGroupRuleId }] = await rulesOf(k, about.SecurityGroupId);
  return { ...about, SecurityGroupRuleId: SecurityGroupRuleId as string };
};

testOperation(
  ModifySecurityGroupRule,
  {
    ...ruleCases('Source'),
    'MissingParameter.Source': withRule('Source', { SourceCidrIp: '' }),
    'InvalidSourceGroupId.NotFound': withRule('Source', {
      SourceCidrIp: '',
      SourceGroupId: 'sg-bp1other',
      SourceGroupOwnerId: '1',
    }),
    'SecurityGroupRule.NotFound': withRule('Source', {}),
    'InvalidSecurityGroupRuleId.NotFound': withRule('Source', { SecurityGroupRuleId: 'sgr-1' }),
    'InvalidOperation.ModifySgRuleEntityType': async (t) =>
      t.call({ ...(await twoRules(t.k)), Ipv6SourceCidrIp: '::/0' }),
    'InvalidOperation.RuleDuplicate': async (t) =>
      t.call({ ...(await twoRules(t.k)), PortRange: '80/80' }),
    'InvalidParamter.Conflict': async (t) => {
      const about = { RegionId: REGION, SecurityGroupId: await newGroup(t.k) };
      const rule = { IpProtocol: 'all', PortRange: '-1/-1', SourceGroupId: await newGroup(t.k) };
      await t.k.call('AuthorizeSecurityGroup', { ...about, ...rule });
      const [{ SecurityGroupRuleId }] = await rulesOf(t.k, about.SecurityGroupId);
      const SourceGroupId = about.SecurityGroupId;
      return t.call({ ...about, SecurityGroupRuleId, SourceGroupId });
    },
  },
  { isShared: true },
);

test('by id what is given is changed, and nothing else', async (t) => {
  const k = await kindred(t);
  const about = await twoRules(k);
  const [before, other] = await rulesOf(k, about.SecurityGroupId);
  const change = {
    SourceCidrIp: '172.16.0.0/12',
    Policy: 'drop',
    Priority: '9',
    Description: 'mine',
  };
  await k.call('ModifySecurityGroupRule', { ...about, ...change });
  assert.deepEqual(await rulesOf(k, about.SecurityGroupId), [
    {
      ...before,
      SourceCidrIp: '172.16.0.0/12',
      Policy: 'Drop',
      Priority: '9',
      Description: 'mine',
    },
    other,
  ]);
  // As the vendor has it, an absent value takes nothing away.
  const state = k.stateHash();
  await k.call('ModifySecurityGroupRule', { ...about, Description: '' });
  assert.equal(k.stateHash(), state);
});

test('by its words a rule gets a description, as Terraform gives it', async (t) => {
  const k = await kindred(t);
  const { SecurityGroupRuleId: _, ...about } = await twoRules(k);
  const [before, other] = await rulesOf(k, about.SecurityGroupId);
  const rule = { ...words, Policy: 'accept', Priority: '1', Description: 'shell' };
  await k.call('ModifySecurityGroupRule', { ...about, ...rule });
  await k.call('ModifySecurityGroupRule', { ...about, ...rule });
  assert.deepEqual(await rulesOf(k, about.SecurityGroupId), [
    { ...before, Description: 'shell' },
    other,
  ]);
});
