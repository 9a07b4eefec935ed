// The official SDKs of RAM and STS: a user whose policy names one family only, and a build server without
// a stored key, which has a token of an issuer that the operator lists. With what each of them gets, the
// SDK of ECS resolves that family, and is refused for another one and for every write.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { testIssuer, SUBJECT } from '../../src/testing/oidc-issuer.ts';
import { NEWEST, type Answer } from './clients.ts';
import { recorded, recordSkip } from './record.ts';
import { conformance } from './target.ts';

const require = createRequire(import.meta.url);
const REGION = 'cn-hangzhou';
const run = randomBytes(3).toString('hex');
const RAM = { client: '@alicloud/ram20150501', version: '1.2.1' };
const STS = { client: '@alicloud/sts20150401', version: '1.2.0' };

interface Key {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
}
interface Address {
  host: string;
  port: number;
}
type Sdk = Record<string, (request?: object) => Promise<{ body: Answer }>>;
type Call = (action: string, members?: object) => Promise<Answer>;

/** An SDK as a function: the action, and the members of its request in the SDK's own spelling. */
const connect = (sdk: string, { host, port }: Address, key: Partial<Key>): Call => {
  const models = require(sdk);
  const client = new models.default({
    ...key,
    endpoint: `${host}:${port}`,
    protocol: 'http',
    regionId: REGION,
    readTimeout: 30_000,
  }) as Sdk;
  return async (action, members) => {
    const method = action.charAt(0).toLowerCase() + action.slice(1);
    const request = members && new models[`${action}Request`](members);
    return (await client[method]!(request)).body;
  };
};

const keyOf = ({ accessKeyId, accessKeySecret, securityToken }: Key): Key => ({
  accessKeyId,
  accessKeySecret,
  ...(securityToken !== undefined && { securityToken }),
});

const refusal = async (call: Promise<Answer>): Promise<string> => {
  const answer = await call.then(
    () => 'it was answered',
    (error: { code: string }) => error.code,
  );
  return answer;
};

const issuer = testIssuer();
const folder = mkdtempSync(join(tmpdir(), 'kindred-conformance-'));
after(() => {
  issuer.close();
  rmSync(folder, { recursive: true });
});
const issuers = join(folder, 'issuers.json');
writeFileSync(issuers, JSON.stringify([issuer.listed]));
const { target, server, putObject } = await conformance(
  { after },
  { args: ['--oidc-issuers', issuers] },
);

const root = keyOf(target);
const families = { own: `web-${run}`, other: `db-${run}` };
const ecs = connect(NEWEST, target, root);
const accountId: string = (
  await connect('@alicloud/sts20150401', target, root)('GetCallerIdentity')
).accountId;

/** An image of each family; the id of the one in the own family. */
const publish = async (): Promise<string> => {
  const ids: string[] = [];
  for (const imageFamily of [families.own, families.other]) {
    const object = `${imageFamily}.qcow2`;
    const guestData = { seed: ids.length + 1, sizeBytes: 65_536 };
    putObject('images', object, makeQcow2({ virtualSizeBytes: 1024 ** 3, guestData }));
    const models = require(NEWEST);
    const disk = new models.ImportImageRequestDiskDeviceMapping({
      OSSBucket: 'images',
      OSSObject: object,
    });
    const imported = { regionId: REGION, diskDeviceMapping: [disk] };
    const { imageId } = await ecs('ImportImage', imported);
    ids.push(imageId);
    const deadline = Date.now() + 60_000;
    for (;;) {
      const { images } = await ecs('DescribeImages', { regionId: REGION, imageId });
      if (images.image.length > 0) break;
      assert.ok(Date.now() < deadline, 'the image did not become available');
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await ecs('ModifyImageAttribute', { regionId: REGION, imageId, imageFamily });
  }
  return ids[0]!;
};
const imageId = await publish();

const ONE_FAMILY = JSON.stringify({
  Version: '1',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'ecs:DescribeImageFromFamily',
      Resource: `acs:ecs:*:*:imagefamily/${families.own}`,
    },
  ],
});
const policy = { policyName: `one-family-${run}`, policyType: 'Custom' };

