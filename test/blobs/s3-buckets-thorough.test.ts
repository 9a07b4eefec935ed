// Buckets in S3-compatible storage: the contract that folders keep as well, then what folders have not.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { StoreUnavailable, type UnfinishedPut } from '../../src/blobs/blob-store.ts';
import type { Buckets } from '../../src/blobs/buckets.ts';
import { openObjectSource } from '../../src/blobs/byte-source.ts';
import { openS3 } from '../../src/blobs/s3/client.ts';
import { openS3Buckets } from '../../src/blobs/s3/open-buckets.ts';
import { bucketContract, grow, put, read } from './bucket-contract.ts';
import { BUCKET, folderOf, s3Settings, s3Skip, startS3Server, type S3Server } from './s3-server.ts';

let server: S3Server;
let prefixes = 0;

before(async () => {
  if (s3Skip === false) server = await startS3Server();
});
after(() => server?.close());

const openAt = async (t: TestContext) => {
  const prefix = `b${++prefixes}/`;
  const settings = s3Settings(server.endpoint, prefix);
  return { prefix, settings, buckets: await openS3Buckets(settings, folderOf(t)) };
};
const unfinishedIn = async (buckets: Buckets, beforeMs: number): Promise<UnfinishedPut[]> => {
  const all: UnfinishedPut[] = [];
  for await (const found of buckets.unfinished(beforeMs, '')) all.push(found);
  return all;
};

const open = async (t: TestContext) => (await openAt(t)).buckets;

if (s3Skip === false) bucketContract('S3', open);
else test('S3: the contract of buckets', { skip: s3Skip }, () => undefined);

test(
  'S3: more than a page of a thousand keys comes whole, from anywhere on',
  { skip: s3Skip },
  async (t) => {
    const { buckets, prefix } = await openAt(t);
    const keys = Array.from({ length: 1100 }, (_, n) => `k${String(n).padStart(4, '0')}`);
    mkdirSync(join(server.bucketDir, prefix, 'images'), { recursive: true });
    for (const key of keys) writeFileSync(join(server.bucketDir, prefix, 'images', key), 'x');
    assert.equal(await buckets.bucketExists('images'), true);
    for (const after of ['', 'k0999', 'k1099']) {
      const found: string[] = [];
      for await (const key of buckets.keys('images', { prefix: 'k', after, isGrouped: false }))
        found.push(key);
      assert.deepEqual(found, keys.slice(after === '' ? 0 : keys.indexOf(after) + 1));
    }
  },
);

test('S3: an object that is replaced while it is read is noticed', { skip: s3Skip }, async (t) => {
  const { buckets } = await openAt(t);
  await buckets.createBucket('images');
  await put(buckets, 'a', Buffer.alloc(3 * 2 ** 20, 'a'));
  const source = await openObjectSource(buckets.source('images', 'a'));
  const opened = await buckets.openObject('images', 'a');
  assert.ok(source && opened);
  await put(buckets, 'a', Buffer.alloc(3 * 2 ** 20, 'b'));
  await assert.rejects(async () => source.read(Buffer.alloc(100), 0), StoreUnavailable);
  await assert.rejects(opened.stream({ start: 0, end: 10 }), StoreUnavailable);
  await source.close();
});

test(
  'S3: an outage, and a place that is gone, are no missing object',
  { skip: s3Skip },
  async (t) => {
    const { buckets, prefix } = await openAt(t);
    await buckets.createBucket('images');
    await put(buckets, 'a', Buffer.from('bytes'));
    const { path, version } = await grow(buckets, Buffer.from('next'));
    const asks = [
      () => buckets.bucketExists('images'),
      () => buckets.bucketNames(),
      () => buckets.statObject('images', 'a'),
      () => buckets.openObject('images', 'a'),
      () => buckets.deleteObject('images', 'a'),
      () => buckets.nameObject('images', path, 'b', version),
      () => buckets.keys('images', { prefix: '', after: '', isGrouped: false }).next(),
      () => openObjectSource(buckets.source('images', 'a')),
      () => unfinishedIn(buckets, 0),
    ];
    await server.stop();
    try {
      for (const ask of asks)
        await assert.rejects(async () => ask(), StoreUnavailable, String(ask));
    } finally {
      await server.start();
    }
    assert.equal(String(await read(buckets, 'a')), 'bytes');
    assert.equal(await buckets.nameObject('images', path, 'b', version), 'named');
    rmSync(join(server.bucketDir, prefix), { recursive: true });
    await assert.rejects(buckets.statObject('images', 'a'), /kindred-buckets\.json is not there/);
  },
);

test('S3: a put that was interrupted is dropped in its time', { skip: s3Skip }, async (t) => {
  const { buckets, settings } = await openAt(t);
  const { client, sdk } = await openS3(settings);
  const asked = { Bucket: BUCKET, Key: `${settings.prefix}images/a` };
  await client.send(new sdk.CreateMultipartUploadCommand(asked));
  for (const beforeMs of [Date.now() - 3_600_000, -Infinity])
    assert.deepEqual(await unfinishedIn(buckets, beforeMs), []);
  const [found] = await unfinishedIn(buckets, Date.now() + 3_600_000);
  assert.match(found?.name ?? '', /^images\/a /);
  await found?.drop();
  assert.deepEqual(await unfinishedIn(buckets, Date.now() + 3_600_000), []);
});
