// Requests that are too large or too slow. The server must answer or close, keep its memory flat and
// serve everybody else meanwhile.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { after, test } from 'node:test';
import { kindred } from '../../src/testing/harness.ts';
import { startServer } from '../../src/testing/server.ts';
import { makeHttpServer } from '../../src/server/http.ts';
import { stateHash } from '../../src/testing/state-hash.ts';
import { openSocket, readAnswer, send, sendRaw, toBytes } from './raw.ts';
import { HOST, v1, v3 } from './sign.ts';

const MIB = 2 ** 20;
const server = await startServer({ after });
const by = () => ({ key: server.key, nowMs: Date.now() });

/** Bytes in memory of the server's process; undefined where there is no /proc. */
const residentBytes = (): number | undefined => {
  try {
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  } catch {
    return undefined;
  }
};

/** Writes for as long as the server reads, at most `maxBytes`. */
const pour = async (socket: Socket, piece: Buffer, maxBytes: number): Promise<void> => {
  socket.on('error', () => undefined);
  for (let sent = 0; sent < maxBytes && !socket.destroyed; sent += piece.length)
    if (!socket.write(piece))
      await Promise.race([once(socket, 'drain'), once(socket, 'close')]).catch(() => undefined);
};

test('a body over the limit: 413, the connection closed, memory flat', async () => {
  const head = `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
  const framings: [head: string, piece: Buffer][] = [
    [`${head}Content-Length: ${10 * 2 ** 30}\r\n\r\n`, Buffer.alloc(64 * 1024, 'a')],
    [
      `${head}Transfer-Encoding: chunked\r\n\r\n`,
      Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536, 'a'), Buffer.from('\r\n')]),
    ],
  ];
  const before = stateHash(server.dataDir);
  await send(server, v1(by()));
  const startBytes = residentBytes();
  for (const [start, piece] of framings)
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        const socket = await openSocket(server);
        const answer = readAnswer(socket);
        socket.write(start);
        const [{ statuses, isClosed, code }] = await Promise.all([
          answer,
          pour(socket, piece, 256 * MIB),
        ]);
        socket.destroy();
        // What is still on its way when the server closes can make the kernel drop the answer.
        if (statuses.length > 0)
          assert.deepEqual([statuses, code], [[413], 'RequestTooLarge.Body']);
        assert.equal(isClosed, true);
      }),
    );
  const endBytes = residentBytes();
  if (startBytes !== undefined && endBytes !== undefined)
    assert.ok(
      endBytes - startBytes < 128 * MIB,
      `memory grew by ${(endBytes - startBytes) / MIB} MiB`,
    );
  assert.equal(stateHash(server.dataDir), before);
  assert.deepEqual((await send(server, v1(by()))).statuses, [200]);
});

test('a body one byte over the limit, and one at it', async () => {
  const bodyOf = (length: number) =>
    Buffer.concat([Buffer.from('X='), Buffer.alloc(length - 2, 'a')]);
  const over = await send(server, v3({ ...by(), body: bodyOf(MIB + 1) }));
  assert.deepEqual(
    [over.statuses, over.code, over.isClosed],
    [[413], 'RequestTooLarge.Body', true],
  );
  const at = await send(server, v3({ ...by(), body: bodyOf(MIB) }));
  assert.deepEqual([at.statuses, at.code], [[200], 'OK']);
});

test('a thousand parameters at most', async () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`P${i}`, '']));
  const post = { method: 'POST', place: 'body' } as const;
  const over = await send(server, v1({ ...by(), parameters: many(1_001), ...post }));
  assert.equal(over.code, 'RequestTooLarge.Parameters');
  const flood = `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
  const body = 'a=&'.repeat(300_000);
  const far = await sendRaw(server, `${flood}Content-Length: ${body.length}\r\n\r\n${body}`);
  assert.deepEqual(far.statuses, [400]);
});

test('a compressed body is refused without being unpacked', async () => {
  const bomb = gzipSync(Buffer.alloc(64 * MIB));
  for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip', 'zstd', 'GZIP']) {
    const startedMs = performance.now();
    const headers = { 'content-encoding': encoding };
    const { statuses, code } = await send(server, v3({ ...by(), body: bomb, headers }));
    assert.deepEqual([statuses, code], [[415], 'UnsupportedContent.Encoding'], encoding);
    assert.ok(performance.now() - startedMs < 2_000);
  }
});

test('a body that falls silent is cut off, on any path', { timeout: 60_000 }, async (t) => {
  const k = await kindred(t);
  const { server: idle, drain } = await makeHttpServer({
    handle: k.kindred.handle,
    other: (request, response) => void request.resume().on('end', () => response.end('read')),
    welcome: '',
    callTimeoutMs: 400,
    idleTimeoutMs: 400,
  });
  idle.listen(0, '127.0.0.1');
  await once(idle, 'listening');
  const address = { host: '127.0.0.1', port: (idle.address() as AddressInfo).port };
  const head = (path: string, length: number): string =>
    `PUT ${path} HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: ${length}\r\n\r\n`;
  for (const path of ['/', '/uploads/x']) {
    const socket = await openSocket(address);
    socket.on('error', () => undefined);
    socket.write(`${head(path, 100)}abc`);
    assert.equal((await readAnswer(socket)).isClosed, true, path);
  }
  // Slow is not silent: three times as long as the limit.
  const socket = await openSocket(address);
  socket.write(head('/uploads/x', 12));
  const timer = setInterval(() => socket.write('a'), 100);
  const { statuses } = await readAnswer(socket);
  clearInterval(timer);
  assert.deepEqual(statuses, [200]);
  idle.closeAllConnections();
  await drain();
});

test('slow requests are cut off while honest ones are served', { timeout: 60_000 }, async (t) => {
  const k = await kindred(t);
  const other = (): never => assert.fail('no other path is asked');
  const { server: slow, drain } = await makeHttpServer({
    handle: k.kindred.handle,
    other,
    welcome: '',
    callTimeoutMs: 600,
  });
  assert.equal(slow.headersTimeout, 10_000);
  // The same timer, shortened; it is looked at every two seconds.
  slow.headersTimeout = 300;
  slow.listen(0, '127.0.0.1');
  await once(slow, 'listening');
  // A server that listens on a port has an address of this kind.
  const address = { host: '127.0.0.1', port: (slow.address() as AddressInfo).port };
  const honest = () => v1({ key: k.rootKey, nowMs: k.clock.wallMs() });
  const head = `POST / HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 100\r\n\r\n`;
  const drip = async (start: string): Promise<number[]> => {
    const socket = await openSocket(address);
    socket.on('error', () => undefined);
    socket.write(start);
    const timer = setInterval(() => socket.write('a'), 100);
    const { statuses, isClosed } = await readAnswer(socket);
    clearInterval(timer);
    assert.equal(isClosed, true, 'a slow request was left open');
    return statuses;
  };
  const starts = [head.slice(0, 20), head, ''];
  const drips = starts.flatMap((start) => Array.from({ length: 50 }, () => drip(start)));
  for (let i = 0; i < 20; i++) {
    const startedMs = performance.now();
    assert.deepEqual((await sendRaw(address, toBytes(honest()))).statuses, [200]);
    assert.ok(performance.now() - startedMs < 2_000, 'an honest request had to wait');
  }
  for (const statuses of await Promise.all(drips))
    assert.ok([400, 408].includes(statuses[0] ?? 408));
  slow.closeAllConnections();
  await drain();
});