/** What the issue asks for: the own family, no other, and no write. */
const mayOneFamily = async (key: Key): Promise<void> => {
  const own = connect(NEWEST, target, keyOf(key));
  const resolved = await own('DescribeImageFromFamily', {
    regionId: REGION,
    imageFamily: families.own,
  });
  assert.equal(resolved.image.imageId, imageId);
  const one = { regionId: REGION, imageId };
  for (const [action, members] of [
    ['DescribeImageFromFamily', { regionId: REGION, imageFamily: families.other }],
    ['DescribeImageFromFamily', { regionId: REGION, imageFamily: 'no-such-family' }],
    ['DescribeImages', { regionId: REGION }],
    ['ModifyImageAttribute', { ...one, description: 'mine' }],
    ['ModifyImageAttribute', { ...one, imageFamily: families.other }],
    ['DeleteImage', one],
    ['CreateImage', { regionId: REGION, snapshotId: 's-1' }],
    ['CopyImage', { ...one, destinationRegionId: 'cn-beijing' }],
  ] as const)
    assert.equal(await refusal(own(action, members)), 'Forbidden.RAM', action);
};

test('a user with a policy of one family resolves that family and does nothing else', async (t) => {
  const seen = await recorded(t, target, RAM);
  const ram = connect('@alicloud/ram20150501', seen, root);
  const userName = `reader-${run}`;
  const { user } = await ram('CreateUser', { userName, displayName: 'Reads one family' });
  assert.match(user.userId, /^2\d{17}$/);
  const made = await ram('CreatePolicy', {
    policyName: policy.policyName,
    policyDocument: ONE_FAMILY,
    description: 'One family',
  });
  assert.equal(made.policy.defaultVersion, 'v1');
  const { accessKey } = await ram('CreateAccessKey', { userName });
  const refused = connect(
    NEWEST,
    target,
    keyOf(accessKey),
  )('DescribeImageFromFamily', {
    regionId: REGION,
    imageFamily: families.own,
  });
  assert.equal(await refusal(refused), 'Forbidden.RAM');
  await ram('AttachPolicyToUser', { userName, ...policy });
  await mayOneFamily(accessKey);
  assert.equal(
    await refusal(connect('@alicloud/ram20150501', target, keyOf(accessKey))('ListUsers', {})),
    'NoPermission',
  );

  const { policies } = await ram('ListPoliciesForUser', { userName });
  assert.equal(policies.policy[0].policyName, policy.policyName);
  const shown = await ram('GetPolicy', policy);
  assert.equal(shown.defaultPolicyVersion.policyDocument, ONE_FAMILY);
  assert.equal(shown.policy.attachmentCount, 1);
  const { accessKeys } = await ram('ListAccessKeys', { userName });
  assert.equal(accessKeys.accessKey[0].accessKeyId, accessKey.accessKeyId);
  const one = { userName, userAccessKeyId: accessKey.accessKeyId };
  await ram('UpdateAccessKey', { ...one, status: 'Inactive' });
  assert.equal(
    await refusal(connect(NEWEST, target, keyOf(accessKey))('DescribeRegions', {})),
    'InvalidAccessKeyId.Inactive',
  );
  assert.equal(await refusal(ram('DeleteUser', { userName })), 'DeleteConflict.User.AccessKey');
  await ram('DeleteAccessKey', one);
  await ram('DetachPolicyFromUser', { userName, ...policy });
  await ram('DeleteUser', { userName });
  assert.equal(await refusal(ram('GetUser', { userName })), 'EntityNotExist.User');
});

