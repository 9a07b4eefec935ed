import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeRole } from '../../testing/ram.ts';
import { DetachPolicyFromRole } from './DetachPolicyFromRole.ts';

testOperation(
  DetachPolicyFromRole,
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
      await makeRole(t.k, 'other');
      return t.call({ RoleName: 'other', PolicyName: 'nothing', PolicyType: 'System' });
    },
    'EntityNotExist.Role.Policy': async (t) => {
      await makeRole(t.k);
      return t.call({
        RoleName: 'reader',
        PolicyName: 'AdministratorAccess',
        PolicyType: 'System',
      });
    },
  },
  { isShared: true },
);

test('what was detached is not in force any more', async (t) => {
  const k = await kindred(t);
  await makeRole(k);
  const before = k.stateHash();
  const one = { RoleName: 'reader', PolicyName: 'AdministratorAccess', PolicyType: 'System' };
  await k.call('AttachPolicyToRole', one);
  assert.notEqual(k.stateHash(), before);
  await k.call('DetachPolicyFromRole', one);
  assert.equal(k.stateHash(), before);
});
