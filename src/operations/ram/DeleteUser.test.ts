import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup, makeUser, makeUserKey } from '../../testing/ram.ts';
import { DeleteUser } from './DeleteUser.ts';

testOperation(
  DeleteUser,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
    'DeleteConflict.User.AccessKey': async (t) => {
      await makeUser(t.k, 'ann');
      await makeUserKey(t.k, 'ann');
      return t.call({ UserName: 'ann' });
    },
    'DeleteConflict.User.Policy': async (t) => {
      await makeUser(t.k, 'ben');
      await t.k.call('AttachPolicyToUser', {
        UserName: 'ben',
        PolicyName: 'AdministratorAccess',
        PolicyType: 'System',
      });
      return t.call({ UserName: 'ben' });
    },
    'DeleteConflict.User.Group': async (t) => {
      await makeUser(t.k, 'cas');
      await makeGroup(t.k);
      await t.k.call('AddUserToGroup', { UserName: 'cas', GroupName: 'ann' });
      return t.call({ UserName: 'cas' });
    },
  },
  { isShared: true },
);

test('a user made again under the name is another one', async (t) => {
  const k = await kindred(t);
  const first = await makeUser(k);
  await k.call('DeleteUser', { UserName: 'ann' });
  assert.equal((await k.refused('GetUser', { UserName: 'ann' })).code, 'EntityNotExist.User');
  assert.notEqual((await makeUser(k)).UserId, first.UserId);
});
