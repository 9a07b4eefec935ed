import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readCheckpoint } from '../../lib/checkpoint.ts';
import { systemClocks } from '../../lib/clock.ts';
import { kindred, type Harness } from '../../testing/harness.ts';
import { parseCheckpointAddress } from './checkpoint-address.ts';
import { startCheckpoints, type PlaceState } from './checkpoints.ts';

/** What is logged. */
const recordLog = () => {
  const lines: { level: string; message: string }[] = [];
  const at = (level: string) => (_fields: object, message: string) =>
    void lines.push({ level, message });
  return {
    log: { warn: at('warn'), info: at('info'), debug: at('debug'), error: at('error') },
    of: (level: string, message: RegExp) =>
      lines.filter((line) => line.level === level && message.test(line.message)),
  };
};

const start = async (
  t: TestContext,
  given: string | ((k: Harness) => string | string[]),
  retryMs = 20,
  log?: ReturnType<typeof recordLog>,
) => {
  const k = await kindred(t);
  const texts = [typeof given === 'string' ? given : given(k)].flat();
  const addresses = texts.map((text) => {
    const address = parseCheckpointAddress(text);
    assert.ok(typeof address !== 'string', text);
    return address;
  });
  const { house, directory } = k.kindred;
  const { signingKey } = house.trail;
  // Retries wait in earnest.
  const parts = { ...house, directory, signingKey, retryMs, clocks: systemClocks };
  const checkpoints = startCheckpoints({ ...parts, ...log }, addresses, 3_600_000);
  t.after(() => checkpoints.close());
  return { k, checkpoints };
};

const headOf = async (k: Harness) => ({ ...(await k.store.read((tx) => tx.auditHead())) });

test('a checkpoint in a file names the head and is signed by the key of the trail', async (t) => {
  const { k, checkpoints } = await start(
    t,
    ({ dataDir }) => `file:${join(dataDir, 'checkpoints')}`,
  );
  await checkpoints.send();
  await k.newAccount();
  await checkpoints.send();
  const path = join(k.dataDir, 'checkpoints');
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const last = readCheckpoint(lines.at(-1)!);
  assert.equal(last?.isSigned, true);
  assert.deepEqual({ sequence: last.sequence, hash: last.hash }, await headOf(k));
  const { Keys } = await k.call('DescribeAuditKeys');
  assert.equal(last.publicKey, Keys.Key[0].PublicKey);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(
    readCheckpoint(lines.at(-1)!.replace(/"sequence":\d+/, '"sequence":9'))?.isSigned,
    false,
  );
  assert.ok(checkpoints.places()[0]!.seconds < 60);
});

