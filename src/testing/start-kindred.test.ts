// The double in the process of a test: what each of its controls does, with the official SDK over the port and
// the typed client without it.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import ecs from '@alicloud/ecs20140526';
import { publish, REGION, resolve as resolveBy, sdkOf as sdk } from './double-scene.ts';
import { startKindred, type TestWorld } from './start-kindred.ts';

const DAY_MS = 24 * 60 * 60_000;
// What is left at the end can be told from what others leave.
process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'kindred-double-'));
const kindred = await startKindred();
after(async () => {
  await kindred.close();
  assert.deepEqual(readdirSync(tmpdir()), []);
  rmSync(tmpdir(), { recursive: true });
});

const resolve = (world: TestWorld, family: string) => resolveBy(sdk(world), family);

test('worlds behind one port see nothing of each other', async () => {
  await using one = await kindred.world();
  await using two = await kindred.world({
    accessKey: { accessKeyId: 'own-key', accessKeySecret: 'own' },
  });
  const image = await publish(one, 'only-here', 'app');
  assert.equal(await resolve(one, 'app'), image);
  assert.equal(await resolve(two, 'app'), undefined);
  assert.equal(await resolve(kindred, 'app'), undefined);
});

test('a reset leaves nothing, and a snapshot brings everything back', async () => {
  await using world = await kindred.world();
  const image = await publish(world, 'kept', 'db');
  await world.snapshot('with-image');
  await world.advance(DAY_MS);
  await world.reset();
  assert.equal(await resolve(world, 'db'), undefined);
  assert.ok(Math.abs(world.clock.now().getTime() - Date.now()) < 10_000);
  await world.restore('with-image');
  assert.equal(await resolve(world, 'db'), image);
  const { Url } = await world
    .client()
    .describeImageContent({ RegionId: REGION, ImageId: image })
    .then(({ Disks }) => Disks.Disk[0]!);
  assert.equal((await fetch(`${world.endpoint}${Url}`)).status, 200);
  await assert.rejects(world.restore('never'), /there is no snapshot never; there are: with-image/);
});

test('a seed makes ids repeat', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 2; i++) {
    await using world = await kindred.world({ randomSeed: 7 });
    const { SecurityGroupId } = await world.client().createSecurityGroup({ RegionId: REGION });
    ids.push(`${world.accessKey.accessKeyId} ${world.accountId} ${SecurityGroupId}`);
  }
  assert.equal(ids[0], ids[1]);
});

test('a seed is there at once, and an export after a reset is that of a fresh one', async () => {
  await using world = await kindred.world();
  const fresh = await world.exportSeed();
  await world.seed({
    Images: [
      { ImageName: 'web-1', ImageFamily: 'web', CreationTime: '-60d' },
      { ImageName: 'web-2', ImageFamily: 'web', CreationTime: '-30d', Status: 'Deprecated' },
    ],
  });
  assert.match((await resolve(world, 'web')) ?? '', /^m-/);
  assert.deepEqual(
    world.calls().map(({ Action }) => Action),
    ['DescribeImageFromFamily'],
  );
  await assert.rejects(world.seed({ Images: [{ ImageNam: 'x' }] }), /Images\[0\]\.ImageNam/);
  await world.reset();
  assert.equal(JSON.stringify(await world.exportSeed()), JSON.stringify(fresh));
});

test('calls tell what was read and what was not', async () => {
  await using world = await kindred.world();
  await sdk(world).describeImages(
    new ecs.DescribeImagesRequest({ regionId: REGION, imageName: 'a*', isSupportCloudinit: true }),
  );
  const [call] = world.calls();
  assert.equal(call?.Action, 'DescribeImages');
  assert.deepEqual([call?.Code, call?.Status], ['OK', 200]);
  assert.ok(call?.ReadParameters.includes('ImageName'));
});

test('a frozen clock stands, and signatures can be held against it alone', async () => {
  await using world = await kindred.world();
  world.clock.freeze();
  world.clock.set(Date.UTC(2030, 0, 1));
  assert.equal(world.clock.now().toISOString(), '2030-01-01T00:00:00.000Z');
  assert.equal(await resolve(world, 'web'), undefined);
  world.clock.signatures('wall');
  await assert.rejects(resolve(world, 'web'), { code: 'InvalidTimeStamp.Expired' });
  await world.client().describeRegions();
});

test('an instance that is closed leaves no folder', async () => {
  const own = await startKindred();
  const world = await own.world();
  await publish(world, 'gone', 'web');
  await own.close();
  await own.close();
  await assert.rejects(world.idle(), /closed/);
});
