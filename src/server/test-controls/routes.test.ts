// The controls over HTTP, as a program in any language uses them, on a real server with `--test-controls`.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { signedRequest } from '../../testing/sign.ts';
import { runServe, startServer } from '../../testing/server.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyPair } from '../first-account.ts';

const TOKEN = 'sixteen-characters-or-more';
const server = await startServer(
  { after },
  { args: ['--test-controls', '--test-controls-token', TOKEN, '--log-level', 'error'] },
);

const control = async (method: string, path: string, body?: object, headers: object = {}) => {
  const response = await fetch(`${server.url}/_test${path}`, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  // oxlint-disable-next-line typescript/no-explicit-any -- parsed answers of many shapes
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as any };
};

const call = async (key: KeyPair, action: string, parameters: Record<string, string> = {}) => {
  const { target } = signedRequest(
    { RegionId: 'cn-hangzhou', ...parameters },
    { ...key, action, version: '2014-05-26', nowMs: Date.now(), format: 'JSON' },
  );
  const response = await fetch(`${server.url}${target}`);
  return {
    status: response.status,
    fault: response.headers.get('x-kindred-fault'),
    body: (await response.json()) as Record<string, unknown>,
  };
};

const newWorld = async (body: object = {}): Promise<KeyPair & { WorldId: string }> => {
  const { status, body: made } = await control('POST', '/worlds', body);
  assert.equal(status, 201, JSON.stringify(made));
  return {
    accessKeyId: made.AccessKeyId,
    accessKeySecret: made.AccessKeySecret,
    WorldId: made.WorldId,
  };
};

test('worlds come and go, each behind its own key', async () => {
  const one = await newWorld();
  const two = await newWorld({ AccessKeyId: 'given', AccessKeySecret: 'given-secret' });
  await call(one, 'CreateSecurityGroup', { SecurityGroupName: 'of-one' });
  const count = async (key: KeyPair) => (await call(key, 'DescribeSecurityGroups')).body.TotalCount;
  assert.deepEqual([await count(one), await count(two), await count(server.key)], [1, 0, 0]);
  assert.equal((await control('DELETE', `/worlds/${one.WorldId}`)).status, 204);
  assert.equal((await call(one, 'DescribeRegions')).body.Code, 'InvalidAccessKeyId.NotFound');
  assert.equal((await control('DELETE', `/worlds/${one.WorldId}`)).status, 400);
  assert.equal((await control('DELETE', '/worlds/main')).status, 400);
  const again = await control('POST', '/worlds', { AccessKeyId: 'given', AccessKeySecret: 'x' });
  assert.match(again.body.Message, /another world/);
  await control('DELETE', `/worlds/${two.WorldId}`);
});

test('time, faults, calls, snapshots and reset are about the world that is named', async () => {
  const world = await newWorld({ RandomSeed: 5 });
  const of = (path: string) => `${path}?World=${world.WorldId}`;
  const frozen = await control('PUT', of('/clock'), { Frozen: true, Now: '2027-01-01T00:00:00Z' });
  assert.deepEqual(frozen.body, {
    Now: '2027-01-01T00:00:00.000Z',
    Frozen: true,
    Signatures: 'either',
  });
  const moved = await control('POST', of('/clock/advance'), { Milliseconds: 3_600_000 });
  assert.equal(moved.body.Now, '2027-01-01T01:00:00.000Z');
  assert.equal((await control('GET', '/clock')).body.Frozen, false);
  await control('PUT', of('/snapshots/empty'));
  await call(world, 'CreateSecurityGroup', { SecurityGroupName: 'a' });
  const fault = { Operation: 'DescribeSecurityGroups', Kind: 'error', Code: 'ServiceUnavailable' };
  assert.equal((await control('POST', of('/faults'), fault)).status, 201);
  const met = await call(world, 'DescribeSecurityGroups');
  assert.deepEqual(
    [met.status, met.body.Code, met.fault],
    [503, 'ServiceUnavailable', 'fault-1 error'],
  );
  const { Calls } = (await control('GET', of('/calls'))).body;
  assert.deepEqual(
    Calls.map(({ Action }: { Action: string }) => Action),
    ['CreateSecurityGroup', 'DescribeSecurityGroups'],
  );
  await control('POST', of('/snapshots/empty/restore'));
  assert.equal((await call(world, 'DescribeSecurityGroups')).body.TotalCount, 0);
  const reset = await control('POST', of('/reset'));
  assert.equal(reset.body.AccessKeyId, world.accessKeyId);
  assert.equal((await control('POST', of('/idle'))).status, 200);
  await control('DELETE', `/worlds/${world.WorldId}`);
});

test('what is misspelt is refused with a sentence', async () => {
  for (const [path, body, message] of [
    ['/clock/advance', { Seconds: 5 }, /takes Milliseconds/],
    ['/clock/advance', { Milliseconds: -1 }, /0 milliseconds up to ten years/],
    ['/worlds', { AccessKeyId: 'alone' }, /go together/],
    ['/snapshots/none/restore', {}, /there is no snapshot none/],
    ['/reset?World=w-none', {}, /there is no world w-none/],
  ] as const) {
    const { status, body: answer } = await control('POST', path, body);
    assert.equal(status, 400, path);
    assert.match(answer.Message, message);
  }
  assert.equal((await control('GET', '/nothing')).status, 404);
  assert.equal((await control('GET', '')).body.openapi, '3.1.0');
});

test('a web page and a wrong token are not let in', async () => {
  const origin = await control('POST', '/reset', {}, { origin: 'http://evil.example' });
  assert.equal(origin.status, 403);
  const wrong = await control('GET', '/clock', undefined, { authorization: 'Bearer wrong' });
  assert.match(wrong.body.Message, /token/);
  const right = await control('GET', '/clock', undefined, { authorization: `Bearer ${TOKEN}` });
  assert.equal(right.status, 200);
});

test('the main world keeps its root key over a reset', async () => {
  await call(server.key, 'CreateSecurityGroup', { SecurityGroupName: 'main' });
  await control('POST', '/reset');
  assert.equal((await call(server.key, 'DescribeSecurityGroups')).body.TotalCount, 0);
});

test('a token without the controls, and a short one, are refused at start', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-token-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  for (const args of [
    ['--test-controls-token', TOKEN],
    ['--test-controls', '--test-controls-token', 'short'],
  ]) {
    const { code, log } = await runServe(t, { dataDir, args });
    assert.equal(code, 2);
    assert.match(log, /--test-controls-token/);
  }
});
