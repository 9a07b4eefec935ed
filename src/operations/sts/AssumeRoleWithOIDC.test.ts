import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Parameters } from '../../testing/harness.ts';
import { kindred, type Harness } from '../../testing/harness.ts';
import { SUBJECT, testIssuer } from '../../testing/oidc-issuer.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { makeRole, trust } from '../../testing/ram.ts';
import { AssumeRoleWithOIDC } from './AssumeRoleWithOIDC.ts';

const issuer = testIssuer();
after(() => issuer.close());
const options = { oidcIssuers: [issuer.listed] };

const providerOf = (k: Harness, name = 'ci') => `acs:ram::${k.accountId}:oidc-provider/${name}`;

/** A role that trusts one subject of the issuer, and a request with a token that fits. */
const scene = async (k: Harness, claims: Record<string, unknown> = {}) => {
  const document = trust(
    { Federated: [providerOf(k)] },
    {
      StringEquals: {
        'oidc:aud': 'kindred',
        'oidc:iss': issuer.listed.issuer,
        'oidc:sub': SUBJECT,
      },
    },
  );
  await makeRole(k, 'ci', document).catch(() => undefined);
  return {
    OIDCProviderArn: providerOf(k),
    RoleArn: `acs:ram::${k.accountId}:role/ci`,
    OIDCToken: issuer.token(k.clock.wallMs(), claims),
  };
};

const refusal =
  (more: (k: Harness) => Parameters = () => ({}), claims: Record<string, unknown> = {}) =>
  async (t: Case) =>
    t.call({ ...(await scene(t.k, claims)), ...more(t.k) });

testOperation(
  AssumeRoleWithOIDC,
  {
    MissingParameter: refusal(() => ({ OIDCToken: '' })),
    'InvalidParameter.RoleArn': refusal(() => ({ RoleArn: 'ci' })),
    'InvalidParameter.OIDCProviderArn': refusal(() => ({ OIDCProviderArn: 'ci' })),
    'InvalidParameter.RoleSessionName': refusal(() => ({ RoleSessionName: 'a b' })),
    'InvalidParameter.DurationSeconds': refusal(() => ({ DurationSeconds: '899' })),
    'InvalidParameter.PolicyGrammar': refusal(() => ({ Policy: '[]' })),
    'AuthenticationFail.OIDCToken.Invalid': refusal(undefined, { aud: 'somebody' }),
    'AuthenticationFail.OIDCToken.Expired': refusal(undefined, { exp: 1 }),
    'AuthenticationFail.NoPermission': refusal(undefined, { sub: 'repo:example/other' }),
  },
  { kindred: options, isShared: true },
);

test('without any signature, the holder of a token is the role', async (t) => {
  const k = await kindred(t, options);
  const request = await scene(k);
  const query = new URLSearchParams({
    ...request,
    RoleSessionName: 'build-42',
    Action: 'AssumeRoleWithOIDC',
    Version: '2015-04-01',
    Format: 'JSON',
  });
  const response = await k.kindred.handle({
    method: 'GET',
    target: `/?${query}`,
    rawHeaders: ['Host', '127.0.0.1:5260'],
    body: new Uint8Array(0),
    remoteAddress: '127.0.0.1',
  });
  assert.equal(response.status, 200, Buffer.from(response.body).toString());
  const { Credentials, OIDCTokenInfo } = JSON.parse(Buffer.from(response.body).toString());
  assert.equal(OIDCTokenInfo.Subject, SUBJECT);
  assert.equal(OIDCTokenInfo.ClientIds, 'kindred');
  const as = {
    accessKeyId: Credentials.AccessKeyId,
    accessKeySecret: Credentials.AccessKeySecret,
    securityToken: Credentials.SecurityToken,
  };
  assert.equal(
    (await k.call('GetCallerIdentity', {}, { as })).Arn,
    `acs:ram::${k.accountId}:assumed-role/ci/build-42`,
  );
});

test('what is wrong with issuer, role or subject is one answer', async (t) => {
  const k = await kindred(t, options);
  const request = await scene(k);
  const other = await k.newAccount();
  await makeRole(k, 'users', trust({ RAM: [`acs:ram::${k.accountId}:root`] }));
  const answers = [];
  for (const more of [
    { OIDCProviderArn: providerOf(k, 'nobody') },
    { OIDCProviderArn: `acs:ram::${other.accountId}:oidc-provider/ci` },
    { RoleArn: `acs:ram::${k.accountId}:role/nobody` },
    { RoleArn: `acs:ram::${other.accountId}:role/ci` },
    { RoleArn: `acs:ram::${k.accountId}:role/users` },
    { OIDCToken: issuer.token(k.clock.wallMs(), { sub: 'somebody' }) },
  ]) {
    const { status, code, message } = await k.refused('AssumeRoleWithOIDC', {
      ...request,
      ...more,
    });
    answers.push(`${status} ${code} ${message}`);
  }
  assert.equal(new Set(answers).size, 1, answers.join('\n'));
});

test('a role that trusts an issuer names whom of it', async (t) => {
  const k = await kindred(t, options);
  const Federated = [providerOf(k)];
  for (const condition of [undefined, { StringEquals: { 'oidc:aud': 'kindred' } }]) {
    const { code, message } = await k.refused('CreateRole', {
      RoleName: 'open',
      AssumeRolePolicyDocument: trust({ Federated }, condition),
    });
    assert.equal(code, 'MalformedPolicyDocument');
    assert.match(message, /oidc:sub/);
  }
  const everybody = trust({ Federated }, { StringLike: { 'oidc:sub': 'repo:example/*' } });
  await makeRole(k, 'repo', everybody);
  const request = { ...(await scene(k)), RoleArn: `acs:ram::${k.accountId}:role/repo` };
  await k.call('AssumeRoleWithOIDC', request);
  const OIDCToken = issuer.token(k.clock.wallMs(), { sub: 'repo:example2/images' });
  assert.equal(
    (await k.refused('AssumeRoleWithOIDC', { ...request, OIDCToken })).code,
    'AuthenticationFail.NoPermission',
  );
});

test('without a list of issuers no token opens anything', async (t) => {
  const k = await kindred(t);
  assert.equal(
    (await k.refused('AssumeRoleWithOIDC', await scene(k))).code,
    'AuthenticationFail.NoPermission',
  );
});

test('a trust policy may ask from where a token comes, and how', async (t) => {
  const k = await kindred(t, options);
  const { OIDCToken, OIDCProviderArn } = await scene(k);
  const subject = { StringEquals: { 'oidc:sub': SUBJECT } };
  const open = async (name: string, condition: object): Promise<string> => {
    await makeRole(k, name, trust({ Federated: [OIDCProviderArn] }, { ...subject, ...condition }));
    const RoleArn = `acs:ram::${k.accountId}:role/${name}`;
    return k.call('AssumeRoleWithOIDC', { RoleArn, OIDCToken, OIDCProviderArn }).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );
  };
  const refused = 'AuthenticationFail.NoPermission';
  assert.equal(await open('here', { IpAddress: { 'acs:SourceIp': '127.0.0.1' } }), 'ok');
  assert.equal(await open('away', { IpAddress: { 'acs:SourceIp': '192.0.2.1' } }), refused);
  assert.equal(await open('plain', { Bool: { 'acs:SecureTransport': 'false' } }), 'ok');
  assert.equal(await open('by-tls', { Bool: { 'acs:SecureTransport': 'true' } }), refused);
});
