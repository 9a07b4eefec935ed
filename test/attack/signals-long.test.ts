// Signals and lost readers: the server ends when it is told to, in order and in time, and goes on when
// nobody listens to what it says.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { startServer, type TestServer } from '../../src/testing/server.ts';
import { openSocket, readAnswer, send, type RawAnswer } from './raw.ts';
import { HOST, v1, v3 } from './sign.ts';

const STOP_MS = 8_000;

test('SIGTERM under load: whole answers only, exit code 0 in time, nothing is lost', async (t) => {
  const server = await startServer(t);
  const { key } = server;
  const create = { action: 'CreateAccessKey', version: '2026-11-24', parameters: {} };
  const answers: RawAnswer[] = [];
  let isOver = false;
  const client = async (): Promise<void> => {
    while (!isOver) {
      const request = v3({ key, nowMs: Date.now(), ...(answers.length % 50 === 0 && create) });
      // Once it no longer listens, connections are refused, which is what a client may expect.
      const answer = await send(server, request).catch(() => undefined);
      if (answer === undefined) return;
      answers.push(answer);
    }
  };
  const clients = Array.from({ length: 16 }, client);
  // A connection that is kept open and one that is slow must not hold the end up.
  const idle = await openSocket(server);
  const slow = await openSocket(server);
  for (const socket of [idle, slow]) socket.on('error', () => undefined);
  slow.write(`POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 9\r\n\r\na`);
  while (answers.length < 100) await pause(5);
  const startedMs = performance.now();
  const exit = await server.stop();
  const elapsedMs = performance.now() - startedMs;
  isOver = true;
  await Promise.all(clients);
  for (const socket of [idle, slow]) socket.destroy();
  assert.deepEqual(exit, { code: 0, signal: null }, server.log);
  assert.ok(elapsedMs < STOP_MS + 1_000, `it took ${Math.round(elapsedMs)} ms`);
  const wrong = answers.filter(({ statuses, text, code }) => {
    const isWhole =
      statuses.length === 1 && (statuses[0] === 200 || code === 'LimitExceeded.AccessKey');
    // A connection that was closed before it was answered gets no answer, and never half of one.
    return !isWhole && text !== '';
  });
  assert.deepEqual(wrong, []);
  assert.doesNotMatch(server.log, /"level":(50|60)/);
  // Closed in order: the log of the database is folded back, whatever the slow one did.
  assert.equal(existsSync(join(server.dataDir, 'kindred.db-wal')), false);
  await server.restart();
  assert.deepEqual((await send(server, v1({ key, nowMs: Date.now() }))).statuses, [200]);
});

test('SIGINT ends it too; without requests at once', async (t) => {
  const server = await startServer(t);
  const startedMs = performance.now();
  server.signal('SIGINT');
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  assert.ok(performance.now() - startedMs < 3_000);
});

test('a second signal ends it at once, although a request is still running', async (t) => {
  const server = await startServer(t);
  const slow = await openSocket(server);
  slow.on('error', () => undefined);
  slow.write(`POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 9\r\n\r\na`);
  await send(server, v1({ key: server.key, nowMs: Date.now() }));
  const startedMs = performance.now();
  server.signal('SIGTERM');
  await pause(200);
  server.signal('SIGTERM');
  assert.deepEqual(await server.exited, { code: 0, signal: null });
  assert.ok(performance.now() - startedMs < 3_000);
  slow.destroy();
});

const isListening = (server: TestServer): Promise<boolean> =>
  openSocket(server).then(
    (socket) => socket.destroy() && true,
    () => false,
  );

test('the answer to a request that was running at the signal says that the connection closes', async (t) => {
  const server = await startServer(t);
  const socket = await openSocket(server);
  const answer = readAnswer(socket);
  const request = v1({ key: server.key, nowMs: Date.now(), method: 'POST', place: 'body' });
  const headers = `Host: ${HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${request.body.length}\r\n`;
  socket.write(`POST / HTTP/1.1\r\n${headers}\r\n`);
  await send(server, v1({ key: server.key, nowMs: Date.now() }));
  server.signal('SIGTERM');
  while (await isListening(server)) await pause(10);
  socket.write(request.body);
  const { statuses, text, isClosed } = await answer;
  assert.deepEqual([statuses, isClosed], [[200], true], text);
  assert.match(text, /\r\nconnection: close\r\n/i);
  assert.deepEqual(await server.exited, { code: 0, signal: null });
});

test('the reader of the log goes away: the server goes on and stops in order', async (t) => {
  const server = await startServer(t, { args: ['--log-level', 'trace'] });
  await send(server, v1({ key: server.key, nowMs: Date.now() }));
  assert.match(server.log, /"action":"DescribeImageFromFamily"/);
  server.stderr.destroy();
  await pause(50);
  for (let i = 0; i < 20; i++) {
    assert.deepEqual(
      (await send(server, v1({ key: server.key, nowMs: Date.now() }))).statuses,
      [200],
    );
    const bad = v1({ key: { ...server.key, accessKeySecret: 'x' }, nowMs: Date.now() });
    assert.deepEqual((await send(server, bad)).statuses, [400]);
  }
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});
