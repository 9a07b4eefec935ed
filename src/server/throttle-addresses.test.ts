// Calls that no account answers for: anonymous ones, and those whose key or signature is not right. They are
// counted by address, and an address that is beyond its rate keeps nobody out who signs well from there.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, type Harness } from '../testing/harness.ts';
import { openOssScene } from '../testing/oss-scene.ts';
import { signedRequest } from '../testing/sign.ts';
import type { WireRequest } from '../wire/request.ts';
import { networkOf } from './throttle.ts';

const REGIONS = { action: 'DescribeRegions', version: '2014-05-26' };

const codeOf = async (k: Harness, request: WireRequest, remoteAddress: string) => {
  const { body, headers } = await k.kindred.handle({ ...request, remoteAddress });
  const { Code = 'OK' } = JSON.parse(String(body)) as { Code?: string };
  const waitMs = headers['x-acs-retry-after'];
  assert.equal(waitMs !== undefined, Code === 'Throttling.User');
  if (waitMs !== undefined) assert.ok(Number(waitMs) >= 1 && Number(waitMs) <= 1_000, `${waitMs}`);
  return Code;
};

test('an address whose calls fail is told only to wait; who signs well from there is served', async (t) => {
  const k = await kindred(t, { throttle: { failed: 1 } });
  const unknown = { accessKeyId: 'LTAIunknown', accessKeySecret: 'x' };
  const wrong = { ...k.rootKey, accessKeySecret: 'wrong' };
  const send = (key: typeof unknown, from: string, nowMs = k.clock.wallMs()) =>
    codeOf(k, signedRequest({}, { ...REGIONS, ...key, nowMs }), from);
  assert.equal(await send(unknown, '192.0.2.1'), 'InvalidAccessKeyId.NotFound');
  const before = k.stateHash();
  const told = await Promise.all([
    // Whether a key is there is not told any more, nor what else was wrong.
    send(unknown, '192.0.2.1'),
    send(wrong, '::ffff:192.0.2.1'),
    send(k.rootKey, '192.0.2.1', 0),
    send(k.rootKey, '192.0.2.1'),
    send(wrong, '192.0.2.2'),
  ]);
  const wait = 'Throttling.User';
  assert.deepEqual(told, [wait, wait, wait, 'OK', 'SignatureDoesNotMatch']);
  assert.equal(k.stateHash(), before);
});

test('anonymous calls are counted by address too, right or not', async (t) => {
  const k = await kindred(t, { throttle: { anonymous: 1 } });
  const query = new URLSearchParams({
    Action: 'AssumeRoleWithOIDC',
    Version: '2015-04-01',
    Format: 'JSON',
    RoleArn: `acs:ram::${k.accountId}:role/ci`,
    OIDCProviderArn: `acs:ram::${k.accountId}:oidc-provider/ci`,
    OIDCToken: 'made-up',
  });
  const request: WireRequest = {
    method: 'GET',
    target: `/?${query}`,
    rawHeaders: ['Host', '127.0.0.1:5260'],
    body: new Uint8Array(0),
  };
  const froms = ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::', '2001:db8:0:1::1', '::1'];
  const told = await Promise.all(froms.map((from) => codeOf(k, request, from)));
  const refused = 'AuthenticationFail.NoPermission';
  const wait = 'Throttling.User';
  assert.deepEqual(told, [refused, wait, wait, refused, refused]);
});

test('the object door counts failures with the others', async (t) => {
  const { k, send } = await openOssScene(t, { throttle: { failed: 1 } });
  const unknown = { accessKeyId: 'LTAIunknown', accessKeySecret: 'x' };
  const wrong = { ...k.rootKey, accessKeySecret: 'wrong' };
  assert.equal((await send('GET', '/', { key: unknown })).code, 'InvalidAccessKeyId');
  const told = await Promise.all([
    send('GET', '/', { key: unknown }),
    send('GET', '/', { key: wrong }),
    send('GET', '/'),
  ]);
  assert.deepEqual(
    told.map(({ status, code }) => `${status} ${code}`),
    ['503 QpsLimitExceeded', '503 QpsLimitExceeded', '200 '],
  );
  const request = signedRequest({}, { ...REGIONS, ...unknown, nowMs: k.clock.wallMs() });
  assert.equal(await codeOf(k, request, '127.0.0.1'), 'Throttling.User');
});

test('an IPv4 address is one, an IPv6 address its network', () => {
  for (const [address, network] of [
    ['192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8:0:0::/64'],
    ['2001:db8:0:0:1:2:3:4', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ] as const)
    assert.equal(networkOf(address), network, address);
});
