import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup, makeUser } from '../../testing/ram.ts';
import { UpdateGroup } from './UpdateGroup.ts';

testOperation(
  UpdateGroup,
  {
    MissingParameter: (t) => t.call({ NewComments: 'x' }),
    'InvalidParameter.NewGroupName.InvalidChars': (t) =>
      t.call({ GroupName: 'g', NewGroupName: 'a b' }),
    'InvalidParameter.NewGroupName.Length': (t) =>
      t.call({ GroupName: 'g', NewGroupName: 'x'.repeat(65) }),
    'InvalidParameter.NewComments.Length': (t) =>
      t.call({ GroupName: 'g', NewComments: 'x'.repeat(129) }),
    'EntityNotExist.Group': (t) => t.call({ GroupName: 'nobody' }),
    'EntityAlreadyExists.Group': async (t) => {
      await makeGroup(t.k, 'one');
      await makeGroup(t.k, 'two');
      return t.call({ GroupName: 'one', NewGroupName: 'two' });
    },
  },
  { isShared: true },
);

test('users and policies stay with a group that is renamed; empty comments are taken away', async (t) => {
  const k = await kindred(t);
  const { GroupId } = await makeGroup(k, 'build');
  await makeUser(k);
  await k.call('AddUserToGroup', { GroupName: 'build', UserName: 'ann' });
  const policy = { PolicyName: 'AdministratorAccess', PolicyType: 'System' };
  await k.call('AttachPolicyToGroup', { GroupName: 'build', ...policy });
  await k.call('UpdateGroup', { GroupName: 'build', NewComments: 'first' });
  k.clock.advance(5000);
  const renamed = await k.call('UpdateGroup', { GroupName: 'build', NewGroupName: 'builders' });
  assert.deepEqual([renamed.Group.GroupId, renamed.Group.Comments], [GroupId, 'first']);
  assert.ok(renamed.Group.UpdateDate > renamed.Group.CreateDate);
  const one = { GroupName: 'builders' };
  assert.equal((await k.call('ListUsersForGroup', one)).Users.User[0].UserName, 'ann');
  assert.equal((await k.call('ListPoliciesForGroup', one)).Policies.Policy.length, 1);
  const { Group } = await k.call('UpdateGroup', { ...one, NewComments: '' });
  assert.equal(Group.Comments, '');
});
