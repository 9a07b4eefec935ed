// ossutil, as it is built into the `aliyun` command, against the object door, in both versions of its
// signatures: uploads and downloads in parts that are killed and go on, whole trees, copies, signed
// addresses, sizes, and an image of what it uploaded.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { startForward } from './forward.ts';
import { count, killAndRepeat } from './killed.ts';
import { ossutil, randomFile, sha256, sha256OfFile, type Ossutil } from './ossutil.ts';
import { available, helper } from './prepare.ts';
import { findAliyun, skipOrFail } from './programs.ts';
import { recorded, recordSkip } from './record.ts';
import type { Seen } from './seen.ts';
import { REGION } from './story-plans.ts';
import { until } from './story.ts';
import { conformance, type Conformance } from './target.ts';

const NAME = 'ossutil';
const found = findAliyun();
const skip =
  found === undefined && skipOrFail(NAME, 'no aliyun on the path: see test/conformance/README.md');
const ID = { client: 'ossutil', version: found ? `of aliyun CLI ${found.version}` : '' };
if (skip !== false) recordSkip(ID, skip);

const SIGNED = { v1: [], v4: ['--sign-version', 'v4', '--region', REGION] } as const;
const MB = 1_000_000;
const IN_PARTS = ['--bigfile-threshold', String(MB), '--part-size', String(MB)];
const CHECKPOINTS = ['--checkpoint-dir', 'checkpoints'];

interface Scene {
  o: Ossutil;
  server: Conformance;
  /** Not there before. */
  bucket: string;
  /** `oss://<bucket>` */
  at: string;
  /** Calls so far. */
  calls: Seen[];
  path(name: string): string;
}

const open = async (t: TestContext, version: keyof typeof SIGNED): Promise<Scene> => {
  const server = await conformance(t);
  const seen = await recorded(t, server.target, ID);
  const calls: Seen[] = [];
  const watch = await startForward(seen, (call) => void calls.push(call));
  t.after(() => watch.close());
  const target = { ...seen, url: `http://127.0.0.1:${watch.port}`, port: watch.port };
  const o = ossutil(t, target, found?.program ?? '', SIGNED[version]);
  const bucket = `ossutil-${version}-${randomBytes(3).toString('hex')}`;
  const path = (name: string): string => join(o.folder, name);
  return { o, server, bucket, at: `oss://${bucket}`, calls, path };
};

const killedUploadGoesOn = async ({ o, server, bucket, at, calls, path }: Scene): Promise<void> => {
  const parts = 12;
  const sum = randomFile(path('big'), parts * MB);
  const upload = ['cp', 'big', `${at}/big.raw`, ...IN_PARTS, ...CHECKPOINTS, '--parallel', '1'];
  const later = await killAndRepeat({
    calls,
    operation: 'UploadPart',
    answered: 3,
    start: () => o.start(...upload, '--maxupspeed', '2000'),
    again: () => o.run(...upload),
    async meanwhile() {
      assert.match(await o.run('ls', at, '-m'), /UploadID Number is: 1/);
      assert.match(await o.run('getallpartsize', at), /total part count:[3-9]/);
    },
  });
  assert.equal(count(later, 'InitiateMultipartUpload'), 0, 'it began anew');
  const sent = count(later, 'UploadPart');
  assert.ok(sent > 0 && sent <= parts - 3, `${sent} parts after the kill`);
  assert.equal(sha256(server.getObject(bucket, 'big.raw')), sum);
  assert.match(await o.run('ls', at, '-m'), /UploadID Number is: 0/);
};

const killedDownloadGoesOn = async ({ o, at, calls, path }: Scene): Promise<void> => {
  const download = ['cp', `${at}/big.raw`, 'back', ...IN_PARTS, ...CHECKPOINTS, '--parallel', '1'];
  const later = await killAndRepeat({
    calls,
    operation: 'GetObject',
    answered: 3,
    start: () => o.start(...download, '--maxdownspeed', '2000'),
    again: () => o.run(...download),
  });
  assert.ok(count(later, 'GetObject') <= 10, 'it began anew');
  assert.equal(sha256OfFile(path('back')), sha256OfFile(path('big')));
  await o.run('cp', `${at}/big.raw`, 'range', '--range', '1000-1999');
  const [range, big] = [readFileSync(path('range')), readFileSync(path('big'))];
  assert.ok(range.equals(big.subarray(1000, 2000)));
};

const TREE = ['empty', 'sub/deep/b.raw', 'ü ñ+%&=.raw', "q?a#;'()!~.raw"];

const wholeTrees = async ({ o, at, path }: Scene): Promise<void> => {
  for (const [i, name] of TREE.entries()) randomFile(path(`tree/${name}`), i * 5000);
  await o.run('cp', 'tree/', `${at}/t/`, '-r', '--disable-dir-object');
  const listed = await o.run('ls', `${at}/t/`, '-s');
  for (const name of TREE) assert.ok(listed.includes(`${at}/t/${name}`), `${name} in ${listed}`);
  const groups = await o.run('ls', `${at}/t/`, '-s', '-d');
  assert.ok(groups.includes(`${at}/t/sub/`) && !groups.includes('deep'), groups);
  await o.run('cp', `${at}/t/`, 'tree-back/', '-r');
  for (const name of TREE)
    assert.equal(sha256OfFile(path(`tree-back/${name}`)), sha256OfFile(path(`tree/${name}`)), name);
  await o.run('sync', 'tree/', `${at}/s/`, '--disable-dir-object', '-f');
  randomFile(path('tree/later'), 10);
  assert.match(await o.run('sync', 'tree/', `${at}/s/`, '--disable-dir-object', '-f'), /later|num/);
  await o.run('rm', `${at}/s/`, '-r', '-f');
  assert.match(await o.run('ls', `${at}/s/`), /Object Number is: 0/);
};

