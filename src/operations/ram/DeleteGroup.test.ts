import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup, makeUser } from '../../testing/ram.ts';
import { DeleteGroup } from './DeleteGroup.ts';

testOperation(
  DeleteGroup,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.Group': (t) => t.call({ GroupName: 'nobody' }),
    'DeleteConflict.Group.User': async (t) => {
      await makeGroup(t.k, 'one');
      await makeUser(t.k);
      await t.k.call('AddUserToGroup', { GroupName: 'one', UserName: 'ann' });
      return t.call({ GroupName: 'one' });
    },
    'DeleteConflict.Group.Policy': async (t) => {
      await makeGroup(t.k, 'two');
      const policy = { PolicyName: 'AdministratorAccess', PolicyType: 'System' };
      await t.k.call('AttachPolicyToGroup', { GroupName: 'two', ...policy });
      return t.call({ GroupName: 'two' });
    },
  },
  { isShared: true },
);

test('nothing of a deleted group is left, and one made again under the name is another', async (t) => {
  const k = await kindred(t);
  const before = k.stateHash();
  const first = await makeGroup(k, 'g');
  await k.call('DeleteGroup', { GroupName: 'g' });
  assert.equal(k.stateHash(), before);
  assert.notEqual((await makeGroup(k, 'g')).GroupId, first.GroupId);
});
