// SUSE's aliyun-img-utils from a file to a published image, all by itself. It uploads through oss2 to the
// cloud's own names over HTTPS, by way of the accelerated host unless it is told otherwise, and calls ECS
// over HTTP: so it runs where these names are the server (cloud-names.ts).
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { test } from 'node:test';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { cloudNames, lacksCloudNames } from './cloud-names.ts';
import { sha256 } from './ossutil.ts';
import { diskSha256, helper } from './prepare.ts';
import { findImgUtils, IMG_UTILS, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const NAME = 'aliyun-img-utils, uploading';
const DEADLINE_MS = 120_000;
const program = findImgUtils();
const lack =
  program === undefined
    ? 'no aliyun-img-utils: run test/conformance/setup-img-utils.sh'
    : lacksCloudNames();
const skip = lack !== undefined && skipOrFail(NAME, lack);
if (skip !== false) recordSkip(IMG_UTILS, skip);

test(NAME, { skip, timeout: 300_000 }, async (t) => {
  const server = await conformance(t);
  const call = helper(server);
  const name = `img-upload-${randomBytes(3).toString('hex')}`;
  server.putObject(name, 'there-already', Buffer.from('a bucket is a folder'));
  const seen = await recorded(t, server.target, IMG_UTILS);
  const names = await cloudNames(t, seen, [
    `ecs.${REGION}.aliyuncs.com`,
    'ecs.aliyuncs.com',
    `ecs-${REGION}.aliyuncs.com`,
    `${name}.oss-${REGION}.aliyuncs.com`,
    `${name}.oss-accelerate.aliyuncs.com`,
  ]);
  const home = mkdtempSync(join(tmpdir(), 'kindred-img-upload-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const env = { ...names.env, PATH: process.env.PATH, HOME: home };
  const key = ['--access-key', seen.accessKeyId, '--access-secret', seen.accessKeySecret];
  const shared = [...key, '--region', REGION, '--no-color', '--bucket-name', name];
  const run = async (command: string, ...args: readonly string[]): Promise<string> => {
    const [file, argv] = names.wrap(program ?? '', ['image', command, ...args, ...shared]);
    const running = promisify(execFile)(file, argv, { env, timeout: DEADLINE_MS });
    running.child.stdin?.end('y\n');
    const { stdout, stderr } = await running;
    assert.doesNotMatch(stdout + stderr, /Failed|Unable|Error/);
    return stdout;
  };

  const guestData = { seed: 11, sizeBytes: 3_000_000 };
  const disk = makeQcow2({ virtualSizeBytes: 2 ** 30, guestData });
  writeFileSync(join(home, 'sles.qcow2'), disk);
  const upload = ['--image-file', join(home, 'sles.qcow2'), '--page-size', '1000000'];
  for (const [object, how] of [
    ['accelerated.qcow2', '--accelerated-transfer'],
    ['direct.qcow2', '--direct-transfer'],
  ] as const) {
    await run('upload', ...upload, '--blob-name', object, how);
    assert.equal(sha256(server.getObject(name, object)), sha256(disk), object);
  }
  await run('upload', ...upload, '--blob-name', 'direct.qcow2', '--force-replace-image');

  const image = ['--image-name', name];
  const what = ['--image-description', 'by itself', '--platform', 'SUSE', '--disk-size', '5'];
  await run('create', ...image, ...what, '--blob-name', 'direct.qcow2');
  await run('publish', ...image, '--launch-permission', 'all', '--regions', REGION);
  const { Images } = await call('DescribeImages', { RegionId: REGION, ImageName: name });
  const [made] = Images.Image;
  assert.deepEqual([made.Status, made.IsPublic, made.Platform], ['Available', true, 'SUSE']);
  assert.equal(await diskSha256(server.target, made.ImageId), sha256(disk));
  const open = { RegionId: REGION, ImageId: made.ImageId, IsPublic: false };
  await call('ModifyImageSharePermission', open);
  await run('delete', ...image, '--regions', REGION);
  const left = await call('DescribeImages', { RegionId: REGION, ImageName: name });
  assert.equal(left.TotalCount, 0);
});
