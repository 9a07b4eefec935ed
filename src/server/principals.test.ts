// Keys of RAM users in the pipeline: they sign as any other, and are root nowhere.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred } from '../testing/harness.ts';

test('the key of a user tells who it is, is refused without a policy, and ends on its date', async (t) => {
  const k = await kindred(t);
  const userId = '200000000000000001';
  const as = { accessKeyId: 'LTAIuser', accessKeySecret: 'secret-of-the-user' };
  const { accountId } = k;
  const nowMs = k.clock.wallMs();
  const actor = { principal: 'test', requestId: 'test', nowMs };
  await k.store.write(actor, async (tx) => {
    await tx.insertRamUser({
      accountId,
      userId,
      userName: 'ann',
      displayName: '',
      mobilePhone: '',
      email: '',
      comments: '',
      creationMs: nowMs,
      updateMs: nowMs,
    });
    await tx.insertAccessKey({
      accessKeyId: as.accessKeyId,
      accountId,
      sealedSecret: k.kindred.house.secrets.seal(as.accessKeySecret),
      status: 'Active',
      creationMs: nowMs,
      userId,
      endMs: nowMs + 60_000,
    });
  });
  const { RequestId: _, ...identity } = await k.call('GetCallerIdentity', {}, { as });
  assert.deepEqual(identity, {
    AccountId: accountId,
    UserId: userId,
    PrincipalId: userId,
    IdentityType: 'RAMUser',
    Arn: `acs:ram::${accountId}:user/ann`,
  });
  for (const [action, parameters] of [
    ['DescribeImages', { RegionId: 'cn-hangzhou' }],
    ['DescribeAccounts', {}],
    ['CreateAccessKey', {}],
  ] as const)
    assert.equal((await k.refused(action, parameters, { as })).status, 403, action);
  k.clock.advance(60_000);
  assert.equal(
    (await k.refused('GetCallerIdentity', {}, { as })).code,
    'InvalidAccessKeyId.Inactive',
  );
});
