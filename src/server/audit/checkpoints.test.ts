import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readCheckpoint } from '../../lib/checkpoint.ts';
import { systemClocks } from '../../lib/clock.ts';
import { kindred, type Harness } from '../../testing/harness.ts';
import { parseCheckpointAddress } from './checkpoint-address.ts';
import { startCheckpoints } from './checkpoints.ts';

const start = async (t: TestContext, given: string | ((k: Harness) => string), retryMs = 20) => {
  const k = await kindred(t);
  const address = parseCheckpointAddress(typeof given === 'string' ? given : given(k));
  assert.ok(typeof address !== 'string');
  const { house, directory } = k.kindred;
  const { signingKey } = house.trail;
  // Retries wait in earnest.
  const parts = { ...house, directory, signingKey, retryMs, clocks: systemClocks };
  const checkpoints = startCheckpoints(parts, [address], 3_600_000);
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
  assert.ok(checkpoints.ages()[0]!.seconds < 60);
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
    checkpoints.ages()[0]!.destination,
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

test('a place that never takes one holds up nothing, and its age grows', async (t) => {
  const { checkpoints } = await start(t, 'file:/proc/no/such/folder/checkpoints', 60_000);
  for (let i = 0; i < 100; i++) await checkpoints.send();
  assert.ok(checkpoints.ages()[0]!.seconds > 0);
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