test('a webhook that refuses is tried again, and gets every checkpoint in order', async (t) => {
  const bodies: string[] = [];
  let refusals = 2;
  const server = createHttpServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (refusals-- > 0) response.writeHead(503).end();
      else {
        bodies.push(body);
        response.writeHead(204).end();
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { k, checkpoints } = await start(t, `http://127.0.0.1:${port}/secret`);
  await checkpoints.send();
  await k.newAccount();
  await checkpoints.send();
  for (let i = 0; i < 200 && bodies.length < 3; i++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const sequences = bodies.map((body) => readCheckpoint(body)!.sequence);
  assert.deepEqual(
    sequences,
    sequences.toSorted((a, b) => a - b),
  );
  assert.equal(sequences.at(-1), (await headOf(k))?.sequence);
  assert.equal(
    checkpoints.places()[0]!.destination,
    `http://127.0.0.1:${port}`,
    'the path is a secret',
  );
});

test('syslog gets a line of RFC 5424, by UDP and framed by TCP', async (t) => {
  const udp = createSocket('udp4');
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  t.after(() => udp.close());
  const datagram = once(udp, 'message');
  await start(t, `syslog:udp://127.0.0.1:${udp.address().port}`);
  const [message] = (await datagram) as [Buffer];
  assert.match(
    message.toString(),
    /^<110>1 2026-\d\d-\d\dT\S+Z \S+ kindred - audit-checkpoint - \{"type"/,
  );
  assert.equal(readCheckpoint(message.toString())?.isSigned, true);

  const received: string[] = [];
  const server = createServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => {
      received.push(text);
      socket.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { checkpoints } = await start(
    t,
    `syslog:tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
  );
  await checkpoints.send();
  const [, length = '', rest = ''] = /^(\d+) (.*)$/s.exec(received[0]!) ?? [];
  assert.equal(Buffer.byteLength(rest), Number(length));
  assert.equal(readCheckpoint(rest)?.isSigned, true);
});

test('a place that never takes one holds up nothing; what it loses is told', async (t) => {
  const log = recordLog();
  const { checkpoints } = await start(t, 'file:/proc/no/such/folder/checkpoints', 60_000, log);
  for (let i = 0; i < 100; i++) await checkpoints.send();
  const [{ waiting, dropped, seconds }] = checkpoints.places() as [PlaceState];
  assert.deepEqual([waiting, dropped], [64, 37], 'the one of the start, too');
  assert.ok(seconds > 0);
  assert.equal(log.of('warn', /was not taken/).length, 1);
  assert.equal(log.of('warn', /were dropped/).length, 1);
  await checkpoints.close();
  assert.equal(log.of('warn', /before the end/).length, 1);
});

const until = async (holds: () => boolean): Promise<void> => {
  for (let i = 0; i < 250 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(holds());
};

/** A receiver that can go away and come back at the same port. */
const receiver = (t: TestContext, answer: (socket: Socket, text: string) => void) => {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const listen = async (port = 0): Promise<number> => {
    // It closes when it says so, not when the client has.
    server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      let text = '';
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => {
        received.push(text);
        answer(socket, text);
      });
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const leave = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    server?.close();
    if (server?.listening) await once(server, 'close');
  };
  t.after(leave);
  return { received, listen, leave };
};

test('syslog that is down when the server starts gets every checkpoint once it is back', async (t) => {
  const { received, listen, leave } = receiver(t, (socket) => socket.end());
  const port = await listen();
  await leave();
  const log = recordLog();
  const { k, checkpoints } = await start(t, `syslog:tcp://127.0.0.1:${port}`, 20, log);
  await checkpoints.send();
  await k.newAccount();
  await checkpoints.send();
  assert.equal(received.length, 0);
  assert.equal(checkpoints.places()[0]!.waiting, 3);
  assert.equal(log.of('warn', /was not taken/).length, 1, 'one warning, not one a try');
  await listen(port);
  await until(() => received.length === 3);
  await until(() => checkpoints.places()[0]!.waiting === 0);
  const sequences = received.map((text) => readCheckpoint(text)!.sequence);
  assert.deepEqual(
    sequences,
    sequences.toSorted((a, b) => a - b),
  );
  assert.equal(sequences.at(-1), (await headOf(k)).sequence);
  assert.equal(checkpoints.places()[0]!.dropped, 0);
  assert.equal(log.of('info', /taken again/).length, 1);
});

test('a slow place gets them one after the other, and delays no other place', async (t) => {
  let isHeld = true;
  const held: Socket[] = [];
  const { received, listen } = receiver(t, (socket) =>
    isHeld ? void held.push(socket) : socket.end(),
  );
  const port = await listen();
  const { k, checkpoints } = await start(t, (h) => [
    `syslog:tcp://127.0.0.1:${port}`,
    `file:${join(h.dataDir, 'checkpoints')}`,
  ]);
  for (let i = 0; i < 3; i++) void checkpoints.send();
  const path = join(k.dataDir, 'checkpoints');
  await until(() => existsSync(path) && readFileSync(path, 'utf8').trim().split('\n').length === 4);
  await until(() => received.length > 0);
  assert.deepEqual([received.length, checkpoints.places()[0]!.waiting], [1, 4]);
  isHeld = false;
  for (const socket of held) socket.end();
  await until(() => checkpoints.places()[0]!.waiting === 0);
  assert.equal(received.length, 4);
});

test('a place that takes the line and breaks off has not taken it', async (t) => {
  let breaks = 2;
  const { received, listen } = receiver(t, (socket) =>
    breaks-- > 0 ? socket.resetAndDestroy() : socket.end(),
  );
  const { checkpoints } = await start(t, `syslog:tcp://127.0.0.1:${await listen()}`);
  await until(() => received.length === 3 && checkpoints.places()[0]!.waiting === 0);
});

test('addresses that mean nothing are refused with a sentence', () => {
  for (const text of [
    'file:here',
    'syslog:udp://',
    'syslog:tcp://host:0',
    'http://example.com/x',
    'ftp://h/x',
    '',
  ])
    assert.equal(typeof parseCheckpointAddress(text), 'string', text);
  assert.deepEqual(parseCheckpointAddress('syslog:udp://[::1]'), {
    kind: 'syslog',
    name: 'syslog:udp://[::1]',
    transport: 'udp',
    host: '::1',
    port: 514,
  });
});
