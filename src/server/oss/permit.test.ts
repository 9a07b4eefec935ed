// What users may at the object door: the actions and ARNs of OSS, down to one object.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allow, deny, newSession, newUser } from '../../testing/access.ts';
import { openOssScene } from '../../testing/oss-scene.ts';
import { OSS_OPERATIONS } from './operations.ts';
import { OSS_ACTIONS } from './permit.ts';

test('every operation of the door has an action that a policy can name', () => {
  assert.deepEqual(
    [...OSS_ACTIONS.keys()].toSorted(),
    OSS_OPERATIONS.map(({ name }) => name).toSorted(),
  );
});

/** Requests that together are every operation of the door, on an object that is there. */
const REQUESTS: [method: string, path: string, headers?: Record<string, string>][] = [
  ['GET', '/'],
  ['PUT', '/fresh'],
  ['GET', '/images?acl'],
  ['PUT', '/images?acl', { 'x-oss-acl': 'private' }],
  ['GET', '/images?bucketInfo'],
  ['GET', '/images?location'],
  ['GET', '/images'],
  ['GET', '/images?list-type=2'],
  ['GET', '/images?uploads'],
  ['POST', '/images/b?uploads'],
  ['PUT', '/images/b?partNumber=1&uploadId=none'],
  ['PUT', '/images/b?partNumber=1&uploadId=none', { 'x-oss-copy-source': '/images/a' }],
  ['GET', '/images/b?uploadId=none'],
  ['POST', '/images/b?uploadId=none'],
  ['DELETE', '/images/b?uploadId=none'],
  ['PUT', '/images/b', { 'x-oss-copy-source': '/images/a' }],
  ['PUT', '/images/c'],
  ['GET', '/images/a'],
  ['HEAD', '/images/a'],
  ['HEAD', '/images/a?objectMeta'],
  ['GET', '/images/a?acl'],
  ['PUT', '/images/a?acl', { 'x-oss-object-acl': 'default' }],
  ['DELETE', '/images/none'],
  ['DELETE', '/fresh'],
];
const DELETE_A = '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object></Delete>';

test('without a policy, and against one that denies, no request goes through; with one each does', async (t) => {
  const { send, k } = await openOssScene(t);
  await send('PUT', '/images');
  await send('PUT', '/images/a', { body: 'bytes' });
  const users = [
    await newUser(k),
    await newUser(k, [allow(), deny('oss:*')]),
    await newUser(k, [allow('oss:*', 'acs:oss:*:*:other*')]),
  ];
  for (const key of users) {
    for (const [method, path, headers = {}] of REQUESTS) {
      const answer = await send(method, path, { key, headers });
      assert.equal(answer.status, 403, `${method} ${path} ${answer.text}`);
      if (method !== 'HEAD') assert.equal(answer.code, 'AccessDenied', `${method} ${path}`);
    }
    const many = await send('POST', '/images?delete', { key, body: DELETE_A });
    assert.equal(many.code, 'AccessDenied');
  }
  const key = await newUser(k, [allow('oss:*')]);
  for (const [method, path, headers = {}] of REQUESTS) {
    const { status, code } = await send(method, path, { key, headers });
    assert.ok(status !== 403 && status < 500, `${method} ${path} ${status} ${code}`);
  }
  assert.equal((await send('POST', '/images?delete', { key, body: DELETE_A })).status, 200);
});

test('one object is a resource, and a copy needs the right to its source', async (t) => {
  const { send, k } = await openOssScene(t);
  await send('PUT', '/images');
  for (const name of ['in/a', 'out/b']) await send('PUT', `/images/${name}`, { body: 'bytes' });
  const key = await newUser(k, [
    allow('oss:GetObject', 'acs:oss:*:*:images/in/*'),
    allow(['oss:PutObject', 'oss:DeleteObject'], 'acs:oss:*:*:images/new/*'),
  ]);
  const code = async (method: string, path: string, more: object = {}) =>
    (await send(method, path, { key, ...more })).code || 'OK';
  assert.equal(await code('GET', '/images/in/a'), 'OK');
  assert.equal(await code('GET', '/images/in/none'), 'NoSuchKey');
  assert.equal(await code('GET', '/images/out/b'), 'AccessDenied');
  assert.equal(await code('GET', '/images/out/none'), 'AccessDenied');
  assert.equal(await code('GET', '/nobucket/x'), 'AccessDenied');
  const from = (source: string) => ({ headers: { 'x-oss-copy-source': source } });
  assert.equal(await code('PUT', '/images/new/a', from('/images/in/a')), 'OK');
  assert.equal(await code('PUT', '/images/new/b', from('/images/out/b')), 'AccessDenied');
  assert.equal(await code('PUT', '/images/in/c', from('/images/in/a')), 'AccessDenied');
  const both = '<Delete><Object><Key>new/a</Key></Object><Object><Key>in/a</Key></Object></Delete>';
  assert.equal(await code('POST', '/images?delete', { body: both }), 'AccessDenied');
  assert.equal((await send('GET', '/images/new/a')).status, 200);
  const denied = await send('GET', '/images/out/b', { key });
  assert.match(
    denied.text,
    /<AccessDeniedDetail>.*<AuthAction>oss:GetObject<\/AuthAction>.*<\/AccessDeniedDetail>/s,
  );
});

test('policies of images do not open objects of a bucket that is called image', async (t) => {
  const { send, k } = await openOssScene(t);
  await send('PUT', '/image');
  await send('PUT', '/image/a', { body: 'bytes' });
  const key = await newUser(k, [allow('*', 'acs:ecs:*:*:image/*')]);
  assert.equal((await send('GET', '/image/a', { key })).code, 'AccessDenied');
});

test('the session of a role opens buckets with its token, as far as its own policy goes', async (t) => {
  const { send, k } = await openOssScene(t);
  await send('PUT', '/images');
  await send('PUT', '/images/a', { body: 'bytes' });
  const statement = allow('oss:GetObject', 'acs:oss:*:*:images/*');
  const sessionPolicy = JSON.stringify({ Version: '1', Statement: [statement] });
  const key = await newSession(k, { sessionPolicy });
  const code = async (method: string, path: string, token: string | undefined, as = key) => {
    const headers = token === undefined ? {} : { 'x-oss-security-token': token };
    return (await send(method, path, { key: as, headers })).code || 'OK';
  };
  const { securityToken } = key;
  assert.equal(await code('GET', '/images/a', securityToken), 'OK');
  assert.equal(await code('DELETE', '/images/a', securityToken), 'AccessDenied');
  assert.equal(await code('GET', '/images/a', undefined), 'InvalidSecurityToken');
  assert.equal(await code('GET', '/images/a', `${securityToken}x`), 'InvalidSecurityToken');
  const other = await newSession(k);
  assert.equal(await code('GET', '/images/a', other.securityToken), 'InvalidSecurityToken');
  const wrong = { ...key, accessKeySecret: 'wrong' };
  assert.equal(await code('GET', '/images/a', securityToken, wrong), 'SignatureDoesNotMatch');
  const rooted = { ...key, ...k.rootKey };
  assert.equal(await code('GET', '/images/a', securityToken, rooted), 'InvalidSecurityToken');
  k.clock.advance(3_600_001);
  assert.equal(await code('GET', '/images/a', securityToken), 'SecurityTokenExpired');
});
