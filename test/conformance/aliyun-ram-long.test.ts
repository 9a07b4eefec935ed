// RAM and STS as a person types them: `aliyun ram …`, `aliyun sts …`. A user with a key, a policy of one
// family and a role; with the key, and with what AssumeRole gives, that family is resolved and no other.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import type { Input } from '../wire/corpus.ts';
import { ALIYUN_CLI, aliyunFor, skipWithoutAliyun, type RunAliyun } from './aliyun-cli.ts';
import { NEWEST_V3, type Answer } from './clients.ts';
import { recorded } from './record.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'the aliyun CLI, RAM and STS';
const skip = skipWithoutAliyun(NAME);
const run = randomBytes(3).toString('hex');
const FAMILIES = { own: `web-${run}`, other: `db-${run}` };

const statement = (Action: string, Resource: string) =>
  JSON.stringify({ Version: '1', Statement: [{ Effect: 'Allow', Action, Resource }] });

/** What the command says of an error, and with which exit code. */
const refusal = async (call: Promise<Answer>): Promise<string> => {
  const thrown = await call.then(
    () => assert.fail('it was answered'),
    (error: { code: number; stderr: string; stdout: string }) => error,
  );
  assert.equal(thrown.code, 1);
  return /ErrorCode: (\S+)/.exec(thrown.stderr + thrown.stdout)?.[1] ?? thrown.stderr;
};

const keyOf = (answer: Answer) => ({
  accessKeyId: answer.AccessKeyId as string,
  accessKeySecret: answer.AccessKeySecret as string,
  ...(answer.SecurityToken && { securityToken: answer.SecurityToken as string }),
});

