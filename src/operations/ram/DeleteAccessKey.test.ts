import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser, makeUserKey } from '../../testing/ram.ts';
import { DeleteAccessKey } from './DeleteAccessKey.ts';

testOperation(
  DeleteAccessKey,
  {
    MissingParameter: (t) => t.call({ UserName: 'ann' }),
    'EntityNotExist.User': (t) => t.call({ UserName: 'nobody', UserAccessKeyId: 'K' }),
    'EntityNotExist.User.AccessKey': async (t) => {
      await makeUser(t.k, 'cas');
      await makeUser(t.k, 'dan');
      const key = await makeUserKey(t.k, 'dan');
      return t.call({ UserName: 'cas', UserAccessKeyId: key.accessKeyId });
    },
  },
  { isShared: true },
);

test('a deleted key is refused at the next call', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const as = await makeUserKey(k);
  await k.call('GetCallerIdentity', {}, { as });
  await k.call('RamDeleteAccessKey', { UserName: 'ann', UserAccessKeyId: as.accessKeyId });
  assert.equal(
    (await k.refused('GetCallerIdentity', {}, { as })).code,
    'InvalidAccessKeyId.NotFound',
  );
  await k.call('DeleteUser', { UserName: 'ann' });
});
