// SUSE's aliyun-img-utils as its users type it: publishing an image in regions, its deprecation, and its
// end. It cannot be told an endpoint, and comes through HTTP_PROXY. Long, because it looks for an
// image that is being imported every thirty seconds.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test, type TestContext } from 'node:test';
import type { Answer, Target } from './clients.ts';
import { available, helper, prepareDisk } from './prepare.ts';
import { findImgUtils, IMG_UTILS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'aliyun-img-utils';
const FAR = 'cn-beijing';
const REGIONS = `${REGION},${FAR}`;
const program = findImgUtils();
const skip =
  program === undefined &&
  skipOrFail(NAME, 'no aliyun-img-utils: run test/conformance/setup-img-utils.sh');
if (skip !== false) recordSkip(IMG_UTILS, skip);

/** It waits for an image for an hour. */
const DEADLINE_MS = 120_000;

type Run = (command: string, ...args: readonly string[]) => Promise<string>;

const programOf = (t: TestContext, target: Target): Run => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-img-utils-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, HOME: home, HTTP_PROXY: target.url };
  const key = ['--access-key', target.accessKeyId, '--access-secret', target.accessKeySecret];
  const shared = [...key, '--region', REGION, '--no-color'];
  return async (command, ...args) => {
    const all = ['image', command, ...args, ...shared];
    const running = promisify(execFile)(program ?? '', all, { env, timeout: DEADLINE_MS });
    running.child.stdin?.end('y\n');
    const { stdout, stderr } = await running;
    // It goes on when a region fails, and says so.
    assert.doesNotMatch(stdout + stderr, /Failed|Unable|Error/);
    return stdout;
  };
};

test(NAME, { skip, timeout: 240_000 }, async (t) => {
  const server = await conformance(t);
  const name = `img-utils-${randomBytes(3).toString('hex')}`;
  const { OSSBucket, OSSObject } = prepareDisk(server, name);
  const call = helper(server);
  const find = async (RegionId: string, Status = 'Available'): Promise<Answer> => {
    const { Images } = await call('DescribeImages', { RegionId, ImageName: name, Status });
    return Images.Image[0];
  };
  const run = programOf(t, await recorded(t, server.target, IMG_UTILS));
  const image = ['--image-name', name];

  await t.test('create', async () => {
    const description = 'SLES 镜像 & <more>';
    const what = ['--image-description', description, '--platform', 'SUSE', '--disk-size', '5'];
    const blob = ['--bucket-name', OSSBucket, '--blob-name', OSSObject];
    const told = await run('create', ...image, ...what, ...blob);
    const made = await find(REGION);
    assert.match(told, new RegExp(`Image created with id: ${made.ImageId}`));
    assert.deepEqual([made.Description, made.Platform], [description, 'SUSE']);
    assert.match(await run('info', ...image), new RegExp(made.ImageId));
  });

  await t.test('replicate', async () => {
    await run('replicate', ...image, '--regions', REGIONS);
    const copies = await call('DescribeImages', {
      RegionId: FAR,
      ImageName: name,
      Status: 'Creating,Waiting,Available',
    });
    const copy = await available(call, copies.Images.Image[0].ImageId, FAR);
    assert.equal(copy.IsCopied, true);
  });

  await t.test('publish', async () => {
    await run('publish', ...image, '--launch-permission', 'all', '--regions', REGIONS);
    for (const region of [REGION, FAR]) assert.equal((await find(region)).IsPublic, true);
    const { ImageId } = await find(REGION);
    assert.match(await run('share-permission', ...image), new RegExp(ImageId));
    for (const RegionId of [REGION, FAR]) {
      const published = await find(RegionId);
      const open = { RegionId, ImageId: published.ImageId, IsPublic: false };
      await call('ModifyImageSharePermission', open);
    }
  });

  await t.test('deprecate, activate', async () => {
    await run('deprecate', ...image, '--replacement-image', 'the next', '--regions', REGIONS);
    for (const RegionId of [REGION, FAR]) {
      const { ImageId, Tags } = await find(RegionId);
      const tags = new Map(Tags.Tag.map((tag: Answer) => [tag.TagKey, tag.TagValue]));
      assert.deepEqual([...tags.keys()].toSorted(), [
        'Deprecated on',
        'Removal date',
        'Replacement image',
      ]);
      assert.equal(tags.get('Replacement image'), 'the next');
      await call('ModifyImageAttribute', { RegionId, ImageId, Status: 'Deprecated' });
    }
    await run('activate', ...image, '--regions', REGIONS);
    for (const region of [REGION, FAR]) assert.ok(await find(region), region);
  });

  await t.test('delete', async () => {
    await run('delete', ...image, '--force', '--regions', REGIONS);
    for (const region of [REGION, FAR]) assert.equal(await find(region, 'ALL'), undefined);
  });
});
