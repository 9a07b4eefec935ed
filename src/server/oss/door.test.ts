// The object door behind a real port: who is refused, what never shows, what is left. Official clients drive
// it in test/conformance; here requests are signed by hand, to be able to sign what no client would.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { openOssScene } from '../../testing/oss-scene.ts';
import { readOssRequest } from '../../wire/oss-request.ts';
import { signOssV1 } from '../../wire/oss-signature-v1.ts';

test('an object goes in and out; nothing else is left in its bucket', async (t) => {
  const { send, root } = await openOssScene(t);
  assert.equal((await send('PUT', '/images')).status, 200);
  assert.equal((await send('PUT', '/images/a/b', { body: 'bytes' })).status, 200);
  assert.equal((await send('GET', '/images/a/b')).text, 'bytes');
  assert.equal(
    (await send('GET', '/images/a/b', { headers: { range: 'bytes=9-' } })).code,
    'InvalidRange',
  );
  const wrong = { body: 'x', headers: { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' } };
  assert.equal((await send('PUT', '/images/c', wrong)).code, 'BadDigest');
  assert.equal((await send('PUT', '/images/a', { body: 'x' })).code, 'InvalidObjectName');
  const once = { body: 'x', headers: { 'x-oss-forbid-overwrite': 'true' } };
  assert.equal((await send('PUT', '/images/a/b', once)).code, 'FileAlreadyExists');
  assert.deepEqual(readdirSync(join(root, 'images')), ['a']);
  assert.equal((await send('DELETE', '/images')).code, 'BucketNotEmpty');
  assert.equal((await send('DELETE', '/images/a/b')).status, 204);
  assert.equal((await send('DELETE', '/images')).status, 204);
  assert.deepEqual(readdirSync(root), []);
});

test('the source of a copy is read with its space as %20 and as +', async (t) => {
  const { send } = await openOssScene(t);
  await send('PUT', '/images');
  await send('PUT', '/images/a%20b%2Bc', { body: 'bytes' });
  for (const [i, source] of ['/images/a%20b%2Bc', 'images/a+b%2Bc'].entries()) {
    const headers = { 'x-oss-copy-source': source };
    assert.equal((await send('PUT', `/images/copy-${i}`, { headers })).status, 200, source);
    assert.equal((await send('GET', `/images/copy-${i}`)).text, 'bytes');
  }
});

test('a list goes on after a folder that is named as a key, and after one that was told', async (t) => {
  const { send } = await openOssScene(t);
  await send('PUT', '/images');
  for (const key of ['a', 't/b', 't/u/c', 'z']) await send('PUT', `/images/${key}`, { body: 'x' });
  const list = async (query: string) => {
    const { text } = await send('GET', `/images?${query}`);
    return [...text.matchAll(/<(?:Key|CommonPrefixes><Prefix)>([^<]+)/g)].map(([, key]) => key);
  };
  assert.deepEqual(await list('prefix=t/&marker=t/'), ['t/b', 't/u/c']);
  assert.deepEqual(await list('marker=t/'), ['t/b', 't/u/c', 'z']);
  assert.deepEqual(await list('marker=t/u/&prefix=t/u/&delimiter=/'), ['t/u/c']);
  assert.deepEqual(await list('marker=t/&delimiter=/'), ['z']);
  assert.deepEqual(await list('prefix=t/&marker=t/u/&delimiter=/'), []);
  assert.deepEqual(await list('list-type=2&start-after=t/u'), ['t/u/c', 'z']);
});

test('keys that lead elsewhere, and links, are no objects', async (t) => {
  const { send, root, k } = await openOssScene(t);
  mkdirSync(join(root, 'images'), { recursive: true });
  writeFileSync(join(k.dataDir, 'secret'), 'secret');
  symlinkSync(k.dataDir, join(root, 'images', 'way'));
  symlinkSync(join(k.dataDir, 'secret'), join(root, 'images', 'link'));
  for (const key of ['..%2f..%2fsecret', 'a//b', 'a/', '.kindred-put-1', 'a%5cb', 'a%00b'])
    assert.equal(
      (await send('PUT', `/images/${key}`, { body: 'x' })).code,
      'InvalidObjectName',
      key,
    );
  for (const key of ['way/secret', 'link', '..%2f..%2fsecret'])
    assert.equal((await send('GET', `/images/${key}`)).code, 'NoSuchKey', key);
  assert.equal((await send('PUT', '/images/way/x', { body: 'x' })).code, 'InvalidObjectName');
  assert.equal((await send('DELETE', '/images/way/secret')).status, 204);
  assert.doesNotMatch((await send('GET', '/images')).text, /way|link|secret/);
  assert.ok(readdirSync(k.dataDir).includes('secret'));
});

test('the bucket of another account opens to nobody else', async (t) => {
  const { send, k } = await openOssScene(t);
  await send('PUT', '/images');
  await send('PUT', '/images/a', { body: 'x' });
  const { AccessKeyId, AccessKeySecret } = await k.call('CreateAccount', { AccountName: 'other' });
  const key = { accessKeyId: String(AccessKeyId), accessKeySecret: String(AccessKeySecret) };
  for (const path of ['/images/a', '/images/none', '/images', '/images?acl'])
    assert.equal((await send('GET', path, { key })).code, 'AccessDenied', path);
  assert.equal((await send('PUT', '/images', { key })).code, 'BucketAlreadyExists');
  await send('PUT', '/theirs', { key });
  const headers = { 'x-oss-copy-source': '/images/a' };
  assert.equal((await send('PUT', '/theirs/a', { key, headers })).code, 'AccessDenied');
  assert.doesNotMatch((await send('GET', '/', { key })).text, /<Name>images/);
});

test('what is not signed well, or not now, is refused', async (t) => {
  const { send, k, port } = await openOssScene(t);
  await send('PUT', '/images');
  const nowMs = k.kindred.house.clocks.wallMs();
  const late = await send('GET', '/images', { dateMs: nowMs - 16 * 60_000 });
  assert.equal(late.code, 'RequestTimeTooSkewed');
  const unknown = { accessKeyId: 'nobody', accessKeySecret: 'x' };
  assert.equal((await send('GET', '/images', { key: unknown })).code, 'InvalidAccessKeyId');
  const empty = { accessKeyId: '', accessKeySecret: '' };
  assert.equal((await send('GET', '/images', { key: empty })).code, 'InvalidAccessKeyId');
  const wrong = { ...k.rootKey, accessKeySecret: 'wrong' };
  assert.equal((await send('GET', '/images', { key: wrong })).code, 'SignatureDoesNotMatch');
  const address = (expires: number) => {
    const read = readOssRequest('GET', '/images/a', []);
    const Signature = signOssV1(read, String(expires), k.rootKey.accessKeySecret);
    const query = { OSSAccessKeyId: k.rootKey.accessKeyId, Expires: String(expires), Signature };
    return `/images/a?${new URLSearchParams(query)}`;
  };
  const both = await send('GET', address(Math.floor(nowMs / 1000) + 60));
  assert.equal(both.code, 'InvalidArgument', 'signed in two ways');
  await send('PUT', '/images/a', { body: 'bytes' });
  const fetched = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  assert.equal(await fetched(address(Math.floor(nowMs / 1000) + 60)), 'bytes');
  assert.match(await fetched(address(Math.floor(nowMs / 1000) - 1)), /AccessDenied.*expired/);
  assert.match(
    await fetched(`${address(Math.floor(nowMs / 1000) + 60)}&Expires=9`),
    /InvalidArgument/,
  );
});

test('what is not served is said so, and huge documents end early', async (t) => {
  const { send } = await openOssScene(t);
  await send('PUT', '/images');
  assert.equal((await send('GET', '/images?lifecycle')).code, 'NotImplemented');
  assert.equal(
    (await send('POST', '/images/a?append&position=0', { body: 'x' })).code,
    'NotImplemented',
  );
  const acl = { headers: { 'x-oss-object-acl': 'public-read' }, body: 'x' };
  assert.equal((await send('PUT', '/images/a', acl)).code, 'NotImplemented');
  const body = `<Delete>${'<Object><Key>a</Key></Object>'.repeat(200_000)}</Delete>`;
  const huge = await send('POST', '/images?delete', { body }).catch(() => undefined);
  if (huge !== undefined) assert.equal(huge.code, 'MalformedXML');
});

test('a body that stops leaves nothing', async (t) => {
  const { send, root, port, authorization } = await openOssScene(t);
  await send('PUT', '/images');
  const headers = authorization('PUT', '/images/slow', { headers: { 'content-length': '1000' } });
  const lines = Object.entries({ host: 'localhost', ...headers }).map(([n, v]) => `${n}: ${v}\r\n`);
  const socket = createConnection(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`PUT /images/slow HTTP/1.1\r\n${lines.join('')}\r\nabc`);
  await new Promise((resolve) => socket.once('close', resolve).resume());
  assert.equal((await send('GET', '/images/slow')).code, 'NoSuchKey');
  for (let i = 0; i < 100 && readdirSync(join(root, 'images')).length > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(readdirSync(join(root, 'images')), []);
});

test('what the door changes is recorded before it is answered, and what it denies is gathered', async (t) => {
  const { k, send } = await openOssScene(t);
  await send('PUT', '/images');
  await send('PUT', '/images/a/b', { body: 'bytes' });
  await send('GET', '/images/a/b');
  await send('DELETE', '/images/a/b');
  const { AccountId, AccessKeyId, AccessKeySecret } = await k.call('CreateAccount', {
    AccountName: 'other',
  });
  const key = { accessKeyId: String(AccessKeyId), accessKeySecret: String(AccessKeySecret) };
  assert.equal((await send('GET', '/images/a/b', { key })).status, 403);
  await k.kindred.house.trail.refused.flush();
  const rows = await k.store.read((tx) => tx.auditRecordsAfter(0, 100));
  const records = rows.map(({ record }) => JSON.parse(record));
  const ofDoor = records.filter(({ serviceName }) => serviceName === 'Oss');
  assert.deepEqual(
    ofDoor.map(({ eventName, errorCode }) => [eventName, errorCode ?? 'ok']),
    [
      ['PutBucket', 'ok'],
      ['PutObject', 'ok'],
      ['DeleteObject', 'ok'],
      ['GetObject', 'AccessDenied'],
    ],
  );
  assert.equal(ofDoor[1].userIdentity.principalId, `acs:ram::${k.accountId}:root`);
  assert.deepEqual(ofDoor[1].referencedResources['ACS::OSS::Object'], ['images/a/b']);
  assert.equal(ofDoor[3].recipientAccountId, AccountId);
});
