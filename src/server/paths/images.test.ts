import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { test, type TestContext } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { servePaths } from '../../testing/paths.ts';

const setUp = async (t: TestContext) => {
  const k = await kindred(t);
  const origin = await servePaths(t, k);
  const bytes = k.diskImage();
  const { imageId } = await k.importImage({ ImageName: 'web-1' }, { bytes });
  const web = { RegionId: REGION, ImageFamily: 'web' };
  await k.call('ModifyImageAttribute', { ...web, ImageId: imageId });
  await k.call('ModifyImageFamilyAccess', { ...web, Access: 'public-read' });
  const hash = createHash('sha256').update(bytes);
  return {
    bytes,
    hash: hash.copy().digest('base64'),
    etag: `"sha256:${hash.digest('hex')}"`,
    url: `${origin}/images/${imageId}/web-1.qcow2`,
  };
};

test('an image is served with everything that a download wants to know', async (t) => {
  const { url, bytes, etag, hash } = await setUp(t);
  for (const method of ['GET', 'HEAD']) {
    const response = await fetch(url, { method });
    assert.equal(response.status, 200);
    const { headers } = response;
    assert.equal(headers.get('content-length'), String(bytes.length));
    assert.equal(headers.get('etag'), etag);
    assert.equal(headers.get('repr-digest'), `sha-256=:${hash}:`);
    assert.equal(headers.get('accept-ranges'), 'bytes');
    assert.equal(headers.get('last-modified'), 'Tue, 24 Nov 2026 12:00:00 GMT');
    assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable');
    assert.equal(headers.get('content-type'), 'application/octet-stream');
    assert.equal(headers.get('content-disposition'), 'attachment; filename="web-1.qcow2"');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    const body = new Uint8Array(await response.arrayBuffer());
    assert.deepEqual(body, method === 'GET' ? bytes : new Uint8Array(0));
  }
});

test('ranges: one is cut out, odd ones are served whole, impossible ones are 416', async (t) => {
  const { url, bytes } = await setUp(t);
  const size = bytes.length;
  const cut: [range: string, start: number, end: number][] = [
    ['bytes=0-0', 0, 1],
    ['bytes=10-19', 10, 20],
    ['BYTES=10-', 10, size],
    ['bytes=-5', size - 5, size],
    [`bytes=5-${'9'.repeat(30)}`, 5, size],
    [`bytes=-${size + 1}`, 0, size],
  ];
  for (const [range, start, end] of cut) {
    const response = await fetch(url, { headers: { range } });
    assert.equal(response.status, 206, range);
    assert.equal(response.headers.get('content-range'), `bytes ${start}-${end - 1}/${size}`);
    assert.equal(response.headers.get('content-length'), String(end - start));
    const body = new Uint8Array(await response.arrayBuffer());
    assert.deepEqual(body, bytes.subarray(start, end), range);
  }
  const many = `bytes=${Array.from({ length: 1_000 }, (_, i) => `${i}-${i}`).join(',')}`;
  for (const range of ['bytes=0-1,5-6', 'bytes=5-2', 'bytes=x', 'lines=1-2', 'bytes=-', many]) {
    const response = await fetch(url, { headers: { range } });
    assert.equal(response.status, 200, range);
    assert.equal((await response.arrayBuffer()).byteLength, size);
  }
  for (const range of [`bytes=${size}-`, 'bytes=-0', `bytes=${'9'.repeat(30)}-`]) {
    const response = await fetch(url, { headers: { range } });
    assert.equal(response.status, 416, range);
    assert.equal(response.headers.get('content-range'), `bytes */${size}`);
    assert.equal((await response.arrayBuffer()).byteLength, 0);
  }
});

test('conditions: what the client has already is 304, what it has no more is 412', async (t) => {
  const { url, etag, bytes } = await setUp(t);
  const status = async (headers: Record<string, string>) => {
    const response = await fetch(url, { headers });
    return [response.status, (await response.arrayBuffer()).byteLength];
  };
  const date = 'Tue, 24 Nov 2026 12:00:00 GMT';
  const before = 'Tue, 24 Nov 2026 11:00:00 GMT';
  const nothing = [304, 0];
  const whole = [200, bytes.length];
  assert.deepEqual(await status({ 'if-none-match': etag }), nothing);
  assert.deepEqual(await status({ 'if-none-match': `"other", W/${etag}` }), nothing);
  assert.deepEqual(await status({ 'if-none-match': '*' }), nothing);
  assert.deepEqual(await status({ 'if-none-match': '"other"', 'if-modified-since': date }), whole);
  assert.deepEqual(await status({ 'if-modified-since': date }), nothing);
  assert.deepEqual(await status({ 'if-modified-since': before }), whole);
  assert.deepEqual(await status({ 'if-match': '"other"' }), [412, 0]);
  assert.deepEqual(await status({ 'if-match': etag }), whole);
  assert.deepEqual(await status({ 'if-unmodified-since': before }), [412, 0]);
  const range = 'bytes=0-9';
  for (const condition of [etag, date])
    assert.deepEqual(await status({ range, 'if-range': condition }), [206, 10], condition);
  for (const condition of ['"other"', `W/${etag}`, before, 'x'])
    assert.deepEqual(await status({ range, 'if-range': condition }), whole, condition);
});

test('a digest opens nothing without its signature', async (t) => {
  const { url, etag } = await setUp(t);
  const hex = etag.slice('"sha256:'.length, -1);
  const path = new URL(`/images/${hex}/web-1.qcow2`, url);
  for (const query of ['', '?Expires=9999999999&Signature=00'])
    assert.equal((await fetch(`${path}${query}`)).status, 404);
});

test(
  'downloads that are broken off leave no file open',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const { url, bytes } = await setUp(t);
    const handles = () => readdirSync('/proc/self/fd').length;
    await (await fetch(url)).arrayBuffer();
    const before = handles();
    const breakOff = () =>
      new Promise<void>((resolve) => {
        const sent = request(url, { agent: false }, (response) => {
          response.once('data', () => response.destroy());
          response.once('close', () => resolve());
        });
        sent.once('error', () => resolve());
        sent.end();
      });
    for (let i = 0; i < 30; i += 1) await breakOff();
    // And some that go before there is an answer.
    for (let i = 0; i < 30; i += 1) {
      const sent = request(url, { agent: false }).on('error', () => undefined);
      sent.end();
      setTimeout(() => sent.destroy(), i % 5);
    }
    let left = 0;
    for (let i = 0; i < 100; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      left = handles() - before;
      if (left <= 2) break;
    }
    assert.ok(left <= 2, `${left} more files are open`);
    assert.ok(bytes.length > 0);
  },
);
