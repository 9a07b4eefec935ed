import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { GetAccountAlias } from './GetAccountAlias.ts';

testOperation(GetAccountAlias, {
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({ AccountId: t.k.accountId }, { as });
  },
  'EntityNotExist.Account': (t) => t.call({ AccountId: '1000000000000000' }),
  'EntityNotExist.AccountAlias': (t) => t.call({}),
});

test('the alias is told to the account and to the operator', async (t) => {
  const k = await kindred(t);
  const as = await k.newAccount();
  await k.call('SetAccountAlias', { AccountAlias: 'theirs' }, { as });
  const { AccountId, AccountAlias } = await k.call('GetAccountAlias', {}, { as });
  assert.deepEqual([AccountId, AccountAlias], [as.accountId, 'theirs']);
  const told = await k.call('GetAccountAlias', { AccountId: as.accountId });
  assert.equal(told.AccountAlias, 'theirs');
});
