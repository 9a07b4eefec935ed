// What buckets promise, as one suite that each engine runs: it knows the interface, and how bytes grow.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import type { Buckets } from '../../src/blobs/buckets.ts';
import { openObjectSource } from '../../src/blobs/byte-source.ts';
import { versionAt } from '../../src/blobs/file-version.ts';
import { growObject } from '../../src/blobs/grow-object.ts';
import { growthFolder, growthPath } from '../../src/blobs/growth-place.ts';

const BUCKET = 'images';

/** A body that has grown for the bucket, and is no object yet. */
export const grow = async (buckets: Buckets, bytes: Uint8Array, name = 'put-1') => {
  await buckets.prepareGrowth(BUCKET);
  const path = growthPath(buckets, BUCKET, name);
  async function* source() {
    yield bytes;
  }
  return growObject({ path, source: source(), limitBytes: bytes.length, floorBytes: 0 });
};

export const put = async (buckets: Buckets, key: string, bytes: Uint8Array): Promise<string> => {
  const { path, version } = await grow(buckets, bytes);
  assert.equal(await buckets.nameObject(BUCKET, path, key, version), 'named');
  return version;
};

export const read = async (
  buckets: Buckets,
  key: string,
  range?: { start: number; end: number },
): Promise<Buffer | undefined> => {
  const opened = await buckets.openObject(BUCKET, key);
  if (opened === undefined) return undefined;
  return buffer(await opened.stream(range ?? { start: 0, end: opened.sizeBytes }));
};

const keysOf = async (
  buckets: Buckets,
  {
    prefix = '',
    after = '',
    grouped = false,
  }: { prefix?: string; after?: string; grouped?: boolean },
): Promise<string[]> => {
  const keys: string[] = [];
  const query = { prefix, after, isGrouped: grouped };
  for await (const key of buckets.keys(BUCKET, query)) keys.push(key);
  return keys;
};

const inOrder = (keys: readonly string[]): string[] =>
  keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

