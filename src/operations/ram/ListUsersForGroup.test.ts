import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup, makeUser } from '../../testing/ram.ts';
import { ListUsersForGroup } from './ListUsersForGroup.ts';

testOperation(
  ListUsersForGroup,
  {
    MissingParameter: (t) => t.call({}),
    InvalidParameter: (t) => t.call({ GroupName: 'g', Marker: 'x'.repeat(257) }),
    'InvalidParameter.MaxItems': (t) => t.call({ GroupName: 'g', MaxItems: '0' }),
    'EntityNotExist.Group': (t) => t.call({ GroupName: 'nobody' }),
  },
  { isShared: true },
);

test('pages in order of the names of those who are in it', async (t) => {
  const k = await kindred(t);
  await makeGroup(k, 'g');
  await makeGroup(k, 'other');
  for (const UserName of ['ben', 'ann', 'cas', 'dan']) {
    await makeUser(k, UserName);
    const GroupName = UserName === 'dan' ? 'other' : 'g';
    await k.call('AddUserToGroup', { UserName, GroupName });
  }
  const names = async (parameters: Record<string, string>) => {
    const one = { GroupName: 'g', ...parameters };
    const { Users, IsTruncated, Marker } = await k.call('ListUsersForGroup', one);
    return [Users.User.map((user: { UserName: string }) => user.UserName), IsTruncated, Marker];
  };
  assert.deepEqual(await names({}), [['ann', 'ben', 'cas'], false, undefined]);
  assert.deepEqual(await names({ MaxItems: '2' }), [['ann', 'ben'], true, 'ben']);
  assert.deepEqual(await names({ MaxItems: '2', Marker: 'ben' }), [['cas'], false, undefined]);
});
