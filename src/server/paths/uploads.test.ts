// The paths of uploads from outside, by clients written here byte for byte: what the protocol promises,
// and what an attacker or a broken client tries.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { UPLOAD_MS } from '../../domain/upload.ts';
import { OBJECT, uploadScene } from '../../testing/upload-scene.ts';

const TUS = { 'tus-resumable': '1.0.0' };
const OFFSET_TYPE = 'application/offset+octet-stream';

const patch = (url: string, offset: number, body: Uint8Array<ArrayBuffer>, headers = {}) =>
  fetch(url, {
    method: 'PATCH',
    headers: { ...TUS, 'content-type': OFFSET_TYPE, 'upload-offset': String(offset), ...headers },
    body,
  });

const offsetOf = async (url: string): Promise<string | null> =>
  (await fetch(url, { method: 'HEAD', headers: TUS })).headers.get('upload-offset');

/** Sends a head and a part of its body, and leaves the rest open. */
const begin = async (url: string, lines: readonly string[], part: Uint8Array): Promise<Socket> => {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const [method, ...headers] = lines;
  const head = [`${method} ${pathname} HTTP/1.1`, `host: ${hostname}:${port}`, ...headers];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  socket.write(part);
  return socket;
};

const tusLines = (offset: number, length: number) => [
  'PATCH',
  'tus-resumable: 1.0.0',
  `content-type: ${OFFSET_TYPE}`,
  `upload-offset: ${offset}`,
  `content-length: ${length}`,
];

const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let i = 0; i < 100 && !(await holds()); i++) await sleep(20);
  assert.ok(await holds());
};

test('tus: pieces in order make the object, and HEAD tells how far it is', async (t) => {
  const { create, object } = await uploadScene(t);
  const bytes = randomBytes(700_000);
  const { url } = await create(bytes.length);
  const empty = await fetch(url, { method: 'HEAD', headers: TUS });
  assert.equal(empty.status, 200);
  assert.equal(empty.headers.get('upload-offset'), '0');
  assert.equal(empty.headers.get('upload-length'), '700000');
  assert.equal(empty.headers.get('cache-control'), 'no-store');
  for (let at = 0; at < bytes.length; at += 300_000) {
    const answer = await patch(url, at, bytes.subarray(at, at + 300_000));
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('upload-offset'), String(Math.min(700_000, at + 300_000)));
    assert.equal(answer.headers.get('tus-resumable'), '1.0.0');
  }
  assert.ok(object().equals(bytes));
  // Whoever lost the last answer goes on from here.
  assert.equal(await offsetOf(url), '700000');
  const after = await patch(url, 700_000, new Uint8Array(0));
  assert.equal(after.status, 204);
  const view = await (await fetch(url)).json();
  assert.equal((view as { status: string }).status, 'Finished');
});

test('tus: OPTIONS says what is spoken, with and without a secret', async (t) => {
  const { origin, create } = await uploadScene(t);
  for (const url of [`${origin}/uploads`, (await create(5)).url]) {
    const answer = await fetch(url, { method: 'OPTIONS' });
    assert.equal(answer.status, 204);
    assert.equal(answer.headers.get('tus-version'), '1.0.0');
    assert.equal(answer.headers.get('tus-extension'), 'termination');
    assert.equal(answer.headers.get('tus-max-size'), String(2050 * 2 ** 30));
  }
});

test('tus: what breaks the protocol is refused and changes nothing', async (t) => {
  const { create, origin } = await uploadScene(t);
  const { url } = await create(10);
  await patch(url, 0, Buffer.from('abc'));
  const body = Buffer.from('xyz');
  const cases: [number, Promise<Response>][] = [
    [409, patch(url, 0, body)],
    [409, patch(url, 4, body)],
    [400, patch(url, 3, body, { 'upload-offset': '3x' })],
    [400, patch(url, 3, body, { 'upload-offset': '-3' })],
    [400, patch(url, 3, body, { 'content-type': 'text/plain' })],
    [413, patch(url, 3, Buffer.from('12345678'))],
    [501, patch(url, 3, body, { 'upload-length': '3' })],
    [400, patch(url, 3, body, { 'tus-resumable': '0.2.2' })],
    [400, patch(url, 3, body, { 'x-http-method-override': 'DELETE' })],
    [404, patch(`${origin}/uploads/${'A'.repeat(43)}`, 3, body)],
    [404, patch(`${origin}/uploads/..%2f..%2fetc`, 3, body)],
    [404, fetch(url, { method: 'POST', headers: { ...TUS, 'upload-length': '3' } })],
    [
      404,
      fetch(`${origin}/uploads`, { method: 'POST', headers: { ...TUS, 'upload-length': '3' } }),
    ],
  ];
  for (const [i, [status, answer]] of cases.entries())
    assert.equal((await answer).status, status, `case ${i}`);
  assert.equal(await offsetOf(url), '3');
});

