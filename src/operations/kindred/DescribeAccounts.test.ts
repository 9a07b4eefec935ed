import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSeconds } from '../../lib/clock.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeAccounts } from './DescribeAccounts.ts';

testOperation(DescribeAccounts, {
  InvalidParameter: (t) => t.call({ PageNumber: '0' }),
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({}, { as });
  },
});

test('accounts are listed oldest first, in pages', async (t) => {
  const k = await kindred(t);
  const ids: string[] = [k.accountId];
  for (let i = 0; i < 2; i += 1) {
    k.clock.advance(1000);
    ids.push((await k.newAccount()).accountId);
  }
  const first = await k.call('DescribeAccounts', { PageSize: '2' });
  const second = await k.call('DescribeAccounts', { PageSize: '2', PageNumber: '2' });
  assert.equal(first.TotalCount, 3);
  const rows = [...first.Accounts.Account, ...second.Accounts.Account];
  assert.deepEqual(
    rows.map((row) => row.AccountId),
    ids,
  );
  assert.deepEqual(
    rows.map((row) => row.IsOperator),
    [true, false, false],
  );
  assert.equal(rows[2].CreationTime, formatSeconds(k.clock.wallMs()));
});
