import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CreateAccount } from './CreateAccount.ts';

testOperation(CreateAccount, {
  MissingParameter: (t) => t.call({}),
  InvalidAccountName: (t) => t.call({ AccountName: '1st' }),
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({ AccountName: 'another' }, { as });
  },
  'EntityAlreadyExists.Account': async (t) => {
    await t.k.call('CreateAccount', { AccountName: 'build-team' });
    return t.call({ AccountName: 'build-team' });
  },
});

test('the first key pair of a new account works, and its secret is stored sealed', async (t) => {
  const k = await kindred(t);
  const made = await k.call('CreateAccount', { AccountName: 'Équipe d1 @home' });
  assert.match(made.AccountId, /^1\d{15}$/);
  const as = { accessKeyId: made.AccessKeyId, accessKeySecret: made.AccessKeySecret };
  assert.equal((await k.call('GetCallerIdentity', {}, { as })).AccountId, made.AccountId);
  const key = await k.store.read((tx) => tx.accessKey(made.AccessKeyId));
  assert.equal(key?.status, 'Active');
  assert.ok(!key?.sealedSecret.includes(made.AccessKeySecret));
  assert.equal(k.kindred.house.secrets.unseal(key?.sealedSecret ?? ''), made.AccessKeySecret);
});

test('names begin with a letter and do not end with a space', async (t) => {
  const k = await kindred(t);
  for (const AccountName of ['a', ' ab', 'ab ', 'a/b', 'x'.repeat(65)])
    assert.equal((await k.refused('CreateAccount', { AccountName })).code, 'InvalidAccountName');
});
