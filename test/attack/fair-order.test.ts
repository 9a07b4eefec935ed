// Who floods the port and who is next: over real sockets, with an answerer that notes the order in which calls begin.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { makeHttpServer } from '../../src/server/http.ts';
import { KnownKeys } from '../../src/server/known-keys.ts';
import { openSocket, readAnswer } from './raw.ts';

const FLOOD = 200;

const scene = async (t: TestContext, answerMs = 0) => {
  const begun: string[] = [];
  let refused = 0;
  const knownKeys = new KnownKeys({ monotonicMs: () => 0 });
  for (const key of ['flooder', 'honest']) knownKeys.note(key, '127.0.0.1', `account of ${key}`);
  const http = await makeHttpServer({
    knownKeys,
    async handle({ target }, refusal) {
      if (refusal === undefined) begun.push(target.slice('/?AccessKeyId='.length));
      else refused += 1;
      await new Promise((resolve) => setTimeout(resolve, answerMs).unref());
      return { status: refusal?.status ?? 200, headers: {}, body: 'x' };
    },
    other: () => undefined,
    welcome: '',
  });
  http.server.listen(0, '127.0.0.1');
  await once(http.server, 'listening');
  t.after(() => http.server.close());
  const { port } = http.server.address() as AddressInfo;
  return {
    begun,
    http,
    refused: () => refused,
    open: () => openSocket({ host: '127.0.0.1', port }),
  };
};

const calls = (key: string, count: number): string =>
  `GET /?AccessKeyId=${key} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count);

test('a call of another account overtakes those that wait in the line of a flood', async (t) => {
  const { begun, http, open } = await scene(t);
  const flooder = await open();
  const honest = await open();
  const flood = readAnswer(flooder, FLOOD);
  const answer = readAnswer(honest);
  // All in one piece: the server reads them in one turn, before the other call.
  flooder.write(calls('flooder', FLOOD));
  honest.write(calls('honest', 1));
  assert.deepEqual((await answer).statuses, [200]);
  assert.equal((await flood).statuses.length, FLOOD);
  for (const socket of [flooder, honest]) socket.destroy();
  assert.equal(begun.length, FLOOD + 1);
  assert.ok(begun.indexOf('honest') < FLOOD / 4, `place ${begun.indexOf('honest')}`);
  assert.equal(http.waiting(), 0);
});

test('a flood beyond the room that its line has is refused, and another call is not', async (t) => {
  const { begun, refused, open } = await scene(t);
  const flooder = await open();
  const honest = await open();
  const answer = readAnswer(honest);
  flooder.resume().write(calls('stranger', 2_000));
  honest.write(calls('honest', 1));
  assert.deepEqual((await answer).statuses, [200]);
  assert.ok(begun.includes('honest'));
  while (begun.length + refused() < 2_001) await new Promise(setImmediate);
  assert.ok(refused() > 0);
  for (const socket of [flooder, honest]) socket.destroy();
});

test('answers that take long keep nobody waiting', async (t) => {
  const { begun, open } = await scene(t, 5_000);
  const slow = await open();
  const quick = await open();
  slow.write(calls('flooder', 20));
  quick.write(calls('honest', 1));
  const startedMs = performance.now();
  while (begun.length < 21 && performance.now() - startedMs < 4_500)
    await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(begun.length, 21, 'all have begun before the first was answered');
  for (const socket of [slow, quick]) socket.destroy();
});
