// Ninety days of a family in less than a second of real time: three releases of real disks, a deprecation, and
// a token that ends, each seen by the official SDK with signed calls. The fastest of a few runs counts: the
// first also starts the threads that read disks, and a shared machine has its moments.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { publish, REGION, resolve, sdkOf } from './double-scene.ts';
import { startKindred } from './start-kindred.ts';

const DAY_MS = 24 * 60 * 60_000;
const RUNS = 5;
const MOST_MS = 1_000;
const TRUST = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { RAM: ['*'] } }],
});

const kindred = await startKindred();
after(() => kindred.close());

const ninetyDays = async (): Promise<void> => {
  await using world = await kindred.world();
  const root = sdkOf(world);
  const client = world.client();
  const [user] = await Promise.all([
    client.createUser({ UserName: 'reader' }),
    client.createRole({
      RoleName: 'boots',
      AssumeRolePolicyDocument: TRUST.replace('"*"', `"acs:ram::${world.accountId}:root"`),
    }),
  ]);
  assert.equal(user.User.UserName, 'reader');
  await client.attachPolicyToRole({
    PolicyType: 'System',
    PolicyName: 'AliyunECSReadOnlyAccess',
    RoleName: 'boots',
  });
  await client.attachPolicyToUser({
    PolicyType: 'System',
    PolicyName: 'AdministratorAccess',
    UserName: 'reader',
  });
  const { AccessKey } = await client.ramCreateAccessKey({ UserName: 'reader' });
  const { Credentials } = await world
    .client({ accessKeyId: AccessKey.AccessKeyId, accessKeySecret: AccessKey.AccessKeySecret })
    .assumeRole({
      RoleArn: `acs:ram::${world.accountId}:role/boots`,
      RoleSessionName: 'machine',
      DurationSeconds: 3_600,
    });
  const machine = sdkOf(world, {
    accessKeyId: Credentials.AccessKeyId,
    accessKeySecret: Credentials.AccessKeySecret,
    securityToken: Credentials.SecurityToken,
  });

  const first = await publish(world, 'web-1', 'web');
  assert.equal(await resolve(machine, 'web'), first);
  await world.advance(2 * 3_600_000);
  await assert.rejects(resolve(machine, 'web'), { code: 'InvalidSecurityToken.Expired' });
  await world.advance(30 * DAY_MS);
  const second = await publish(world, 'web-22', 'web');
  assert.equal(await resolve(root, 'web'), second);
  await world.advance(30 * DAY_MS);
  const third = await publish(world, 'web-333', 'web');
  assert.equal(await resolve(root, 'web'), third);
  await world.advance(30 * DAY_MS);
  await client.modifyImageAttribute({ RegionId: REGION, ImageId: third, Status: 'Deprecated' });
  assert.equal(await resolve(root, 'web'), second);
  assert.ok(world.clock.now().getTime() - Date.now() > 89 * DAY_MS);
};

test('ninety days of a family in less than a second', async (t) => {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const startedMs = performance.now();
    await ninetyDays();
    times.push(performance.now() - startedMs);
  }
  t.diagnostic(`${times.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  assert.ok(Math.min(...times) < MOST_MS);
});
