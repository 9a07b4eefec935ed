import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { DeleteAccessKey } from './DeleteAccessKey.ts';

testOperation(DeleteAccessKey, {
  MissingParameter: (t) => t.call({}),
  'OperationDenied.LastActiveAccessKey': async (t) => {
    // An inactive key beside it does not count, and the operator is refused like the owner.
    const as = await t.k.newAccount();
    const { AccessKeyId } = await t.k.call('CreateAccessKey', {}, { as });
    await t.k.call('UpdateAccessKey', { UserAccessKeyId: AccessKeyId, Status: 'Inactive' }, { as });
    return t.call({ UserAccessKeyId: as.accessKeyId });
  },
  'EntityNotExist.AccessKey': async (t) => {
    const as = await t.k.newAccount();
    return t.call({ UserAccessKeyId: t.k.rootKey.accessKeyId }, { as });
  },
});

test('a deleted key is unknown from then on; an inactive one can always go', async (t) => {
  const k = await kindred(t);
  const account = await k.newAccount();
  const made = await k.call('CreateAccessKey', {}, { as: account });
  const as = { accessKeyId: made.AccessKeyId, accessKeySecret: made.AccessKeySecret };
  // The new key replaces the old one.
  await k.call('DeleteAccessKey', { UserAccessKeyId: account.accessKeyId }, { as });
  const error = await k.refused('GetCallerIdentity', {}, { as: account });
  assert.equal(error.code, 'InvalidAccessKeyId.NotFound');

  const third = await k.call('CreateAccessKey', {}, { as });
  await k.call(
    'UpdateAccessKey',
    { UserAccessKeyId: third.AccessKeyId, Status: 'Inactive' },
    { as },
  );
  await k.call('DeleteAccessKey', { UserAccessKeyId: third.AccessKeyId });
  const { AccessKeys } = await k.call('DescribeAccessKeys', {}, { as });
  assert.equal(AccessKeys.AccessKey.length, 1);
});