test(NAME, { skip, timeout: 110_000 }, async (t) => {
  const { target: server, putObject } = await conformance(t);
  const target = await recorded(t, server, ALIYUN_CLI);
  const root = aliyunFor(t, target, target);
  const ram = (action: string, input: Input = {}) => root('ram', action, input);

  const call = NEWEST_V3.connect(server);
  const published: string[] = [];
  for (const ImageFamily of Object.values(FAMILIES)) {
    const guestData = { seed: 3, sizeBytes: 65_536 };
    const disk = makeQcow2({ virtualSizeBytes: 2 ** 30, guestData });
    putObject(`cli-ram-${run}`, `${ImageFamily}.qcow2`, disk);
    const at = { OSSBucket: `cli-ram-${run}`, OSSObject: `${ImageFamily}.qcow2` };
    const { ImageId } = await call('ImportImage', { RegionId: REGION, DiskDeviceMapping: [at] });
    const one = { RegionId: REGION, ImageId };
    await until(async () => (await call('DescribeImages', one)).Images.Image[0], ImageId);
    await call('ModifyImageAttribute', { ...one, ImageFamily });
    published.push(ImageId);
  }
  const mayOneFamily = async (own: RunAliyun): Promise<void> => {
    const resolve = (ImageFamily: string) =>
      own('ecs', 'DescribeImageFromFamily', { RegionId: REGION, ImageFamily });
    assert.equal((await resolve(FAMILIES.own)).Image.ImageId, published[0]);
    assert.equal(await refusal(resolve(FAMILIES.other)), 'Forbidden.RAM');
    const image = { RegionId: REGION, ImageId: published[0]! };
    assert.equal(await refusal(own('ecs', 'DeleteImage', image)), 'Forbidden.RAM');
    assert.equal(await refusal(own('ram', 'ListUsers', {})), 'NoPermission');
  };

  const UserName = `cli-${run}`;
  const PolicyName = `cli-family-${run}`;
  const attached = { PolicyName, PolicyType: 'Custom' };
  const family = statement(
    'ecs:DescribeImageFromFamily',
    `acs:ecs:*:*:imagefamily/${FAMILIES.own}`,
  );
  let own: RunAliyun = root;

  await t.test('a user, its key and its policy', async () => {
    const { User } = await ram('CreateUser', {
      UserName,
      DisplayName: 'Build server',
      Comments: 'x',
    });
    assert.equal(User.UserName, UserName);
    const { AccessKey } = await ram('CreateAccessKey', { UserName });
    own = aliyunFor(t, target, keyOf(AccessKey));
    const { Policy } = await ram('CreatePolicy', { PolicyName, PolicyDocument: family });
    assert.equal(Policy.DefaultVersion, 'v1');
    await ram('AttachPolicyToUser', { UserName, ...attached });
    await mayOneFamily(own);
    const { Arn } = await own('sts', 'GetCallerIdentity', {});
    assert.match(Arn, new RegExp(`^acs:ram::\\d{16}:user/${UserName}$`));
    const cleared = { UserName, NewComments: '', NewDisplayName: 'Build servers' };
    await ram('UpdateUser', cleared);
    const shown = (await ram('GetUser', { UserName })).User;
    assert.deepEqual([shown.DisplayName, shown.Comments], ['Build servers', '']);
    const users = await ram('ListUsers', { MaxItems: 1000 });
    assert.ok(users.Users.User.some((user: Answer) => user.UserName === UserName));
    const keys = (await ram('ListAccessKeys', { UserName })).AccessKeys.AccessKey;
    assert.deepEqual(
      keys.map((key: Answer) => key.AccessKeyId),
      [AccessKey.AccessKeyId],
    );
    const policies = (await ram('ListPoliciesForUser', { UserName })).Policies.Policy;
    assert.deepEqual(
      policies.map((policy: Answer) => policy.PolicyName),
      [PolicyName],
    );
  });

  await t.test('a role, and what its session may do', async () => {
    const { AccountId } = await root('sts', 'GetCallerIdentity', {});
    const RoleName = `cli-role-${run}`;
    const Principal = { RAM: [`acs:ram::${AccountId}:user/${UserName}`] };
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal };
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '1', Statement: [trust] });
    const { Role } = await ram('CreateRole', { RoleName, AssumeRolePolicyDocument });
    await ram('AttachPolicyToRole', { RoleName, ...attached });
    const assume = () =>
      own('sts', 'AssumeRole', {
        RoleArn: Role.Arn,
        RoleSessionName: 'shift',
        DurationSeconds: 900,
      });
    assert.equal(await refusal(assume()), 'NoPermission');
    const document = JSON.stringify({
      Version: '1',
      Statement: [
        ...JSON.parse(family).Statement,
        { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: Role.Arn },
      ],
    });
    await ram('CreatePolicyVersion', { PolicyName, PolicyDocument: document, SetAsDefault: true });
    const { Credentials } = await assume();
    const session = aliyunFor(t, target, keyOf(Credentials));
    await mayOneFamily(session);
    const { Arn } = await session('sts', 'GetCallerIdentity', {});
    assert.match(Arn, new RegExp(`:assumed-role/${RoleName}/shift$`));
    const entities = await ram('ListEntitiesForPolicy', attached);
    assert.equal(entities.Roles.Role[0].RoleName, RoleName);
    await ram('DetachPolicyFromRole', { RoleName, ...attached });
    const resolve = { RegionId: REGION, ImageFamily: FAMILIES.own };
    const again = () => refusal(session('ecs', 'DescribeImageFromFamily', resolve));
    assert.equal(await again(), 'Forbidden.RAM');
    await ram('DeleteRole', { RoleName });
    assert.equal(await again(), 'InvalidSecurityToken.Expired');
  });

  await t.test('what is there is not deleted before what hangs on it', async () => {
    assert.equal(await refusal(ram('DeleteUser', { UserName })), 'DeleteConflict.User.AccessKey');
    for (const { AccessKeyId } of (await ram('ListAccessKeys', { UserName })).AccessKeys.AccessKey)
      await ram('DeleteAccessKey', { UserName, UserAccessKeyId: AccessKeyId });
    assert.equal(await refusal(ram('DeleteUser', { UserName })), 'DeleteConflict.User.Policy');
    await ram('DetachPolicyFromUser', { UserName, ...attached });
    await ram('DeleteUser', { UserName });
    assert.equal(
      await refusal(ram('DeletePolicy', { PolicyName })),
      'DeleteConflict.Policy.Version',
    );
    await ram('DeletePolicyVersion', { PolicyName, VersionId: 'v1' });
    await ram('DeletePolicy', { PolicyName });
    assert.equal(await refusal(ram('GetUser', { UserName })), 'EntityNotExist.User');
    for (const ImageId of published) await call('DeleteImage', { RegionId: REGION, ImageId });
  });
});
