import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser } from '../../testing/ram.ts';
import { ListGroupsForUser } from './ListGroupsForUser.ts';

testOperation(ListGroupsForUser, {
  MissingParameter: (t) => t.call({}),
  'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
});

test('a user is in no group', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const { Groups } = await k.call('ListGroupsForUser', { UserName: 'ann' });
  assert.deepEqual(Groups, { Group: [] });
});
