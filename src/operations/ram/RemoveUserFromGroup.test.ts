import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeGroup, makeUser } from '../../testing/ram.ts';
import { RemoveUserFromGroup } from './RemoveUserFromGroup.ts';

testOperation(
  RemoveUserFromGroup,
  {
    MissingParameter: (t) => t.call({ UserName: 'ann' }),
    'EntityNotExist.User': (t) => t.call({ UserName: 'nobody', GroupName: 'g' }),
    'EntityNotExist.Group': async (t) => {
      await makeUser(t.k);
      return t.call({ UserName: 'ann', GroupName: 'nobody' });
    },
    'EntityNotExist.User.Group': async (t) => {
      await makeUser(t.k, 'ben');
      await makeGroup(t.k, 'one');
      return t.call({ UserName: 'ben', GroupName: 'one' });
    },
  },
  { isShared: true },
);

test('who was taken out is in the group no more', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  await makeGroup(k, 'g');
  const before = k.stateHash();
  const member = { UserName: 'ann', GroupName: 'g' };
  await k.call('AddUserToGroup', member);
  assert.notEqual(k.stateHash(), before);
  await k.call('RemoveUserFromGroup', member);
  assert.equal(k.stateHash(), before);
});
