import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MAX_RAM_USERS } from '../../domain/ram.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { insertMany, makeUser, makeUserKey } from '../../testing/ram.ts';
import { CreateUser } from './CreateUser.ts';

testOperation(
  CreateUser,
  {
    MissingParameter: (t) => t.call({}),
    'InvalidParameter.UserName.InvalidChars': (t) => t.call({ UserName: 'a b' }),
    'InvalidParameter.UserName.Length': (t) => t.call({ UserName: 'x'.repeat(65) }),
    'InvalidParameter.DisplayName.InvalidChars': (t) =>
      t.call({ UserName: 'ann', DisplayName: 'a/b' }),
    'InvalidParameter.DisplayName.Length': (t) =>
      t.call({ UserName: 'ann', DisplayName: 'x'.repeat(129) }),
    'InvalidParameter.MobilePhone.Format': (t) => t.call({ UserName: 'ann', MobilePhone: 'none' }),
    'InvalidParameter.Email.Format': (t) => t.call({ UserName: 'ann', Email: 'ann@' }),
    'InvalidParameter.Comments.Length': (t) =>
      t.call({ UserName: 'ann', Comments: 'x'.repeat(129) }),
    'EntityAlreadyExists.User': async (t) => {
      await makeUser(t.k, 'taken');
      return t.call({ UserName: 'taken' });
    },
    'LimitExceeded.User': async (t) => {
      await insertMany(t.k, 'user', MAX_RAM_USERS);
      return t.call({ UserName: 'one-more' });
    },
  },
  { isShared: true },
);

test('a user is there at once, for its account alone, and may do nothing', async (t) => {
  const k = await kindred(t);
  const all = {
    UserName: 'ann.b_c-1',
    DisplayName: 'Änn @home',
    MobilePhone: '86-13800000000',
    Email: 'ann@example.com',
    Comments: 'builds images',
  };
  const { User } = await k.call('CreateUser', all);
  assert.match(User.UserId, /^2\d{17}$/);
  assert.deepEqual(User, {
    ...all,
    UserId: User.UserId,
    CreateDate: User.CreateDate,
    UpdateDate: User.CreateDate,
  });
  assert.deepEqual((await k.call('GetUser', { UserName: all.UserName })).User, User);
  const stranger = await k.newAccount();
  const foreign = await makeUser(k, all.UserName, { as: stranger });
  assert.notEqual(foreign.UserId, User.UserId);
  const as = await makeUserKey(k, all.UserName);
  assert.equal((await k.refused('ListUsers', {}, { as })).status, 403);
});
