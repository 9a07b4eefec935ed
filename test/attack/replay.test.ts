// Replays against a real server: one after the other, sixty-four at once, after a restart and after a
// kill. A captured request has one effect, whatever happens to the process in between.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer, type TestServer } from '../../src/testing/server.ts';
import { stateHash } from '../../src/testing/state-hash.ts';
import type { WireRequest } from '../../src/wire/request.ts';
import { send } from './raw.ts';
import { v1, v3 } from './sign.ts';

const PARALLEL = 64;

/** A read and a write in each scheme; the write makes one key more, so that effects can be counted. */
const captured = (server: TestServer): WireRequest[] => {
  const by = { key: server.key, nowMs: Date.now() };
  const create = { action: 'CreateAccessKey', version: '2026-11-24', parameters: {} };
  return [
    v1(by),
    v3(by),
    v1({ ...by, ...create, method: 'POST', place: 'body' }),
    v3({ ...by, ...create }),
  ];
};

const replayed = async (server: TestServer, requests: readonly WireRequest[]): Promise<void> => {
  const before = stateHash(server.dataDir);
  for (const request of requests) {
    const { statuses, code } = await send(server, request);
    assert.deepEqual([statuses, code], [[400], 'SignatureNonceUsed']);
  }
  assert.equal(stateHash(server.dataDir), before);
};

test('a replay is refused: at once, after a stop, after a kill', async (t) => {
  const server = await startServer(t);
  const requests = captured(server);
  for (const request of requests) assert.deepEqual((await send(server, request)).statuses, [200]);
  await replayed(server, requests);
  await server.restart();
  await replayed(server, requests);
  const late = captured(server);
  for (const request of late) assert.deepEqual((await send(server, request)).statuses, [200]);
  await server.kill();
  await server.restart();
  await replayed(server, [...requests, ...late]);
  // The process is not merely refusing everything.
  assert.deepEqual(
    (await send(server, v3({ key: server.key, nowMs: Date.now() }))).statuses,
    [200],
  );
});

test('of sixty-four at once exactly one is served', async (t) => {
  const server = await startServer(t);
  for (const request of captured(server)) {
    const before = stateHash(server.dataDir);
    const answers = await Promise.all(
      Array.from({ length: PARALLEL }, () => send(server, request)),
    );
    const codes = answers.map(({ statuses, code }) => `${statuses} ${code}`).toSorted();
    const expected = [
      '200 OK',
      ...Array.from({ length: PARALLEL - 1 }, () => '400 SignatureNonceUsed'),
    ];
    assert.deepEqual(codes, expected);
    const isWrite = !request.target.includes('ImageFamily');
    assert.equal(stateHash(server.dataDir) !== before, isWrite);
  }
  const list = v3({
    key: server.key,
    nowMs: Date.now(),
    action: 'DescribeAccessKeys',
    version: '2026-11-24',
    parameters: {},
  });
  const { text } = await send(server, list);
  assert.equal(
    text.match(/"AccessKeyId"/g)?.length,
    3,
    'one key of the start and one of each write',
  );
});
