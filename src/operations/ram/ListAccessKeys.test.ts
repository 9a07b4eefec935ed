import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { makeUser, makeUserKey } from '../../testing/ram.ts';
import { ListAccessKeys } from './ListAccessKeys.ts';

testOperation(
  ListAccessKeys,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.User': (t) => t.call({ UserName: 'nobody' }),
  },
  { isShared: true },
);

test('both keys are listed, without their secrets', async (t) => {
  const k = await kindred(t);
  await makeUser(k);
  const first = await makeUserKey(k);
  k.clock.advance(1000);
  const second = await makeUserKey(k);
  const { AccessKeys } = await k.call('ListAccessKeys', { UserName: 'ann' });
  assert.deepEqual(
    AccessKeys.AccessKey.map((key: { AccessKeyId: string }) => key.AccessKeyId),
    [first.accessKeyId, second.accessKeyId],
  );
  assert.ok(!JSON.stringify(AccessKeys).includes(first.accessKeySecret));
});
