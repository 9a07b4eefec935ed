import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser } from '../../testing/ram.ts';
import { ListUsers } from './ListUsers.ts';

testOperation(
  ListUsers,
  {
    InvalidParameter: (t) => t.call({ Marker: 'x'.repeat(257) }),
    'InvalidParameter.MaxItems': (t) => t.call({ MaxItems: '1001' }),
  },
  { isShared: true },
);

test('pages in order of names, of the own account alone', async (t) => {
  const k = await kindred(t);
  for (const name of ['ben', 'ann', 'cas']) await makeUser(k, name);
  await makeUser(k, 'dan', { as: await k.newAccount() });
  const names = async (parameters: Record<string, string>) => {
    const { Users, IsTruncated, Marker } = await k.call('ListUsers', parameters);
    return [Users.User.map((user: { UserName: string }) => user.UserName), IsTruncated, Marker];
  };
  assert.deepEqual(await names({}), [['ann', 'ben', 'cas'], false, undefined]);
  assert.deepEqual(await names({ MaxItems: '2' }), [['ann', 'ben'], true, 'ben']);
  assert.deepEqual(await names({ MaxItems: '2', Marker: 'ben' }), [['cas'], false, undefined]);
  assert.deepEqual(await names({ MaxItems: '3' }), [['ann', 'ben', 'cas'], false, undefined]);
});
