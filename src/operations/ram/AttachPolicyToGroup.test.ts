import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ATTACHED_POLICIES } from '../../domain/ram.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makePolicy, makeGroup } from '../../testing/ram.ts';
import { AttachPolicyToGroup } from './AttachPolicyToGroup.ts';

testOperation(
  AttachPolicyToGroup,
  {
    MissingParameter: (t) => t.call({ GroupName: 'ann' }),
    'InvalidParameter.PolicyType': (t) =>
      t.call({ GroupName: 'ann', PolicyName: 'p', PolicyType: 'Own' }),
    'InvalidParameter.ResourceGroupId': (t) =>
      t.call({ GroupName: 'ann', PolicyName: 'p', PolicyType: 'Custom', ResourceGroupId: 'rg-1' }),
    'EntityNotExist.Group': (t) =>
      t.call({ GroupName: 'nobody', PolicyName: 'AdministratorAccess', PolicyType: 'System' }),
    'EntityNotExist.Policy': async (t) => {
      await makeGroup(t.k);
      return t.call({ GroupName: 'ann', PolicyName: 'AdministratorAccess', PolicyType: 'Custom' });
    },
    'EntityAlreadyExists.Group.Policy': async (t) => {
      await makeGroup(t.k, 'second');
      const one = { GroupName: 'second', PolicyName: 'AdministratorAccess', PolicyType: 'System' };
      await t.k.call('AttachPolicyToGroup', one);
      return t.call(one);
    },
    'LimitExceeded.Group.Policy': async (t) => {
      await makeGroup(t.k, 'third');
      for (let i = 0; i <= MAX_ATTACHED_POLICIES; i += 1) {
        await makePolicy(t.k, `p-${i}`);
        if (i < MAX_ATTACHED_POLICIES)
          await t.k.call('AttachPolicyToGroup', {
            GroupName: 'third',
            PolicyName: `p-${i}`,
            PolicyType: 'Custom',
          });
      }
      return t.call({
        GroupName: 'third',
        PolicyName: `p-${MAX_ATTACHED_POLICIES}`,
        PolicyType: 'Custom',
      });
    },
  },
  { isShared: true },
);

test('policies of both types are attached, and told by both sides', async (t) => {
  const k = await kindred(t);
  await makeGroup(k);
  await makePolicy(k, 'AdministratorAccess');
  for (const PolicyType of ['System', 'Custom'])
    await k.call('AttachPolicyToGroup', {
      GroupName: 'ann',
      PolicyName: 'AdministratorAccess',
      PolicyType,
    });
  const { Policies } = await k.call('ListPoliciesForGroup', { GroupName: 'ann' });
  assert.deepEqual(
    Policies.Policy.map((policy: { PolicyType: string }) => policy.PolicyType),
    ['Custom', 'System'],
  );
  const entities = await k.call('ListEntitiesForPolicy', {
    PolicyName: 'AdministratorAccess',
    PolicyType: 'System',
  });
  assert.equal(entities.Groups.Group[0].GroupName, 'ann');
});
