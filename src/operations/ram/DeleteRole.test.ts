import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeRole } from '../../testing/ram.ts';
import { DeleteRole } from './DeleteRole.ts';

testOperation(
  DeleteRole,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.Role': (t) => t.call({ RoleName: 'nobody' }),
    'DeleteConflict.Role.Policy': async (t) => {
      await makeRole(t.k);
      await t.k.call('AttachPolicyToRole', {
        RoleName: 'reader',
        PolicyName: 'AdministratorAccess',
        PolicyType: 'System',
      });
      return t.call({ RoleName: 'reader' });
    },
  },
  { isShared: true },
);

test('nothing of a role is left, its tags neither', async (t) => {
  const k = await kindred(t);
  const before = k.stateHash();
  await makeRole(k);
  await k.call('RamTagResources', {
    ResourceType: 'role',
    'ResourceNames.1': 'reader',
    'Tag.1.Key': 'team',
  });
  await k.call('DeleteRole', { RoleName: 'reader' });
  assert.equal(k.stateHash(), before);
});
