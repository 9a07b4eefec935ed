import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { ClearAccountAlias } from './ClearAccountAlias.ts';

testOperation(ClearAccountAlias, {
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({ AccountId: t.k.accountId }, { as });
  },
  'EntityNotExist.Account': (t) => t.call({ AccountId: '1000000000000000' }),
  'EntityNotExist.AccountAlias': (t) => t.call({}),
});

test('a cleared alias is nobody’s', async (t) => {
  const k = await kindred(t);
  await k.call('SetAccountAlias', { AccountAlias: 'mine' });
  await k.call('ClearAccountAlias');
  assert.equal((await k.refused('GetAccountAlias')).code, 'EntityNotExist.AccountAlias');
  const as = await k.newAccount();
  await k.call('SetAccountAlias', { AccountAlias: 'mine' }, { as });
});
