import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_ATTACHED_POLICIES } from '../../domain/ram.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makePolicy, makeRole } from '../../testing/ram.ts';
import { AttachPolicyToRole } from './AttachPolicyToRole.ts';

testOperation(
  AttachPolicyToRole,
  {
    MissingParameter: (t) => t.call({ RoleName: 'reader' }),
    'InvalidParameter.PolicyType': (t) =>
      t.call({ RoleName: 'reader', PolicyName: 'p', PolicyType: 'Own' }),
    'InvalidParameter.ResourceGroupId': (t) =>
      t.call({
        RoleName: 'reader',
        PolicyName: 'p',
        PolicyType: 'Custom',
        ResourceGroupId: 'rg-1',
      }),
    'EntityNotExist.Role': (t) =>
      t.call({ RoleName: 'nobody', PolicyName: 'AdministratorAccess', PolicyType: 'System' }),
    'EntityNotExist.Policy': async (t) => {
      await makeRole(t.k);
      return t.call({
        RoleName: 'reader',
        PolicyName: 'AdministratorAccess',
        PolicyType: 'Custom',
      });
    },
    'EntityAlreadyExists.Role.Policy': async (t) => {
      await makeRole(t.k, 'second');
      const one = { RoleName: 'second', PolicyName: 'AdministratorAccess', PolicyType: 'System' };
      await t.k.call('AttachPolicyToRole', one);
      return t.call(one);
    },
    'LimitExceeded.Role.Policy': async (t) => {
      await makeRole(t.k, 'third');
      for (let i = 0; i <= MAX_ATTACHED_POLICIES; i += 1) {
        await makePolicy(t.k, `p-${i}`);
        if (i < MAX_ATTACHED_POLICIES)
          await t.k.call('AttachPolicyToRole', {
            RoleName: 'third',
            PolicyName: `p-${i}`,
            PolicyType: 'Custom',
          });
      }
      return t.call({
        RoleName: 'third',
        PolicyName: `p-${MAX_ATTACHED_POLICIES}`,
        PolicyType: 'Custom',
      });
    },
  },
  { isShared: true },
);

test('policies of both types are attached, and told by both sides', async (t) => {
  const k = await kindred(t);
  await makeRole(k);
  await makePolicy(k, 'AdministratorAccess');
  for (const PolicyType of ['System', 'Custom'])
    await k.call('AttachPolicyToRole', {
      RoleName: 'reader',
      PolicyName: 'AdministratorAccess',
      PolicyType,
    });
  const { Policies } = await k.call('ListPoliciesForRole', { RoleName: 'reader' });
  assert.deepEqual(
    Policies.Policy.map((policy: { PolicyType: string }) => policy.PolicyType),
    ['Custom', 'System'],
  );
  const entities = await k.call('ListEntitiesForPolicy', {
    PolicyName: 'AdministratorAccess',
    PolicyType: 'System',
  });
  assert.equal(entities.Roles.Role[0].RoleName, 'reader');
});
