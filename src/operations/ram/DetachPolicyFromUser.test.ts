import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser } from '../../testing/ram.ts';
import { DetachPolicyFromUser } from './DetachPolicyFromUser.ts';

testOperation(
  DetachPolicyFromUser,
  {
    MissingParameter: (t) => t.call({ UserName: 'ann' }),
    'InvalidParameter.PolicyType': (t) =>
      t.call({ UserName: 'ann', PolicyName: 'p', PolicyType: 'Own' }),
    'InvalidParameter.ResourceGroupId': (t) =>
      t.call({ UserName: 'ann', PolicyName: 'p', PolicyType: 'Custom', ResourceGroupId: 'rg-1' }),
    'EntityNotExist.User': (t) =>
      t.call({ UserName: 'nobody', PolicyName: 'AdministratorAccess', PolicyType: 'System' }),
    'EntityNotExist.Policy': async (t) => {
      await makeUser(t.k, 'other');
      return t.call({ UserName: 'other', PolicyName: 'nothing', PolicyType: 'System' });
    },
    'EntityNotExist.User.Policy': async (t) => {
      await makeUser(t.k);
      return t.call({ UserName: 'ann', PolicyName: 'AdministratorAccess', PolicyType: 'System' });
    },
  },
  { isShared: true },
);

test('what was detached is not in force any more', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const before = k.stateHash();
  const one = { UserName: 'ann', PolicyName: 'AdministratorAccess', PolicyType: 'System' };
  await k.call('AttachPolicyToUser', one);
  assert.notEqual(k.stateHash(), before);
  await k.call('DetachPolicyFromUser', one);
  assert.equal(k.stateHash(), before);
});
