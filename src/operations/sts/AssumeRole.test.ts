import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, type Harness } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { allow, makePolicy, makeRole, makeUser, makeUserKey, trust } from '../../testing/ram.ts';
import { AssumeRole } from './AssumeRole.ts';

const attached = (PolicyName: string, PolicyType = 'Custom') => ({ PolicyName, PolicyType });

/** A user that may assume every role, and a role that its account may assume. */
const scene = async (k: Harness) => {
  await makeUser(k);
  await makePolicy(k, 'assume', allow('sts:AssumeRole'));
  await k.call('AttachPolicyToUser', { UserName: 'ann', ...attached('assume') });
  await makeRole(k);
  const as = await makeUserKey(k);
  const request = { RoleArn: `acs:ram::${k.accountId}:role/reader`, RoleSessionName: 'build-1' };
  return { as, request };
};

const refusal = (more: (k: Harness) => Record<string, string>) => async (t: Case) => {
  const { as, request } = await scene(t.k);
  return t.call({ ...request, ...more(t.k) }, { as });
};

testOperation(AssumeRole, {
  MissingParameter: (t) => t.call({ RoleSessionName: 'build-1' }),
  'InvalidParameter.RoleArn': refusal(() => ({ RoleArn: 'acs:ram::1:role/reader' })),
  'InvalidParameter.RoleSessionName': refusal(() => ({ RoleSessionName: 'a' })),
  'InvalidParameter.DurationSeconds': refusal(() => ({ DurationSeconds: '3601' })),
  'InvalidParameter.PolicyGrammar': refusal(() => ({ Policy: '{}' })),
  'InvalidParameter.ExternalId': refusal(() => ({ ExternalId: 'a b' })),
  NoPermission: async (t) => {
    const { request } = await scene(t.k);
    return t.call(request);
  },
  'EntityNotExist.Role': refusal((k) => ({ RoleArn: `acs:ram::${k.accountId}:role/nobody` })),
});

const sessionOf = (answer: { Credentials: Record<string, string> }) => ({
  accessKeyId: answer.Credentials.AccessKeyId!,
  accessKeySecret: answer.Credentials.AccessKeySecret!,
  securityToken: answer.Credentials.SecurityToken!,
});

test('the session signs with its token, is the role, and ends with its time', async (t) => {
  const k = await kindred(t);
  const { as, request } = await scene(k);
  const answer = await k.call('AssumeRole', { ...request, DurationSeconds: '900' }, { as });
  const session = sessionOf(answer);
  assert.match(session.accessKeyId, /^STS\./);
  const { AccountId, RoleId, PrincipalId, IdentityType, Arn, UserId } = await k.call(
    'GetCallerIdentity',
    {},
    { as: session },
  );
  assert.deepEqual(
    [AccountId, PrincipalId, IdentityType, Arn, UserId],
    [
      k.accountId,
      `${RoleId}:build-1`,
      'AssumedRoleUser',
      `acs:ram::${k.accountId}:assumed-role/reader/build-1`,
      undefined,
    ],
  );
  assert.equal(answer.AssumedRoleUser.AssumedRoleId, PrincipalId);
  k.clock.advance(899_000);
  await k.call('GetCallerIdentity', {}, { as: session });
  k.clock.advance(1000);
  const { code } = await k.refused('GetCallerIdentity', {}, { as: session });
  assert.equal(code, 'InvalidSecurityToken.Expired');
});

test('a session may do what its role may, within its own policy, and nothing else', async (t) => {
  const k = await kindred(t);
  const { as, request } = await scene(k);
  const role = { RoleName: 'reader' };
  await makePolicy(k, 'look', allow(['ecs:DescribeImages', 'ecs:DescribeRegions']));
  const open = async (more = {}) =>
    sessionOf(await k.call('AssumeRole', { ...request, ...more }, { as }));
  const session = await open();
  const narrow = await open({ Policy: allow(['ecs:DescribeRegions', 'ecs:DescribeZones']) });
  const may = async (who: typeof session, action: string): Promise<boolean> => {
    const call = k.call(action, { RegionId: 'cn-hangzhou' }, { as: who });
    return call.then(
      () => true,
      (error: { code: string }) => {
        assert.equal(error.code, 'Forbidden.RAM');
        return false;
      },
    );
  };
  assert.equal(await may(session, 'DescribeImages'), false);
  await k.call('AttachPolicyToRole', { ...role, ...attached('look') });
  assert.deepEqual(
    [await may(session, 'DescribeImages'), await may(session, 'DescribeRegions')],
    [true, true],
  );
  assert.equal(await may(session, 'DescribeZones'), false);
  assert.deepEqual(
    [await may(narrow, 'DescribeImages'), await may(narrow, 'DescribeRegions')],
    [false, true],
  );
  assert.equal(await may(narrow, 'DescribeZones'), false);
  await k.call('DetachPolicyFromRole', { ...role, ...attached('look') });
  assert.equal(await may(session, 'DescribeImages'), false);
});

test('a deleted role ends its sessions, and a new one of the name does not revive them', async (t) => {
  const k = await kindred(t);
  const { as, request } = await scene(k);
  const session = sessionOf(await k.call('AssumeRole', request, { as }));
  await k.call('DeleteRole', { RoleName: 'reader' });
  const refused = async () => (await k.refused('GetCallerIdentity', {}, { as: session })).code;
  assert.equal(await refused(), 'InvalidSecurityToken.Expired');
  await makeRole(k);
  assert.equal(await refused(), 'InvalidSecurityToken.Expired');
});

