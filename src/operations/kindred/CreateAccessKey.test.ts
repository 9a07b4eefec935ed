import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { CreateAccessKey, MAX_ACCESS_KEYS_PER_ACCOUNT } from './CreateAccessKey.ts';

testOperation(CreateAccessKey, {
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({ AccountId: t.k.accountId }, { as });
  },
  'EntityNotExist.Account': (t) => t.call({ AccountId: '1000000000000000' }),
  'LimitExceeded.AccessKey': async (t) => {
    const as = await t.k.newAccount();
    for (let keys = 1; keys < MAX_ACCESS_KEYS_PER_ACCOUNT; keys += 1)
      await t.k.call('CreateAccessKey', {}, { as });
    return t.call({ AccountId: as.accountId });
  },
});

test('a new pair signs for the same account, made by itself or by the operator', async (t) => {
  const k = await kindred(t);
  const account = await k.newAccount();
  for (const made of [
    await k.call('CreateAccessKey', {}, { as: account }),
    await k.call('CreateAccessKey', { AccountId: account.accountId }, { as: account }),
    await k.call('CreateAccessKey', { AccountId: account.accountId }),
  ]) {
    const as = { accessKeyId: made.AccessKeyId, accessKeySecret: made.AccessKeySecret };
    assert.equal((await k.call('GetCallerIdentity', {}, { as })).AccountId, account.accountId);
  }
});
