import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makePolicy, makeUser, makeUserKey } from '../../testing/ram.ts';
import { UpdateUser } from './UpdateUser.ts';

testOperation(
  UpdateUser,
  {
    MissingParameter: (t) => t.call({ NewComments: 'x' }),
    'InvalidParameter.NewUserName.InvalidChars': (t) =>
      t.call({ UserName: 'ann', NewUserName: 'a b' }),
    'InvalidParameter.NewUserName.Length': (t) =>
      t.call({ UserName: 'ann', NewUserName: 'x'.repeat(65) }),
    'InvalidParameter.NewDisplayName.InvalidChars': (t) =>
      t.call({ UserName: 'ann', NewDisplayName: 'a/b' }),
    'InvalidParameter.NewDisplayName.Length': (t) =>
      t.call({ UserName: 'ann', NewDisplayName: 'x'.repeat(129) }),
    'InvalidParameter.NewMobilePhone.Format': (t) =>
      t.call({ UserName: 'ann', NewMobilePhone: 'none' }),
    'InvalidParameter.NewEmail.Format': (t) => t.call({ UserName: 'ann', NewEmail: 'ann' }),
    'InvalidParameter.NewComments.Length': (t) =>
      t.call({ UserName: 'ann', NewComments: 'x'.repeat(129) }),
    'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
    'EntityAlreadyExists.User': async (t) => {
      await makeUser(t.k, 'ann');
      await makeUser(t.k, 'ben');
      return t.call({ UserName: 'ann', NewUserName: 'ben' });
    },
  },
  { isShared: true },
);

test('what is left out stays, and keys and policies follow a new name', async (t) => {
  const k = await kindred(t);
  const { UserId } = await makeUser(k, 'ann');
  await makePolicy(k);
  const policy = { PolicyName: 'read-web', PolicyType: 'Custom' };
  await k.call('AttachPolicyToUser', { UserName: 'ann', ...policy });
  const as = await makeUserKey(k, 'ann');
  await k.call('UpdateUser', { UserName: 'ann', NewComments: 'kept' });
  k.clock.advance(5000);
  const { User } = await k.call('UpdateUser', {
    UserName: 'ann',
    NewUserName: 'anna',
    NewDisplayName: 'Anna',
    NewMobilePhone: '49-301234567',
    NewEmail: 'anna@example.com',
  });
  assert.deepEqual(
    { ...User, CreateDate: '', UpdateDate: '' },
    {
      UserId,
      UserName: 'anna',
      DisplayName: 'Anna',
      MobilePhone: '49-301234567',
      Email: 'anna@example.com',
      Comments: 'kept',
      CreateDate: '',
      UpdateDate: '',
    },
  );
  assert.ok(User.UpdateDate > User.CreateDate);
  assert.equal(
    (await k.call('GetCallerIdentity', {}, { as })).Arn,
    `acs:ram::${k.accountId}:user/anna`,
  );
  const { Policies } = await k.call('ListPoliciesForUser', { UserName: 'anna' });
  assert.equal(Policies.Policy[0].PolicyName, 'read-web');
});

test('an empty text takes away what was there, but not the name', async (t) => {
  const k = await kindred(t);
  await k.call('CreateUser', {
    UserName: 'ann',
    DisplayName: 'Ann',
    MobilePhone: '49-301234567',
    Email: 'ann@example.com',
    Comments: 'writes',
  });
  const emptied = { NewUserName: '', NewMobilePhone: '', NewEmail: '', NewComments: '' };
  await k.call('UpdateUser', { UserName: 'ann', ...emptied });
  const { User } = await k.call('GetUser', { UserName: 'ann' });
  assert.deepEqual(
    [User.UserName, User.DisplayName, User.MobilePhone, User.Email, User.Comments],
    ['ann', 'Ann', '', '', ''],
  );
});