test('a token belongs to its key alone, and cannot be made or changed', async (t) => {
  const k = await kindred(t);
  const { as, request } = await scene(k);
  const one = sessionOf(await k.call('AssumeRole', request, { as }));
  const two = sessionOf(await k.call('AssumeRole', request, { as }));
  const { securityToken: token } = one;
  const flipped = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`;
  const { securityToken: _, ...withoutToken } = one;
  for (const [who, code] of [
    [withoutToken, 'MissingSecurityToken'],
    [{ ...one, securityToken: two.securityToken }, 'InvalidSecurityToken.MismatchWithAccessKey'],
    [{ ...one, securityToken: flipped }, 'InvalidSecurityToken.Malformed'],
    [{ ...one, securityToken: 'x'.repeat(8000) }, 'InvalidSecurityToken.Malformed'],
    [
      { ...one, securityToken: k.kindred.house.secrets.seal('{}') },
      'InvalidSecurityToken.Malformed',
    ],
    [{ ...as, securityToken: token }, 'InvalidSecurityToken.MismatchWithAccessKey'],
    [{ ...as, securityToken: 'made-up' }, 'InvalidSecurityToken.Malformed'],
    [{ ...one, accessKeySecret: two.accessKeySecret }, 'SignatureDoesNotMatch'],
  ] as const)
    assert.equal((await k.refused('GetCallerIdentity', {}, { as: who })).code, code);
});

test('both the policies of the caller and the trust policy of the role must allow', async (t) => {
  const k = await kindred(t);
  const { as, request } = await scene(k);
  const attempt = async (RoleName: string, more = {}) => {
    const RoleArn = `acs:ram::${k.accountId}:role/${RoleName}`;
    const call = k.call('AssumeRole', { ...request, RoleArn, ...more }, { as });
    return call.then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );
  };
  const ann = `acs:ram::${k.accountId}:user/ann`;
  const external = { StringEquals: { 'sts:ExternalId': 'blue' } };
  await makeRole(k, 'ben-only', trust({ RAM: [`acs:ram::${k.accountId}:user/ben`] }));
  await makeRole(k, 'ann-too', trust({ RAM: [ann] }));
  await makeRole(k, 'service', trust({ Service: ['ecs.aliyuncs.com'] }));
  await makeRole(k, 'external', trust({ RAM: [ann] }, external));
  const conditions = {
    here: { IpAddress: { 'acs:SourceIp': '127.0.0.0/8' } },
    elsewhere: { IpAddress: { 'acs:SourceIp': '192.0.2.0/24' } },
    plain: { Bool: { 'acs:SecureTransport': 'false' } },
    'by-tls': { Bool: { 'acs:SecureTransport': 'true' } },
    'second-factor': { Bool: { 'acs:MFAPresent': 'true' } },
    'unknown-key': { StringEquals: { 'acs:SourceVpc': 'vpc-1' } },
  };
  for (const [name, condition] of Object.entries(conditions))
    await makeRole(k, name, trust({ RAM: [ann] }, condition));
  assert.deepEqual([await attempt('here'), await attempt('plain')], ['ok', 'ok']);
  for (const name of ['elsewhere', 'by-tls', 'second-factor'])
    assert.equal(await attempt(name), 'NoPermission', name);
  assert.equal(await attempt('ben-only'), 'NoPermission');
  assert.equal(await attempt('ann-too'), 'ok');
  assert.equal(await attempt('service'), 'NoPermission');
  assert.equal(await attempt('unknown-key'), 'NoPermission');
  assert.equal(await attempt('external'), 'NoPermission');
  assert.equal(await attempt('external', { ExternalId: 'red' }), 'NoPermission');
  assert.equal(await attempt('external', { ExternalId: 'blue' }), 'ok');
  await k.call('DetachPolicyFromUser', { UserName: 'ann', ...attached('assume') });
  assert.equal(await attempt('ann-too'), 'NoPermission');
});

test('a role of another account opens when it trusts that account, and is not told of otherwise', async (t) => {
  const k = await kindred(t);
  const { as, request } = await scene(k);
  const other = await k.newAccount();
  const RoleArn = `acs:ram::${other.accountId}:role/guest`;
  const attempt = (arn: string) => k.refused('AssumeRole', { ...request, RoleArn: arn }, { as });
  const absent = await attempt(RoleArn);
  const guest = {
    RoleName: 'guest',
    AssumeRolePolicyDocument: trust({ RAM: ['acs:ram::1:root'] }),
  };
  await k.call('CreateRole', guest, { as: other });
  const closed = await attempt(RoleArn);
  assert.deepEqual([absent.code, absent.message], [closed.code, closed.message]);
  await k.call(
    'UpdateRole',
    {
      RoleName: 'guest',
      NewAssumeRolePolicyDocument: trust({ RAM: [`acs:ram::${k.accountId}:root`] }),
    },
    { as: other },
  );
  const session = sessionOf(await k.call('AssumeRole', { ...request, RoleArn }, { as }));
  const identity = await k.call('GetCallerIdentity', {}, { as: session });
  assert.equal(identity.AccountId, other.accountId);
});
