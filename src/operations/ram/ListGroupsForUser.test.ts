import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSeconds } from '../../lib/clock.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup, makeUser } from '../../testing/ram.ts';
import { ListGroupsForUser } from './ListGroupsForUser.ts';

testOperation(ListGroupsForUser, {
  MissingParameter: (t) => t.call({}),
  'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
});

test('the groups that a user is in, in order of their names', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const groups = async () => (await k.call('ListGroupsForUser', { UserName: 'ann' })).Groups.Group;
  assert.deepEqual(await groups(), []);
  for (const GroupName of ['b', 'a', 'c']) await makeGroup(k, GroupName);
  for (const GroupName of ['b', 'a'])
    await k.call('AddUserToGroup', { UserName: 'ann', GroupName });
  const { GroupId } = (await k.call('GetGroup', { GroupName: 'a' })).Group;
  const JoinDate = formatSeconds(k.clock.wallMs());
  const [first, second, ...more] = await groups();
  assert.deepEqual(first, { GroupId, GroupName: 'a', Comments: '', JoinDate });
  assert.deepEqual([second.GroupName, more], ['b', []]);
});