export const bucketContract = (
  engine: string,
  open: (t: TestContext) => Promise<Buckets>,
): void => {
  const withBucket = async (t: TestContext): Promise<Buckets> => {
    const buckets = await open(t);
    await buckets.createBucket(BUCKET);
    return buckets;
  };

  test(`${engine}: a bucket is made once, listed, and removed when it is empty`, async (t) => {
    const buckets = await open(t);
    assert.equal(await buckets.bucketExists(BUCKET), false);
    assert.equal(await buckets.deleteBucket(BUCKET), 'missing');
    await buckets.createBucket(BUCKET);
    await buckets.createBucket(BUCKET);
    await buckets.createBucket('another');
    assert.equal(await buckets.bucketExists(BUCKET), true);
    const names = await buckets.bucketNames();
    assert.deepEqual(
      names.map(({ name }) => name),
      ['another', BUCKET],
    );
    for (const { creationMs } of names) assert.ok(Math.abs(creationMs - Date.now()) < 60_000);
    await put(buckets, 'a/b', Buffer.from('x'));
    assert.equal(await buckets.deleteBucket(BUCKET), 'not-empty');
    await buckets.deleteObject(BUCKET, 'a/b');
    const { path } = await grow(buckets, Buffer.from('grows'));
    assert.equal(await buckets.deleteBucket(BUCKET), 'not-empty');
    await buckets.takeAway(BUCKET, path, 'a', undefined);
    assert.equal(await buckets.deleteBucket(BUCKET), 'deleted');
    assert.equal(await buckets.bucketExists(BUCKET), false);
    assert.deepEqual(
      (await buckets.bucketNames()).map(({ name }) => name),
      ['another'],
    );
  });

  test(`${engine}: what is named is read back, whole and by range`, async (t) => {
    const buckets = await withBucket(t);
    const bytes = randomBytes(300_000);
    const version = await put(buckets, 'a/disk.raw', bytes);
    assert.deepEqual(
      readdirSync(growthFolder(buckets, BUCKET)).filter((n) => n.startsWith('.k')),
      [],
    );
    assert.ok((await read(buckets, 'a/disk.raw'))?.equals(bytes));
    for (const [start, end] of [
      [0, 1],
      [299_999, 300_000],
      [1_000, 200_000],
    ] as const)
      assert.deepEqual(
        await read(buckets, 'a/disk.raw', { start, end }),
        bytes.subarray(start, end),
      );
    const found = await buckets.statObject(BUCKET, 'a/disk.raw');
    assert.equal(found?.sizeBytes, bytes.length);
    assert.equal(found.grownVersion, version);
    assert.ok(Math.abs(found.modifiedMs - Date.now()) < 60_000);
    assert.deepEqual(await buckets.statObject(BUCKET, 'a/disk.raw'), found);
    const unread = await buckets.openObject(BUCKET, 'a/disk.raw');
    await unread?.close();
    await unread?.close();
  });

  test(`${engine}: an empty object is an object`, async (t) => {
    const buckets = await withBucket(t);
    await put(buckets, 'empty', Buffer.alloc(0));
    assert.equal((await buckets.statObject(BUCKET, 'empty'))?.sizeBytes, 0);
    const opened = await buckets.openObject(BUCKET, 'empty');
    assert.ok(opened);
    await opened.close();
  });

  test(`${engine}: an object is replaced whole, and its version changes`, async (t) => {
    const buckets = await withBucket(t);
    await put(buckets, 'a', Buffer.from('first'));
    const first = await buckets.statObject(BUCKET, 'a');
    const version = await put(buckets, 'a', Buffer.from('second'));
    const second = await buckets.statObject(BUCKET, 'a');
    assert.notEqual(second?.version, first?.version);
    assert.equal(second?.grownVersion, version);
    assert.equal(String(await read(buckets, 'a')), 'second');
  });

  test(`${engine}: naming may be repeated, and names only the file that was meant`, async (t) => {
    const buckets = await withBucket(t);
    const { path, version } = await grow(buckets, Buffer.from('bytes'));
    for (let i = 0; i < 2; i += 1)
      assert.equal(await buckets.nameObject(BUCKET, path, 'a', version), 'named');
    assert.equal(existsSync(path), false);
    assert.equal(await buckets.nameObject(BUCKET, path, 'b', version), 'missing');
    writeFileSync(path, 'other bytes');
    assert.equal(await buckets.nameObject(BUCKET, path, 'c', version), 'missing');
    assert.deepEqual(await keysOf(buckets, {}), ['a']);
  });

  test(`${engine}: only what was made of a file is taken away with it`, async (t) => {
    const buckets = await withBucket(t);
    const { path, version } = await grow(buckets, Buffer.from('bytes'));
    await buckets.nameObject(BUCKET, path, 'a', version);
    await put(buckets, 'b', Buffer.from('of somebody else'));
    await buckets.takeAway(BUCKET, path, 'b', version);
    assert.deepEqual(await keysOf(buckets, {}), ['a', 'b']);
    await buckets.takeAway(BUCKET, path, 'a', version);
    await buckets.takeAway(BUCKET, path, 'a', version);
    assert.deepEqual(await keysOf(buckets, {}), ['b']);
    assert.ok((await versionAt(path)) === undefined);
  });

  test(`${engine}: an object is deleted once`, async (t) => {
    const buckets = await withBucket(t);
    await put(buckets, 'a/b', Buffer.from('x'));
    assert.equal(await buckets.deleteObject(BUCKET, 'a'), false);
    assert.equal(await buckets.deleteObject(BUCKET, 'a/b'), true);
    assert.equal(await buckets.deleteObject(BUCKET, 'a/b'), false);
    assert.equal(await buckets.statObject(BUCKET, 'a/b'), undefined);
    assert.equal(await buckets.openObject(BUCKET, 'a/b'), undefined);
  });

  test(`${engine}: keys come in order of bytes, from any key on, grouped or not`, async (t) => {
    const buckets = await withBucket(t);
    const keys = [
      'a',
      'b-c',
      'b.c',
      'b/c',
      'b/d/e',
      'b0',
      'bc',
      'é',
      '日本',
      'B',
      '%41',
      'q&a=?',
      '😀',
    ];
    for (const key of keys) await put(buckets, key, Buffer.from(key));
    const all = inOrder(keys);
    assert.deepEqual(await keysOf(buckets, {}), all);
    for (const [i, after] of all.entries())
      assert.deepEqual(await keysOf(buckets, { after }), all.slice(i + 1), `after ${after}`);
    assert.deepEqual(await keysOf(buckets, { prefix: 'b/' }), ['b/c', 'b/d/e']);
    assert.deepEqual(await keysOf(buckets, { prefix: 'b' }), [
      'b-c',
      'b.c',
      'b/c',
      'b/d/e',
      'b0',
      'bc',
    ]);
    const grouped = inOrder([...keys.filter((key) => !key.includes('/')), 'b/']);
    assert.deepEqual(await keysOf(buckets, { grouped: true }), grouped);
    for (const [i, after] of grouped.entries())
      assert.deepEqual(await keysOf(buckets, { grouped: true, after }), grouped.slice(i + 1));
    assert.deepEqual(await keysOf(buckets, { grouped: true, prefix: 'b/' }), ['b/c', 'b/d/']);
  });

  test(`${engine}: a worker reads an object, and knows it by its version`, async (t) => {
    const buckets = await withBucket(t);
    const bytes = randomBytes(3 * 2 ** 20);
    await put(buckets, 'a', bytes);
    const source = await openObjectSource(buckets.source(BUCKET, 'a'));
    assert.ok(source);
    assert.equal(source.sizeBytes, bytes.length);
    assert.equal(source.version(), (await buckets.statObject(BUCKET, 'a'))?.version);
    const chunk = Buffer.alloc(2 ** 20);
    for (const at of [0, 2 ** 20, 100, 2 * 2 ** 20]) {
      assert.equal(await source.read(chunk, at), chunk.length);
      assert.ok(chunk.equals(bytes.subarray(at, at + chunk.length)), `at ${at}`);
    }
    await source.close();
    assert.equal(await openObjectSource(buckets.source(BUCKET, 'none')), undefined);
  });

  test(`${engine}: what cannot be a key or a bucket is missing, and never made`, async (t) => {
    const buckets = await withBucket(t);
    const { path, version } = await grow(buckets, Buffer.from('x'));
    for (const key of [
      '',
      '..',
      '../x',
      'a//b',
      'a/',
      '/a',
      '.kindred-x',
      'a\\b',
      'a'.repeat(1024),
    ]) {
      assert.equal(await buckets.statObject(BUCKET, key), undefined, key);
      assert.equal(await buckets.deleteObject(BUCKET, key), false, key);
      await assert.rejects(buckets.nameObject(BUCKET, path, key, version), RangeError, key);
    }
    for (const bucket of ['', 'ab', 'A', '..', 'a/b', '.kindred-buckets']) {
      assert.equal(await buckets.bucketExists(bucket), false, bucket);
      assert.equal(await buckets.statObject(bucket, 'a'), undefined, bucket);
      await assert.rejects(async () => buckets.createBucket(bucket), RangeError, bucket);
    }
    assert.ok(existsSync(path));
  });
};
