// The process dies right after the last byte, and between any two steps that make an object of an upload:
// whatever the moment, the object is there, whole, after the next look or the next sweep.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient } from '../../src/client/client.ts';
import { startServer } from '../../src/testing/server.ts';

const BYTES = randomBytes(1_500_000);
const SHA256 = createHash('sha256').update(BYTES).digest('hex');

for (const point of ['upload.whole', 'upload.finishing', 'upload.named'])
  test(`a death at ${point} loses nothing`, async (t) => {
    const server = await startServer(t, {
      args: ['--test-controls'],
      env: { KINDRED_TEST_FAULT: `${point}:1` },
    });
    const client = createClient({ endpoint: server.url, ...server.key });
    await client.createBucket({ Bucket: 'builds' });
    const { Url, UploadId } = await client.createUpload({
      Bucket: 'builds',
      Object: 'nightly/disk.raw',
      SizeBytes: BYTES.length,
      Sha256: SHA256,
    });
    await assert.rejects(fetch(new URL(Url, server.url), { method: 'PUT', body: BYTES }));
    assert.equal((await server.exited).signal, 'SIGKILL');
    await server.restart({ env: {} });
    const head = await fetch(new URL(Url, server.url), {
      method: 'HEAD',
      headers: { 'tus-resumable': '1.0.0' },
    });
    assert.equal(head.headers.get('upload-offset'), String(BYTES.length));
    const again = createClient({ endpoint: server.url, ...server.key });
    const { Uploads } = await again.describeUploads({ UploadId });
    assert.equal(Uploads.Upload[0]?.Status, 'Finished');
    const bucket = join(server.dataDir, 'buckets', 'builds');
    assert.deepEqual(readdirSync(bucket), ['nightly']);
    assert.ok(readFileSync(join(bucket, 'nightly', 'disk.raw')).equals(BYTES));
  });

test('the secret of a URL stands in no log, whatever is asked of it', async (t) => {
  const server = await startServer(t, { args: ['--log-level', 'trace'] });
  const client = createClient({ endpoint: server.url, ...server.key });
  await client.createBucket({ Bucket: 'builds' });
  const made = await client.createUpload({ Bucket: 'builds', Object: 'a.raw', SizeBytes: 5 });
  const url = new URL(made.Url, server.url);
  const secret = made.Url.slice('/uploads/'.length);
  const tus = { 'tus-resumable': '1.0.0' };
  for (const [method, headers, body] of [
    ['GET', {}, undefined],
    ['HEAD', tus, undefined],
    ['OPTIONS', {}, undefined],
    ['POST', tus, 'x'],
    ['PATCH', tus, 'x'],
    ['PUT', {}, 'too long for it'],
    ['PUT', {}, 'hello'],
  ] as const)
    await fetch(url, { method, headers, ...(body !== undefined && { body }) });
  await fetch(`${url.href}/more`);
  await server.stop();
  assert.match(server.log, /"msg":"upload"/);
  assert.ok(!server.log.includes(secret));
  assert.ok(!server.stdout.includes(secret));
});
