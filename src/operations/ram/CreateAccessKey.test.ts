import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSeconds } from '../../lib/clock.ts';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser, makeUserKey } from '../../testing/ram.ts';
import { CreateAccessKey } from './CreateAccessKey.ts';

testOperation(
  CreateAccessKey,
  {
    MissingParameter: (t) => t.call({}),
    InvalidExpirationTime: async (t) => {
      await makeUser(t.k);
      return t.call({ UserName: 'ann', ExpirationTime: '2001-01-01T00:00:00Z' });
    },
    'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
    'LimitExceeded.User.AccessKey': async (t) => {
      await makeUser(t.k, 'ben');
      await makeUserKey(t.k, 'ben');
      await makeUserKey(t.k, 'ben');
      return t.call({ UserName: 'ben' });
    },
  },
  { isShared: true },
);

test('the key signs for the user, its secret is sealed, and it is no key of the account itself', async (t) => {
  const k = await kindred(t);
  const { UserId } = await makeUser(k);
  const as = await makeUserKey(k);
  assert.equal((await k.call('GetCallerIdentity', {}, { as })).UserId, UserId);
  const row = await k.store.read((tx) => tx.accessKey(as.accessKeyId));
  assert.ok(!row?.sealedSecret.includes(as.accessKeySecret));
  assert.equal(k.kindred.house.secrets.unseal(row?.sealedSecret ?? ''), as.accessKeySecret);
  const { AccessKeys } = await k.call('DescribeAccessKeys');
  assert.deepEqual(
    AccessKeys.AccessKey.map((key: { AccessKeyId: string }) => key.AccessKeyId),
    [k.rootKey.accessKeyId],
  );
});

test('a key with an end is refused from that second on', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const ExpirationTime = formatSeconds(k.clock.wallMs() + 60_000);
  const { AccessKey } = await k.call('RamCreateAccessKey', { UserName: 'ann', ExpirationTime });
  const as = {
    accessKeyId: AccessKey.AccessKeyId,
    accessKeySecret: AccessKey.AccessKeySecret,
  };
  assert.equal(
    (await k.call('ListAccessKeys', { UserName: 'ann' })).AccessKeys.AccessKey[0].ExpirationTime,
    ExpirationTime,
  );
  await k.call('GetCallerIdentity', {}, { as });
  k.clock.advance(60_000);
  assert.equal(
    (await k.refused('GetCallerIdentity', {}, { as })).code,
    'InvalidAccessKeyId.Inactive',
  );
});
