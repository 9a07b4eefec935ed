import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser, makeUserKey } from '../../testing/ram.ts';
import { GetAccessKeyLastUsed } from './GetAccessKeyLastUsed.ts';

testOperation(
  GetAccessKeyLastUsed,
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

test('the use of a key is noted to ten minutes', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const as = await makeUserKey(k);
  const key = { UserName: 'ann', UserAccessKeyId: as.accessKeyId };
  const lastUsed = async () => (await k.call('GetAccessKeyLastUsed', key)).AccessKeyLastUsed;
  assert.deepEqual(await lastUsed(), { LastUsedDate: '', ServiceName: '' });
  const use = async () => {
    await k.call('GetCallerIdentity', {}, { as });
    // The note is written after the answer: what is written now comes behind it.
    await k.call('UpdateUser', { UserName: 'ann' });
    return lastUsed();
  };
  const first = await use();
  assert.equal(first.ServiceName, 'Sts');
  k.clock.advance(60_000);
  assert.deepEqual(await use(), first);
  k.clock.advance(600_000);
  assert.ok((await use()).LastUsedDate > first.LastUsedDate);
});
