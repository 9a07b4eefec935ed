import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser, makeUserKey } from '../../testing/ram.ts';
import { UpdateAccessKey } from './UpdateAccessKey.ts';

testOperation(
  UpdateAccessKey,
  {
    MissingParameter: (t) => t.call({ UserName: 'ann' }),
    'EntityNotExist.User': (t) =>
      t.call({ UserName: 'nobody', UserAccessKeyId: 'K', Status: 'Active' }),
    'EntityNotExist.User.AccessKey': async (t) => {
      await makeUser(t.k, 'cas');
      await makeUser(t.k, 'dan');
      const key = await makeUserKey(t.k, 'dan');
      return t.call({ UserName: 'cas', UserAccessKeyId: key.accessKeyId, Status: 'Active' });
    },
    InvalidParameter: (t) => t.call({ UserName: 'ann', UserAccessKeyId: 'K', Status: 'Off' }),
  },
  { isShared: true },
);

test('a key that is switched off is refused at the next call, and on again it signs', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const as = await makeUserKey(k);
  const key = { UserName: 'ann', UserAccessKeyId: as.accessKeyId };
  await k.call('RamUpdateAccessKey', { ...key, Status: 'Inactive' });
  assert.equal(
    (await k.refused('GetCallerIdentity', {}, { as })).code,
    'InvalidAccessKeyId.Inactive',
  );
  await k.call('RamUpdateAccessKey', { ...key, Status: 'Active' });
  await k.call('GetCallerIdentity', {}, { as });
});

test('a root key is no key of a user, even for root', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const root = { UserName: 'ann', UserAccessKeyId: k.rootKey.accessKeyId, Status: 'Inactive' };
  assert.equal((await k.refused('RamUpdateAccessKey', root)).code, 'EntityNotExist.User.AccessKey');
});
