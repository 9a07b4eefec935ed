import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { SetAccountAlias } from './SetAccountAlias.ts';

testOperation(SetAccountAlias, {
  MissingParameter: (t) => t.call({}),
  InvalidAccountAlias: (t) => t.call({ AccountAlias: '1234567890123456' }),
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({ AccountAlias: 'theirs', AccountId: t.k.accountId }, { as });
  },
  'EntityNotExist.Account': (t) =>
    t.call({ AccountAlias: 'nobodys', AccountId: '1000000000000000' }),
  'EntityAlreadyExists.AccountAlias': async (t) => {
    await t.k.call('SetAccountAlias', { AccountAlias: 'taken' });
    const as = await t.k.newAccount();
    return t.call({ AccountAlias: 'taken' }, { as });
  },
});

test('an alias can be set again, replaced, and taken by another once it is free', async (t) => {
  const k = await kindred(t);
  k.clock.advance(1000);
  const other = await k.newAccount();
  await k.call('SetAccountAlias', { AccountAlias: 'first' });
  await k.call('SetAccountAlias', { AccountAlias: 'first' });
  await k.call('SetAccountAlias', { AccountAlias: 'second' });
  await k.call('SetAccountAlias', { AccountAlias: 'first', AccountId: other.accountId });
  const accounts = await k.call('DescribeAccounts');
  const aliases = accounts.Accounts.Account.map(
    (row: { AccountAlias: string }) => row.AccountAlias,
  );
  assert.deepEqual(aliases, ['second', 'first']);
});
