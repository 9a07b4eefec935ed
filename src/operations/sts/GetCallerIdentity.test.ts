import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { GetCallerIdentity } from './GetCallerIdentity.ts';

testOperation(GetCallerIdentity, {});

test('the answer names the account of the key', async (t) => {
  const k = await kindred(t);
  const other = await k.newAccount();
  for (const [accountId, options] of [
    [k.accountId, {}],
    [other.accountId, { as: other }],
  ] as const) {
    const { RequestId: _, ...identity } = await k.call(
      'GetCallerIdentity',
      { RegionId: 'cn-hangzhou' },
      options,
    );
    assert.deepEqual(identity, {
      AccountId: accountId,
      UserId: accountId,
      PrincipalId: accountId,
      IdentityType: 'Account',
      Arn: `acs:ram::${accountId}:root`,
    });
  }
});
