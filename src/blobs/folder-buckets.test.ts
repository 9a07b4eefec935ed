import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { openFolderBuckets } from './folder-buckets.ts';
import { isBucketName, isObjectKey } from './object-names.ts';

const open = async (t: TestContext) => {
  const dir = await mkdtemp(join(tmpdir(), 'kindred-buckets-'));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const root = join(dir, 'buckets');
  await mkdir(join(root, 'images', 'linux'), { recursive: true });
  await writeFile(join(root, 'images', 'linux', 'a.qcow2'), 'bytes');
  await writeFile(join(dir, 'secret'), 'secret');
  await mkdir(join(dir, 'outside'));
  await writeFile(join(dir, 'outside', 'a.qcow2'), 'secret');
  return { dir, root, buckets: openFolderBuckets(root) };
};

test('an object is found by bucket and key, with size and version', async (t) => {
  const { buckets, root } = await open(t);
  const found = await buckets.statObject('images', 'linux/a.qcow2');
  assert.equal(found?.sizeBytes, 5);
  assert.match(found?.version ?? '', /^\d+:\d+:5:\d+$/);
  assert.deepEqual(await buckets.statObject('images', 'linux/a.qcow2'), found);
  await utimes(join(root, 'images', 'linux', 'a.qcow2'), 1, 1);
  assert.notEqual((await buckets.statObject('images', 'linux/a.qcow2'))?.version, found?.version);
  const opened = await buckets.openObject('images', 'linux/a.qcow2');
  assert.ok(opened);
  assert.equal(String(await buffer(await opened.stream({ start: 0, end: 5 }))), 'bytes');
});

test('keys that could leave the bucket, or could not be a file, are missing', async (t) => {
  const { buckets } = await open(t);
  const keys = ['', '/', '/etc/passwd', '..', '../secret', '../../secret', 'linux/../../../secret'];
  keys.push('linux/..', './linux/a.qcow2', 'linux/./a.qcow2', 'linux//a.qcow2', 'linux/a.qcow2/');
  keys.push('linux\\a.qcow2', 'linux/a.qcow2\0', '\0', 'a'.repeat(1024), 'é'.repeat(512), '\ud800');
  for (const key of keys) {
    assert.equal(isObjectKey(key), false, JSON.stringify(key));
    assert.equal(await buckets.statObject('images', key), undefined, JSON.stringify(key));
  }
  for (const key of [
    'a'.repeat(300),
    'linux',
    'nothing',
    'linux/a.qcow2/x',
    'a/'.repeat(500) + 'b',
  ])
    assert.equal(await buckets.statObject('images', key), undefined, key.slice(0, 20));
  for (const key of ['...', '.hidden', 'a b', 'é'.repeat(511), '-rf', '%2e%2e', 'a:b'])
    assert.equal(isObjectKey(key), true, key);
});

test('links are never followed: at the end, on the way, or as the bucket', async (t) => {
  const { buckets, dir, root } = await open(t);
  await symlink(join(dir, 'secret'), join(root, 'images', 'link'));
  await symlink(join(dir, 'outside'), join(root, 'images', 'way'));
  await symlink(join(root, 'images', 'linux'), join(root, 'images', 'inner'));
  await symlink(join(dir, 'outside'), join(root, 'linked-bucket'));
  assert.equal(await buckets.statObject('images', 'link'), undefined);
  assert.equal(await buckets.statObject('images', 'way/a.qcow2'), undefined);
  assert.equal(await buckets.statObject('images', 'inner/a.qcow2'), undefined);
  assert.equal(await buckets.statObject('linked-bucket', 'a.qcow2'), undefined);
  assert.equal(await buckets.bucketExists('linked-bucket'), false);
});

test("a root that is itself a link is the operator's choice", async (t) => {
  const { dir, root } = await open(t);
  await symlink(root, join(dir, 'alias'));
  const buckets = openFolderBuckets(join(dir, 'alias'));
  assert.equal((await buckets.statObject('images', 'linux/a.qcow2'))?.sizeBytes, 5);
});

test('only regular files are objects; a pipe does not hang', async (t) => {
  const { buckets, root } = await open(t);
  execFileSync('mkfifo', [join(root, 'images', 'pipe')]);
  assert.equal(await buckets.statObject('images', 'pipe'), undefined);
  assert.equal(await buckets.statObject('images', 'linux'), undefined);
});

test('the names of buckets follow the rule, and nothing else becomes a folder', async (t) => {
  const { buckets } = await open(t);
  for (const name of ['abc', 'a-b', '0'.repeat(63), 'a--b']) assert.ok(isBucketName(name), name);
  const bad = ['', 'ab', 'Abc', '-ab', 'ab-', 'a_b', 'a.b', '..', 'a/b', '0'.repeat(64), 'abc\n'];
  for (const name of bad) {
    assert.equal(isBucketName(name), false, JSON.stringify(name));
    assert.equal(await buckets.bucketExists(name), false);
    await assert.rejects(buckets.createBucket(name), RangeError);
  }
  assert.equal(await buckets.bucketExists('images'), true);
  assert.equal(await buckets.bucketExists('fresh'), false);
  await buckets.createBucket('fresh');
  await buckets.createBucket('fresh');
  assert.equal(await buckets.bucketExists('fresh'), true);
});
