import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DescribeAccessKeys } from './DescribeAccessKeys.ts';

testOperation(DescribeAccessKeys, {
  NoPermission: async (t) => {
    const as = await t.k.newAccount();
    return t.call({ AccountId: '1000000000000000' }, { as });
  },
  'EntityNotExist.Account': (t) => t.call({ AccountId: '1000000000000000' }),
});

test('keys are listed oldest first, and never with a secret', async (t) => {
  const k = await kindred(t);
  const account = await k.newAccount();
  k.clock.advance(1000);
  const second = await k.call('CreateAccessKey', {}, { as: account });
  await k.call(
    'UpdateAccessKey',
    { UserAccessKeyId: second.AccessKeyId, Status: 'Inactive' },
    { as: account },
  );
  const own = await k.call('DescribeAccessKeys', {}, { as: account });
  assert.equal(own.AccountId, account.accountId);
  assert.deepEqual(
    own.AccessKeys.AccessKey.map((key: Record<string, string>) => [key.AccessKeyId, key.Status]),
    [
      [account.accessKeyId, 'Active'],
      [second.AccessKeyId, 'Inactive'],
    ],
  );
  const seen = await k.call('DescribeAccessKeys', { AccountId: account.accountId });
  assert.deepEqual(seen.AccessKeys, own.AccessKeys);
  const text = JSON.stringify(own);
  for (const secret of [account.accessKeySecret, second.AccessKeySecret])
    assert.ok(!text.includes(secret));
});
