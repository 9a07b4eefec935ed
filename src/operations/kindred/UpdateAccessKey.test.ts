import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { UpdateAccessKey } from './UpdateAccessKey.ts';

testOperation(UpdateAccessKey, {
  MissingParameter: (t) => t.call({ UserAccessKeyId: t.k.rootKey.accessKeyId }),
  InvalidParameter: (t) => t.call({ UserAccessKeyId: t.k.rootKey.accessKeyId, Status: 'Asleep' }),
  'OperationDenied.LastActiveAccessKey': (t) =>
    t.call({ UserAccessKeyId: t.k.rootKey.accessKeyId, Status: 'Inactive' }),
  'EntityNotExist.AccessKey': async (t) => {
    const as = await t.k.newAccount();
    return t.call({ UserAccessKeyId: t.k.rootKey.accessKeyId, Status: 'Inactive' }, { as });
  },
});

test('a key that is off signs nothing until it is on again', async (t) => {
  const k = await kindred(t);
  const account = await k.newAccount();
  const made = await k.call('CreateAccessKey', {}, { as: account });
  const as = { accessKeyId: made.AccessKeyId, accessKeySecret: made.AccessKeySecret };
  const update = (Status: string) =>
    k.call('UpdateAccessKey', { UserAccessKeyId: made.AccessKeyId, Status }, { as: account });
  await update('Inactive');
  await update('Inactive');
  const error = await k.refused('GetCallerIdentity', {}, { as });
  assert.equal(error.code, 'InvalidAccessKeyId.Inactive');
  await update('Active');
  await k.call('GetCallerIdentity', {}, { as });
});

test('an account keeps an active key of its own; the operator may suspend it', async (t) => {
  const k = await kindred(t);
  const account = await k.newAccount();
  const off = { UserAccessKeyId: account.accessKeyId, Status: 'Inactive' };
  const error = await k.refused('UpdateAccessKey', off, { as: account });
  assert.equal(error.code, 'OperationDenied.LastActiveAccessKey');
  await k.call('UpdateAccessKey', off);
  const suspended = await k.refused('GetCallerIdentity', {}, { as: account });
  assert.equal(suspended.code, 'InvalidAccessKeyId.Inactive');
  await k.call('UpdateAccessKey', { ...off, Status: 'Active' });
  await k.call('GetCallerIdentity', {}, { as: account });
});
