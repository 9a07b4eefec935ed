import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ATTACHED_POLICIES } from '../../domain/ram.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makePolicy, makeUser } from '../../testing/ram.ts';
import { AttachPolicyToUser } from './AttachPolicyToUser.ts';

testOperation(
  AttachPolicyToUser,
  {
    MissingParameter: (t) => t.call({ UserName: 'ann' }),
    'InvalidParameter.PolicyType': (t) =>
      t.call({ UserName: 'ann', PolicyName: 'p', PolicyType: 'Own' }),
    'InvalidParameter.ResourceGroupId': (t) =>
      t.call({ UserName: 'ann', PolicyName: 'p', PolicyType: 'Custom', ResourceGroupId: 'rg-1' }),
    'EntityNotExist.User': (t) =>
      t.call({ UserName: 'nobody', PolicyName: 'AdministratorAccess', PolicyType: 'System' }),
    'EntityNotExist.Policy': async (t) => {
      await makeUser(t.k);
      return t.call({ UserName: 'ann', PolicyName: 'AdministratorAccess', PolicyType: 'Custom' });
    },
    'EntityAlreadyExists.User.Policy': async (t) => {
      await makeUser(t.k, 'second');
      const one = { UserName: 'second', PolicyName: 'AdministratorAccess', PolicyType: 'System' };
      await t.k.call('AttachPolicyToUser', one);
      return t.call(one);
    },
    'LimitExceeded.User.Policy': async (t) => {
      await makeUser(t.k, 'third');
      for (let i = 0; i <= MAX_ATTACHED_POLICIES; i += 1) {
        await makePolicy(t.k, `p-${i}`);
        if (i < MAX_ATTACHED_POLICIES)
          await t.k.call('AttachPolicyToUser', {
            UserName: 'third',
            PolicyName: `p-${i}`,
            PolicyType: 'Custom',
          });
      }
      return t.call({
        UserName: 'third',
        PolicyName: `p-${MAX_ATTACHED_POLICIES}`,
        PolicyType: 'Custom',
      });
    },
  },
  { isShared: true },
);

test('policies of both types are attached, and told by both sides', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  await makePolicy(k, 'AdministratorAccess');
  for (const PolicyType of ['System', 'Custom'])
    await k.call('AttachPolicyToUser', {
      UserName: 'ann',
      PolicyName: 'AdministratorAccess',
      PolicyType,
    });
  const { Policies } = await k.call('ListPoliciesForUser', { UserName: 'ann' });
  assert.deepEqual(
    Policies.Policy.map((policy: { PolicyType: string }) => policy.PolicyType),
    ['Custom', 'System'],
  );
  const entities = await k.call('ListEntitiesForPolicy', {
    PolicyName: 'AdministratorAccess',
    PolicyType: 'System',
  });
  assert.equal(entities.Users.User[0].UserName, 'ann');
});
