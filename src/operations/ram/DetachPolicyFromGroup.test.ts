import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup } from '../../testing/ram.ts';
import { DetachPolicyFromGroup } from './DetachPolicyFromGroup.ts';

testOperation(
  DetachPolicyFromGroup,
  {
    MissingParameter: (t) => t.call({ GroupName: 'ann' }),
    'InvalidParameter.PolicyType': (t) =>
      t.call({ GroupName: 'ann', PolicyName: 'p', PolicyType: 'Own' }),
    'InvalidParameter.ResourceGroupId': (t) =>
      t.call({ GroupName: 'ann', PolicyName: 'p', PolicyType: 'Custom', ResourceGroupId: 'rg-1' }),
    'EntityNotExist.Group': (t) =>
      t.call({ GroupName: 'nobody', PolicyName: 'AdministratorAccess', PolicyType: 'System' }),
    'EntityNotExist.Policy': async (t) => {
      await makeGroup(t.k, 'other');
      return t.call({ GroupName: 'other', PolicyName: 'nothing', PolicyType: 'System' });
    },
    'EntityNotExist.Group.Policy': async (t) => {
      await makeGroup(t.k);
      return t.call({ GroupName: 'ann', PolicyName: 'AdministratorAccess', PolicyType: 'System' });
    },
  },
  { isShared: true },
);

test('what was detached is not in force any more', async (t) => {
  const k = await kindred(t);
  await makeGroup(k);
  const before = k.stateHash();
  const one = { GroupName: 'ann', PolicyName: 'AdministratorAccess', PolicyType: 'System' };
  await k.call('AttachPolicyToGroup', one);
  assert.notEqual(k.stateHash(), before);
  await k.call('DetachPolicyFromGroup', one);
  assert.equal(k.stateHash(), before);
});