test('a token of a listed issuer opens the role that trusts its subject, and no more than that', async (t) => {
  if (server === undefined) {
    recordSkip(STS, 'a server that runs already lists no issuer of this test');
    t.skip('a server that runs already lists no issuer of this test');
    return;
  }
  const seen = await recorded(t, target, STS);
  const ram = connect('@alicloud/ram20150501', target, root);
  const roleName = `ci-${run}`;
  const OIDCProviderArn = `acs:ram::${accountId}:oidc-provider/${issuer.listed.name}`;
  const { role } = await ram('CreateRole', {
    roleName,
    assumeRolePolicyDocument: JSON.stringify({
      Version: '1',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Federated: [OIDCProviderArn] },
          Condition: { StringEquals: { 'oidc:sub': SUBJECT, 'oidc:aud': 'kindred' } },
        },
      ],
    }),
  });
  await ram('AttachPolicyToRole', { roleName, ...policy });
  // No key at all: the SDK sends the call without a signature.
  const sts = connect('@alicloud/sts20150401', seen, {});
  const open = (OIDCToken: string) =>
    sts('AssumeRoleWithOIDC', {
      OIDCProviderArn,
      roleArn: role.arn,
      OIDCToken,
      roleSessionName: 'build-42',
      durationSeconds: 900,
    });
  const now = Date.now();
  for (const header of [{ alg: 'RS256' }, { alg: 'ES256' }]) {
    const { credentials, assumedRoleUser } = await open(issuer.token(now, {}, header));
    assert.equal(assumedRoleUser.arn, `${role.arn}/build-42`);
    await mayOneFamily(credentials);
    const own = connect('@alicloud/sts20150401', seen, keyOf(credentials));
    const identity = await own('GetCallerIdentity');
    assert.equal(identity.arn, `acs:ram::${accountId}:assumed-role/${roleName}/build-42`);
    assert.equal(
      await refusal(
        connect(
          NEWEST,
          target,
          keyOf({ ...credentials, securityToken: 'made-up' }),
        )('DescribeRegions', {}),
      ),
      'InvalidSecurityToken.Malformed',
    );
  }
  const other = issuer.token(now, { sub: 'repo:example/other' });
  assert.equal(await refusal(open(other)), 'AuthenticationFail.NoPermission');
  const old = issuer.token(now - 3_600_000);
  assert.equal(await refusal(open(old)), 'AuthenticationFail.OIDCToken.Expired');
});

test('a user assumes a role that trusts it, and its session ends with the role', async (t) => {
  const seen = await recorded(t, target, { ...STS, client: '@alicloud/sts20150401, AssumeRole' });
  const ram = connect('@alicloud/ram20150501', target, root);
  const userName = `assumer-${run}`;
  const roleName = `reader-${run}`;
  const { user } = await ram('CreateUser', { userName });
  assert.ok(user.userId);
  const policyName = `assume-${run}`;
  const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' };
  await ram('CreatePolicy', {
    policyName,
    policyDocument: JSON.stringify({ Version: '1', Statement: [assume] }),
  });
  await ram('AttachPolicyToUser', { userName, policyName, policyType: 'Custom' });
  const { accessKey } = await ram('CreateAccessKey', { userName });
  const Principal = { RAM: [`acs:ram::${accountId}:user/${userName}`] };
  const { role } = await ram('CreateRole', {
    roleName,
    assumeRolePolicyDocument: JSON.stringify({
      Version: '1',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }],
    }),
  });
  await ram('AttachPolicyToRole', { roleName, ...policy });
  const sts = connect('@alicloud/sts20150401', seen, keyOf(accessKey));
  const { credentials } = await sts('AssumeRole', {
    roleArn: role.arn,
    roleSessionName: 'shift-1',
  });
  await mayOneFamily(credentials);
  await ram('DetachPolicyFromRole', { roleName, ...policy });
  await ram('DeleteRole', { roleName });
  const after = connect(NEWEST, target, keyOf(credentials))('DescribeRegions', {});
  assert.equal(await refusal(after), 'InvalidSecurityToken.Expired');
});
