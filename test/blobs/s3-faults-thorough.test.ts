// What only a store across a network can meet: answers that break off or lie about their length, a server
// that asks to be left alone, that is away, or whose bucket is another's. No bad byte may pass as good.
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, test, type TestContext } from 'node:test';
import { BlobConflict, StoreUnavailable } from '../../src/blobs/blob-store.ts';
import { openBlobSource } from '../../src/blobs/byte-source.ts';
import { openS3Blobs } from '../../src/blobs/s3/open.ts';
import { keyOf } from '../../src/blobs/s3/store.ts';
import { noFaults } from '../../src/lib/fault.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { digestOf, dropUnfinished, listAll } from './contract.ts';
import {
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
const BYTES = seededRandom(3).bytes(3 * MIB);
let server: S3Server;

before(async () => {
  if (s3Skip === false) server = await startS3Server();
});
after(() => server?.close());

type Spoil = (answer: IncomingMessage, body: Buffer, out: ServerResponse) => boolean;

/** Stands between store and server; `spoil` may answer a GET in its own way, and says whether it has. */
const openProxy = async (t: TestContext, spoil: { now: Spoil }): Promise<string> => {
  const proxy = createServer((asked, out) => {
    const { port } = new URL(server.endpoint);
    const { method, url: path, headers } = asked;
    const onward = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      void buffer(answer).then((body) => {
        if (method === 'GET' && !path?.includes('kindred-store') && spoil.now(answer, body, out))
          return;
        out.writeHead(answer.statusCode ?? 500, answer.headers).end(body);
      });
    });
    onward.on('error', () => out.destroy());
    asked.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
};

const cut: Spoil = (answer, body, out) => {
  out.writeHead(answer.statusCode ?? 500, answer.headers);
  out.write(body.subarray(0, body.length / 2), () => out.destroy());
  return true;
};

/** Half of the bytes, as if they were all: only Content-Range tells. */
const shorten: Spoil = (answer, body, out) => {
  const half = body.subarray(0, body.length / 2);
  out.writeHead(answer.statusCode ?? 500, {
    ...answer.headers,
    'content-length': String(half.length),
  });
  out.end(half);
  return true;
};

const slowDown: Spoil = (_answer, _body, out) => {
  out.writeHead(503, { 'content-type': 'application/xml' });
  out.end('<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>');
  return true;
};

const pass: Spoil = () => false;

for (const [what, spoil] of Object.entries({ cut, shorten, slowDown }))
  test(`S3: ${what}: nothing that is not whole ends as if it were`, { skip: s3Skip }, async (t) => {
    const chosen = { now: pass };
    const settings = s3Settings(await openProxy(t, chosen), `${what.toLowerCase()}/`);
    const blobs = await openTestStore(settings);
    const digest = await putBytes(blobs, folderOf(t), BYTES);
    chosen.now = spoil;
    const readAll = async (range?: { start: number; end: number }): Promise<Buffer> => {
      const opened = await blobs.open(digest, range);
      assert.ok(opened);
      return buffer(opened.stream);
    };
    await assert.rejects(readAll(), StoreUnavailable);
    await assert.rejects(readAll({ start: 10, end: 2 * MIB }), StoreUnavailable);
    const source = await openBlobSource(blobs.source(digest));
    assert.ok(source);
    const read = async (): Promise<void> => {
      const chunk = Buffer.alloc(MIB);
      for (let at = 0; at < source.sizeBytes; at += chunk.length) await source.read(chunk, at);
    };
    await assert.rejects(read(), StoreUnavailable);
    await source.close();
    chosen.now = pass;
    assert.ok((await readAll()).equals(BYTES));
  });

test(
  'S3: a server that asks twice to be left alone is asked a third time',
  { skip: s3Skip },
  async (t) => {
    let refusals = 0;
    const twice: Spoil = (answer, body, out) => ++refusals <= 2 && slowDown(answer, body, out);
    const settings = s3Settings(await openProxy(t, { now: twice }), 'twice/');
    const blobs = await openTestStore(settings);
    const digest = await putBytes(blobs, folderOf(t), BYTES);
    const opened = await blobs.open(digest);
    assert.ok(opened);
    assert.ok((await buffer(opened.stream)).equals(BYTES));
    assert.equal(refusals, 3);
  },
);

test(
  'S3: a server that is away is no missing blob, and is found again',
  { skip: s3Skip },
  async (t) => {
    const blobs = await openTestStore(s3Settings(server.endpoint, 'away/'));
    const stagingDir = folderOf(t);
    const digest = await putBytes(blobs, stagingDir, BYTES);
    const path = join(stagingDir, 'next.part');
    writeFileSync(path, 'next');
    await server.stop();
    try {
      for (const ask of [
        () => blobs.head(digest),
        () => blobs.open(digest),
        () => blobs.delete(digest),
        () => blobs.put(path, digestOf(Buffer.from('next')), 4),
        () => listAll(blobs),
        () => dropUnfinished(blobs, Date.now()),
        () => openBlobSource(blobs.source(digest)),
      ])
        await assert.rejects(ask, StoreUnavailable);
    } finally {
      await server.start();
    }
    assert.deepEqual(await blobs.head(digest), { sizeBytes: BYTES.length });
    assert.equal(await blobs.put(path, digestOf(Buffer.from('next')), 4), 'stored');
  },
);

test(
  'S3: bytes of another length under a digest are a conflict and stay',
  { skip: s3Skip },
  async (t) => {
    const settings = s3Settings(server.endpoint, 'conflict/');
    const blobs = await openTestStore(settings);
    const stagingDir = folderOf(t);
    const digest = await putBytes(blobs, stagingDir, BYTES);
    writeFileSync(join(server.bucketDir, settings.prefix, keyOf(digest)), 'short');
    const path = join(stagingDir, 'again.part');
    writeFileSync(path, BYTES);
    await assert.rejects(blobs.put(path, digest, BYTES.length), BlobConflict);
    assert.deepEqual(await blobs.head(digest), { sizeBytes: 5 });
    // Unless they are known to be damaged.
    assert.equal(await blobs.put(path, digest, BYTES.length, { replaces: true }), 'stored');
    assert.deepEqual(await blobs.head(digest), { sizeBytes: BYTES.length });
    assert.equal(await blobs.put(path, digest, BYTES.length, { replaces: true }), 'missing');
  },
);

test('S3: a store whose mark has gone knows nothing of its blobs', { skip: s3Skip }, async () => {
  const settings = s3Settings(server.endpoint, 'unmarked/');
  const blobs = await openTestStore(settings);
  rmSync(join(server.bucketDir, settings.prefix, 'kindred-store.json'));
  await assert.rejects(blobs.head(digestOf(Buffer.from('x'))), StoreUnavailable);
  await assert.rejects(openTestStore(settings, true), /has no kindred-store\.json/);
});

test('S3: a place is refused that cannot be used or is another’s', { skip: s3Skip }, async () => {
  const settings = s3Settings(server.endpoint, 'owned/');
  await openTestStore(settings);
  const other = { name: 's3', mark: `${MARK}other`, isExpected: false, faults: noFaults };
  await assert.rejects(openS3Blobs({ ...other, settings }), /store of another Kindred or region/);
  await assert.rejects(openTestStore({ ...settings, bucket: 'no-such-bucket' }), /NoSuchBucket/);
  await assert.rejects(
    openTestStore({ ...settings, endpoint: 'http://127.0.0.1:1' }),
    /ECONNREFUSED/,
  );
  const secret = process.env.AWS_SECRET_ACCESS_KEY;
  process.env.AWS_SECRET_ACCESS_KEY = 'wrong';
  try {
    await assert.rejects(openTestStore(settings), (error: Error) => {
      assert.match(error.message, /SignatureDoesNotMatch/);
      assert.doesNotMatch(error.message, /wrong/);
      return true;
    });
  } finally {
    process.env.AWS_SECRET_ACCESS_KEY = secret;
  }
});
