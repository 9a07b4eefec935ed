import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup, makeRole, makeUser } from '../../testing/ram.ts';
import { ListEntitiesForPolicy } from './ListEntitiesForPolicy.ts';

testOperation(
  ListEntitiesForPolicy,
  {
    MissingParameter: (t) => t.call({ PolicyName: 'p' }),
    'InvalidParameter.PolicyType': (t) => t.call({ PolicyName: 'p', PolicyType: 'Own' }),
    'EntityNotExist.Policy': (t) => t.call({ PolicyName: 'nothing', PolicyType: 'Custom' }),
  },
  { isShared: true },
);

test('users, groups and roles are told apart, of the own account alone', async (t) => {
  const k = await kindred(t);
  const one = { PolicyName: 'AdministratorAccess', PolicyType: 'System' };
  const user = await makeUser(k);
  const role = await makeRole(k);
  await k.call('AttachPolicyToUser', { UserName: 'ann', ...one });
  await k.call('AttachPolicyToRole', { RoleName: 'reader', ...one });
  const group = await makeGroup(k, 'readers');
  await k.call('AttachPolicyToGroup', { GroupName: 'readers', ...one });
  const { Users, Groups, Roles } = await k.call('ListEntitiesForPolicy', one);
  assert.equal(Users.User[0].UserId, user.UserId);
  assert.equal(Groups.Group[0].GroupId, group.GroupId);
  assert.deepEqual([Users.User.length, Groups.Group.length, Roles.Role.length], [1, 1, 1]);
  assert.equal(Roles.Role[0].Arn, role.Arn);
  const theirs = await k.call('ListEntitiesForPolicy', one, { as: await k.newAccount() });
  assert.deepEqual([theirs.Users.User, theirs.Groups.Group, theirs.Roles.Role], [[], [], []]);
});
