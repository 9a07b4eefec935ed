// Blobs in S3-compatible storage: first what the server itself must do, then the contract that files
// keep as well, then what files have not: parts, pages, and what a process that dies in the middle of a
// put leaves.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, test, type TestContext } from 'node:test';
import { openBlobSource } from '../../src/blobs/byte-source.ts';
import { openS3 } from '../../src/blobs/s3/client.ts';
import { keyOf } from '../../src/blobs/s3/store.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { blobContract, digestOf, dropUnfinished, listAll } from './contract.ts';
import {
  BUCKET,
  folderOf,
  MARK,
  openTestStore,
  putBytes,
  s3Settings,
  s3Skip,
  startS3Server,
  type S3Server,
} from './s3-server.ts';

const MIB = 1024 * 1024;
let server: S3Server;
let prefixes = 0;

before(async () => {
  if (s3Skip === false) server = await startS3Server();
});
after(() => server?.close());

const open = async (t: TestContext) => {
  const settings = s3Settings(server.endpoint, `p${++prefixes}/`);
  return { settings, blobs: await openTestStore(settings), stagingDir: folderOf(t) };
};

test(
  'S3: the server answers 412, joins parts, gives ranges and lists',
  { skip: s3Skip },
  async () => {
    const { client, sdk } = await openS3(s3Settings(server.endpoint, ''));
    const Bucket = BUCKET;
    const put = { Bucket, Key: 'probe/a', Body: '0123456789', IfNoneMatch: '*' };
    await client.send(new sdk.PutObjectCommand(put));
    await assert.rejects(
      client.send(new sdk.PutObjectCommand({ ...put, Body: 'other' })),
      (error: { $metadata: { httpStatusCode: number } }) => error.$metadata.httpStatusCode === 412,
    );
    const Key = 'probe/b';
    const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key }));
    const Parts = [];
    for (const [PartNumber, Body] of [
      [1, Buffer.alloc(5 * MIB, 'a')],
      [2, Buffer.from('end')],
    ] as const) {
      const part = { Bucket, Key, UploadId, PartNumber, Body };
      const { ETag } = await client.send(new sdk.UploadPartCommand(part));
      Parts.push({ PartNumber, ETag });
    }
    const complete = { Bucket, Key, UploadId, MultipartUpload: { Parts } };
    await client.send(new sdk.CompleteMultipartUploadCommand(complete));
    const part = await client.send(
      new sdk.GetObjectCommand({ Bucket, Key, Range: `bytes=${5 * MIB - 1}-${5 * MIB + 2}` }),
    );
    assert.equal(part.ContentRange, `bytes ${5 * MIB - 1}-${5 * MIB + 2}/${5 * MIB + 3}`);
    assert.equal(await text(part.Body as Readable), 'aend');
    const first = await client.send(
      new sdk.ListObjectsV2Command({ Bucket, Prefix: 'probe/', MaxKeys: 1 }),
    );
    assert.deepEqual([first.KeyCount, first.IsTruncated], [1, true]);
    const second = await client.send(
      new sdk.ListObjectsV2Command({ Bucket, Prefix: 'probe/', StartAfter: 'probe/a' }),
    );
    assert.deepEqual(
      second.Contents?.map((found) => found.Key),
      ['probe/b'],
    );
  },
);

if (s3Skip === false) blobContract('S3', open);
else test('S3: the contract of blob stores', { skip: s3Skip }, () => undefined);

test(
  'S3: a large file goes in parts, and comes back by a worker’s source',
  { skip: s3Skip },
  async (t) => {
    const { blobs, stagingDir } = await open(t);
    const bytes = seededRandom(1).bytes(20 * MIB + 7);
    const digest = await putBytes(blobs, stagingDir, bytes);
    const source = await openBlobSource(blobs.source(digest));
    assert.ok(source);
    assert.equal(source.sizeBytes, bytes.length);
    const read = Buffer.alloc(bytes.length);
    for (let at = 0; at < read.length;)
      at += await source.read(read.subarray(at, at + 3 * MIB), at);
    assert.ok(read.equals(bytes));
    // Back to an earlier place, as a copy does that is begun anew.
    const again = Buffer.alloc(100);
    assert.equal(await source.read(again, 5 * MIB), 100);
    assert.ok(again.equals(bytes.subarray(5 * MIB, 5 * MIB + 100)));
    assert.equal(await source.read(again, bytes.length), 0);
    await source.close();
    assert.equal(await openBlobSource(blobs.source(digestOf(Buffer.from('none')))), undefined);
  },
);

test('S3: more than a page of a thousand is listed in order', { skip: s3Skip }, async (t) => {
  const { blobs, settings } = await open(t);
  // Straight into the folder that the server keeps: the store is only to list them.
  const digests = Array.from({ length: 1100 }, (_, n) => digestOf(Buffer.from(`blob ${n}`))).sort();
  for (const digest of digests) {
    const path = join(server.bucketDir, settings.prefix, keyOf(digest));
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, 'x');
  }
  const listed = await listAll(blobs);
  assert.deepEqual(
    listed.map(({ digest }) => digest),
    digests,
  );
});

test(
  'S3: a put that is killed leaves no blob, and what it left is dropped',
  { skip: s3Skip },
  async (t) => {
    const { blobs, settings, stagingDir } = await open(t);
    const bytes = seededRandom(2).bytes(64 * MIB);
    const [digest, path] = [digestOf(bytes), join(stagingDir, 'big.part')];
    writeFileSync(path, bytes);
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, 's3-put.ts'), JSON.stringify(settings), path, digest, MARK],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const { client, sdk } = await openS3(settings);
    const uploads = async (): Promise<unknown[]> =>
      (
        await client.send(
          new sdk.ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: settings.prefix }),
        )
      ).Uploads ?? [];
    while ((await uploads()).length === 0 && child.exitCode === null) await sleep(5);
    child.kill('SIGKILL');
    await gone;
    assert.equal((await uploads()).length, 1);
    assert.equal(await blobs.head(digest), undefined);
    assert.deepEqual(await listAll(blobs), []);
    assert.ok(existsSync(path));
    assert.equal(await dropUnfinished(blobs, Date.now() - 3_600_000), 0);
    assert.equal(await dropUnfinished(blobs, Date.now() + 3_600_000), 1);
    assert.deepEqual(await uploads(), []);
    assert.equal(await blobs.put(path, digest, bytes.length), 'stored');
    assert.deepEqual(await blobs.head(digest), { sizeBytes: bytes.length });
  },
);