const oneObject = async ({ o, server, bucket, at, path }: Scene): Promise<void> => {
  const sum = randomFile(path('small'), 5000);
  const kept = ['--meta', 'x-oss-meta-k:v#Content-Type:text/x'];
  await o.run('cp', 'small', `${at}/a/small`, '-f', ...kept);
  const told = await o.run('stat', `${at}/a/small`);
  assert.match(told, /ACL\s+: default/);
  assert.match(told, /Content-Length\s+: 5000/);
  assert.match(told, /Content-Type\s+: text\/x/);
  assert.match(told, /X-Oss-Meta-K\s+: v/);
  await o.run('set-meta', `${at}/a/small`, 'x-oss-meta-q:2', '--update');
  assert.match(await o.run('stat', `${at}/a/small`), /X-Oss-Meta-K\s+: v\nX-Oss-Meta-Q\s+: 2/);
  for (const copy of ['copy.small', 'b/ü']) await o.run('cp', `${at}/a/small`, `${at}/${copy}`);
  assert.equal(sha256(server.getObject(bucket, 'b/ü')), sum);
  await o.run('cp', `${at}/big.raw`, `${at}/copy.raw`, ...IN_PARTS);
  assert.equal(sha256(server.getObject(bucket, 'copy.raw')), sha256OfFile(path('big')));
  await o.run('set-acl', `${at}/a/small`, 'private');
  assert.match(await o.refused('set-acl', `${at}/a/small`, 'public-read'), /NotImplemented/);
  assert.match(await o.refused('stat', `${at}/none`), /StatusCode=404, ErrorCode=NoSuchKey/);
  writeFileSync(path('line'), 'hello\n');
  await o.run('cp', 'line', `${at}/line`);
  assert.match(await o.run('cat', `${at}/line`), /^hello\n/);
  const signed = (await o.run('sign', `${at}/line`, '--timeout', '60')).split('\n')[0]!;
  assert.equal(await (await fetch(signed)).text(), 'hello\n');
  assert.equal((await fetch(signed.replace(/(ignature=)./, '$1'))).status, 403);
  assert.match(await o.run('du', at), /total object count: \d+/);
};

const imageOfIt = async ({ o, server, bucket, at, path }: Scene): Promise<void> => {
  const guestData = { seed: 7, sizeBytes: 200_000 };
  mkdirSync(path('disks'), { recursive: true });
  writeFileSync(path('disks/web.qcow2'), makeQcow2({ virtualSizeBytes: 2 ** 30, guestData }));
  await o.run('cp', 'disks/web.qcow2', `${at}/disks/web.qcow2`);
  const call = helper(server);
  const DiskDeviceMapping = [{ OSSBucket: bucket, OSSObject: 'disks/web.qcow2' }];
  const { ImageId } = await call('ImportImage', { RegionId: REGION, DiskDeviceMapping });
  assert.equal((await available(call, ImageId)).Status, 'Available');
  const { TaskId } = await call('ExportImage', { RegionId: REGION, ImageId, OSSBucket: bucket });
  await until(async () => {
    const { TaskStatus } = await call('DescribeTaskAttribute', { RegionId: REGION, TaskId });
    return TaskStatus === 'Finished' || undefined;
  }, TaskId);
  const names = (await o.run('ls', at, '-s')).split('\n');
  const exported = names.find((name) => name.includes(ImageId));
  await o.run('cp', exported ?? '', 'exported');
  assert.equal(sha256OfFile(path('exported')), sha256OfFile(path('disks/web.qcow2')));
  await call('DeleteImage', { RegionId: REGION, ImageId });
};

test(NAME, { skip, timeout: 240_000 }, async (t) => {
  for (const version of ['v1', 'v4'] as const)
    await t.test(version, async (inner) => {
      const scene = await open(inner, version);
      const { o, at, bucket } = scene;
      await o.run('mb', at);
      assert.ok((await o.run('ls', '-s')).includes(`${at}\n`));
      assert.match(await o.run('stat', at), /ACL\s+: private/);
      await inner.test('an upload that is killed goes on', () => killedUploadGoesOn(scene));
      await inner.test('a download that is killed goes on', () => killedDownloadGoesOn(scene));
      await inner.test('trees', () => wholeTrees(scene));
      await inner.test('one object', () => oneObject(scene));
      await inner.test('an image of what was uploaded, and its export', () => imageOfIt(scene));
      assert.match(await o.refused('rm', at, '-b', '-f'), /BucketNotEmpty/);
      await o.run('rm', at, '-r', '-a', '-f');
      await o.run('rm', at, '-b', '-f');
      assert.ok(!(await o.run('ls', '-s')).includes(bucket));
    });
});