test('tus: DELETE ends an upload, but not a finished one', async (t) => {
  const { create, object } = await uploadScene(t);
  const { url } = await create(10);
  await patch(url, 0, Buffer.from('abc'));
  assert.equal((await fetch(url, { method: 'DELETE', headers: TUS })).status, 204);
  assert.equal((await fetch(url)).status, 404);
  const done = await create(3);
  await patch(done.url, 0, Buffer.from('abc'));
  assert.equal((await fetch(done.url, { method: 'DELETE', headers: TUS })).status, 400);
  assert.equal(String(object()), 'abc');
});

test('PUT: the whole object, or the rest of it by Content-Range', async (t) => {
  const { create, object } = await uploadScene(t);
  const whole = await create(5);
  const answer = await fetch(whole.url, { method: 'PUT', body: 'hello' });
  assert.equal(answer.status, 201);
  assert.equal(((await answer.json()) as { status: string }).status, 'Finished');
  assert.equal(String(object()), 'hello');
  assert.equal((await fetch(whole.url, { method: 'PUT', body: 'HELLO' })).status, 409);

  const { url } = await create(10);
  const put = (range: string, body: string) =>
    fetch(url, { method: 'PUT', body, headers: { 'content-range': range } });
  assert.equal((await put('bytes 0-3/10', 'abcd')).status, 400);
  assert.equal(await offsetOf(url), '4');
  for (const [range, body, status] of [
    ['bytes 5-9/10', 'fghij', 409],
    ['bytes 4-9/11', 'efghij', 416],
    ['bytes 4-10/*', 'efghijk', 416],
    ['bytes 9-4/10', 'efghij', 416],
    ['lines 4-9/10', 'efghij', 416],
    ['bytes 4-9/10', 'efghi', 400],
  ] as const)
    assert.equal((await put(range, body)).status, status, range);
  assert.equal(await offsetOf(url), '4');
  assert.equal((await put('bytes 4-9/10', 'efghij')).status, 201);
  assert.equal(String(object()), 'abcdefghij');
});

test('PUT: another length than was promised is refused, chunked too, and beginning anew works', async (t) => {
  const { create, object } = await uploadScene(t);
  const { url } = await create(10);
  const put = (body: string) => fetch(url, { method: 'PUT', body });
  assert.equal((await put('too short')).status, 400);
  assert.equal((await put('much too long')).status, 400);
  assert.equal(await offsetOf(url), '0');
  const stream = (text: string) =>
    ({ body: new Blob([text]).stream(), duplex: 'half' }) as RequestInit;
  const chunked = (text: string) => fetch(url, { method: 'PUT', ...stream(text) });
  assert.equal((await chunked('short')).status, 400);
  assert.equal(await offsetOf(url), '5');
  // Its first ten bytes would have been the right number.
  assert.equal((await chunked('far too many bytes')).status, 413);
  assert.equal(await offsetOf(url), '0');
  const headers = { ...TUS, 'content-type': OFFSET_TYPE, 'upload-offset': '0' };
  const tus = await fetch(url, { method: 'PATCH', headers, ...stream('far too many bytes') });
  assert.equal(tus.status, 413);
  assert.equal(await offsetOf(url), '0');
  assert.equal((await chunked('0123456789')).status, 201);
  assert.equal(String(object()), '0123456789');
});

test('a body without an end is cut off after its refusal', async (t) => {
  const { create } = await uploadScene(t);
  const { url } = await create(10);
  const socket = await begin(url, ['PUT', 'transfer-encoding: chunked'], Buffer.alloc(0));
  const chunk = Buffer.from(`10000\r\n${'x'.repeat(0x10000)}\r\n`);
  const feeding = setInterval(() => socket.write(chunk), 20);
  t.after(() => clearInterval(feeding));
  let answer = '';
  socket.on('data', (text) => (answer += String(text)));
  await new Promise((resolve) => socket.once('close', resolve));
  assert.match(answer, /^HTTP\/1\.1 413 /);
});

