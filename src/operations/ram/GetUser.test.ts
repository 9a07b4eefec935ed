import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../../testing/harness.ts';
import { testOperation } from '../../testing/operation-tests.ts';
import { allow, makePolicy, makeUser, makeUserKey } from '../../testing/ram.ts';
import { signedRequest } from '../../testing/sign.ts';
import { GetUser } from './GetUser.ts';

testOperation(
  GetUser,
  {
    MissingParameter: (t) => t.call({}),
    'EntityNotExist.User': async (t) => {
      await makeUser(t.k, 'ann', { as: await t.k.newAccount() });
      return t.call({ UserName: 'ann' });
    },
  },
  { isShared: true },
);

test('a RegionId, which several clients send, means nothing, to policies either', async (t) => {
  const k = await kindred(t);
  await makeUser(k, 'ann');
  await makePolicy(k, 'self', allow('ram:GetUser', `acs:ram::${k.accountId}:user/ann`));
  const attached = { UserName: 'ann', PolicyName: 'self', PolicyType: 'Custom' };
  await k.call('AttachPolicyToUser', attached);
  const key = await makeUserKey(k, 'ann');
  const ask = (more: Record<string, string>) => {
    const options = { action: 'GetUser', version: '2015-05-01', nowMs: k.clock.wallMs() };
    const request = signedRequest({ UserName: 'ann', ...more }, { ...options, ...key });
    return k.kindred.handle(request);
  };
  for (const RegionId of ['cn-hangzhou', 'nowhere']) {
    const { status, headers } = await ask({ RegionId });
    assert.deepEqual([status, headers['x-kindred-ignored']], [200, undefined]);
  }
  assert.equal((await ask({ Region: 'x' })).headers['x-kindred-ignored'], 'Region');
});
