import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, makeGroup, makePolicy, makeRole, makeUser } from '../../testing/ram.ts';
import { DeletePolicy } from './DeletePolicy.ts';

testOperation(
  DeletePolicy,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: (t) => t.call({ PolicyName: 'p', CascadingDelete: 'yes' }),
    'EntityNotExist.Policy': (t) => t.call({ PolicyName: 'AdministratorAccess' }),
    'DeleteConflict.Policy.User': async (t) => {
      await makePolicy(t.k, 'one');
      await makeUser(t.k);
      await t.k.call('AttachPolicyToUser', {
        UserName: 'ann',
        PolicyName: 'one',
        PolicyType: 'Custom',
      });
      return t.call({ PolicyName: 'one' });
    },
    'DeleteConflict.Policy.Group': async (t) => {
      await makePolicy(t.k, 'four');
      await makeGroup(t.k);
      const attached = { PolicyName: 'four', PolicyType: 'Custom' };
      await t.k.call('AttachPolicyToGroup', { GroupName: 'ann', ...attached });
      return t.call({ PolicyName: 'four' });
    },
    'DeleteConflict.Role.Policy': async (t) => {
      await makePolicy(t.k, 'two');
      await makeRole(t.k);
      await t.k.call('AttachPolicyToRole', {
        RoleName: 'reader',
        PolicyName: 'two',
        PolicyType: 'Custom',
      });
      return t.call({ PolicyName: 'two' });
    },
    'DeleteConflict.Policy.Version': async (t) => {
      await makePolicy(t.k, 'three');
      await t.k.call('CreatePolicyVersion', { PolicyName: 'three', PolicyDocument: allow('*') });
      return t.call({ PolicyName: 'three' });
    },
  },
  { isShared: true },
);

test('with CascadingDelete the versions go too, and nothing of it is left', async (t) => {
  const k = await kindred(t);
  const before = k.stateHash();
  await makePolicy(k);
  await k.call('RamTagResources', {
    ResourceType: 'policy',
    'ResourceNames.1': 'read-web',
    'Tag.1.Key': 'team',
  });
  const one = { PolicyName: 'read-web' };
  await k.call('CreatePolicyVersion', { ...one, PolicyDocument: allow('*') });
  await k.call('DeletePolicy', { ...one, CascadingDelete: 'true' });
  assert.equal(k.stateHash(), before);
});