test('other bytes than were promised never become the object', async (t) => {
  const { create, k, object } = await uploadScene(t);
  const good = randomBytes(300_000);
  const Sha256 = createHash('sha256').update(good).digest('hex');
  for (const send of [
    (url: string, body: Buffer<ArrayBuffer>) => patch(url, 0, body),
    (url: string, body: Buffer<ArrayBuffer>) => fetch(url, { method: 'PUT', body }),
  ]) {
    const bad = Buffer.from(good);
    bad[150_000]! ^= 1;
    const { url, uploadId } = await create(good.length, { Sha256 });
    const refused = await send(url, bad);
    assert.ok([410, 422].includes(refused.status), String(refused.status));
    assert.match(await refused.text(), new RegExp(`${Sha256} was promised`));
    assert.throws(object);
    assert.equal((await fetch(url, { method: 'HEAD', headers: TUS })).status, 410);
    const described = await k.call('DescribeUploads', { UploadId: uploadId });
    assert.equal(described.Uploads.Upload[0].Status, 'Failed');
  }
  const { url } = await create(good.length, { Sha256 });
  assert.equal((await patch(url, 0, good)).status, 204);
  assert.ok(object().equals(good));
});

test('one writer at a time; when it is killed the next goes on at once from what came', async (t) => {
  const { create, object } = await uploadScene(t);
  const bytes = randomBytes(1_000_000);
  const { url } = await create(bytes.length);
  const first = await begin(url, tusLines(0, bytes.length), bytes.subarray(0, 400_000));
  await until(async () => ((await (await fetch(url)).json()) as Progress).uploadedBytes > 0);
  const second = await patch(url, 0, bytes);
  assert.equal(second.status, 423);
  first.destroy();
  const startMs = performance.now();
  await until(async () => (await offsetOf(url)) === '400000');
  assert.ok(performance.now() - startMs < 2_000);
  assert.equal((await patch(url, 400_000, bytes.subarray(400_000))).status, 204);
  assert.ok(object().equals(bytes));
});

interface Progress {
  uploadedBytes: number;
}

test('a body that stands still is cut off, and what came is kept', async (t) => {
  const { create } = await uploadScene(t, { idleTimeoutMs: 300 });
  const { url } = await create(1_000_000);
  const socket = await begin(url, tusLines(0, 1_000_000), randomBytes(123_456));
  await new Promise((resolve) => socket.once('close', resolve));
  await until(async () => (await offsetOf(url)) === '123456');
});

test('an expired upload opens nothing, and its bytes go with the sweep', async (t) => {
  const { create, k } = await uploadScene(t);
  const { url, uploadId } = await create(10);
  await patch(url, 0, Buffer.from('abc'));
  k.clock.advance(UPLOAD_MS);
  assert.equal((await patch(url, 3, Buffer.from('def'))).status, 404);
  await k.kindred.jobs.sweep();
  assert.equal(await k.store.read((tx) => tx.upload(uploadId)), undefined);
  assert.throws(() =>
    statSync(join(k.dataDir, 'buckets', 'builds', `.kindred-upload-${uploadId}`)),
  );
});

test('a folder that has the name of the object is not written over', async (t) => {
  const { create, k } = await uploadScene(t);
  k.putObject('builds', `${OBJECT}/inside.raw`, Buffer.from('there'));
  const { url } = await create(3);
  const answer = await patch(url, 0, Buffer.from('abc'));
  assert.equal(answer.status, 410);
  assert.match(await answer.text(), /A folder has the name/);
});

test('what is uploaded can be imported', async (t) => {
  const { create, k } = await uploadScene(t);
  const bytes = k.diskImage();
  const { url } = await create(bytes.length, { Object: 'pushed.qcow2' });
  assert.equal((await patch(url, 0, Buffer.from(bytes))).status, 204);
  const { ImageId } = await k.call('ImportImage', {
    RegionId: 'cn-hangzhou',
    'DiskDeviceMapping.1.OSSBucket': 'builds',
    'DiskDeviceMapping.1.OSSObject': 'pushed.qcow2',
  });
  await k.finishJobs();
  const content = await k.call('DescribeImageContent', { RegionId: 'cn-hangzhou', ImageId });
  const hex = createHash('sha256').update(bytes).digest('hex');
  assert.equal(content.Disks.Disk[0].Digest, `sha256:${hex}`);
});
