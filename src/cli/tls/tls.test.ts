// `kindred tls init`: what it writes is judged by Node's own verification in a real handshake.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connect, createServer } from 'node:tls';
import { captureIo } from '../captured-io.ts';
import { runCommand } from '../main.ts';
import { issue, makeAuthority } from './authority.ts';

const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-tls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const init = async (...argv: string[]) => {
  const io = captureIo({});
  const exitCode = await runCommand(['tls', 'init', ...argv], io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
};

/** Undefined when a client that trusts `ca` and calls the server by `host` is content. */
const handshake = async (pair: { cert: string; key: string }, ca: string, host: string) => {
  const server = createServer(pair, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const socket = connect({
      port,
      host: '127.0.0.1',
      servername: host.replace(/^[\d.:]+$/, ''),
      ca,
    });
    const peer = await new Promise<Error | undefined>((resolve) => {
      socket.once('secureConnect', () => resolve(undefined));
      socket.once('error', resolve);
    });
    socket.destroy();
    return peer?.message;
  } finally {
    server.close();
  }
};

test('clients that trust the CA accept the certificate for its hosts, and for no other', async (t) => {
  const dir = join(folderOf(t), 'tls');
  const made = await init(
    '--dir',
    dir,
    '--host',
    'images.lab',
    '--host',
    '127.0.0.1',
    '--host',
    '::1',
  );
  assert.equal(made.exitCode, 0, made.stderr);
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  const pair = { cert: read('cert.pem'), key: read('key.pem') };
  assert.equal(await handshake(pair, read('ca.pem'), 'images.lab'), undefined);
  assert.match((await handshake(pair, read('ca.pem'), 'other.lab')) ?? '', /does not match/);
  const leaf = new X509Certificate(pair.cert);
  assert.equal(
    leaf.subjectAltName,
    'DNS:images.lab, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  assert.equal(leaf.checkIP('127.0.0.1'), '127.0.0.1');
  assert.ok(!leaf.ca && new X509Certificate(read('ca.pem')).ca);
  for (const [name, mode] of [
    ['ca-key.pem', 0o600],
    ['key.pem', 0o600],
    ['cert.pem', 0o644],
  ] as const)
    assert.equal(statSync(join(dir, name)).mode & 0o777, mode, name);
});

test('run again it keeps the CA; what the CA may not sign for needs a new one', async (t) => {
  const dir = folderOf(t);
  await init('--dir', dir, '--host', 'images.lab');
  const read = (name: string) => readFileSync(join(dir, name), 'utf8');
  const [ca, cert] = [read('ca.pem'), read('cert.pem')];
  const again = await init('--dir', dir, '--host', 'eu.images.lab', '--days', '30');
  assert.match(again.stdout, /trust already/);
  assert.equal(read('ca.pem'), ca);
  assert.notEqual(read('cert.pem'), cert);
  const other = await init('--dir', dir, '--host', 'notimages.lab');
  assert.equal(other.exitCode, 2);
  assert.match(other.stderr, /may not sign for notimages\.lab.*--new-ca/);
  assert.equal((await init('--dir', dir, '--host', 'notimages.lab', '--new-ca')).exitCode, 0);
  assert.notEqual(read('ca.pem'), ca);
  writeFileSync(join(dir, 'ca-key.pem'), read('key.pem'));
  assert.match((await init('--dir', dir, '--host', 'notimages.lab')).stderr, /are no pair/);
});

test('a stolen CA key opens no other site: clients refuse what it signs beyond its hosts', async () => {
  const nowMs = Date.UTC(2026, 10, 24);
  const authority = await makeAuthority(['images.lab', '10.0.0.5'], 3_650, nowMs);
  const hosts = ['bank.example'];
  const { certificate: cert, key } = await issue(authority, hosts, 30, nowMs);
  const refusal = await handshake({ cert, key }, authority.certificate, 'bank.example');
  assert.match(refusal ?? '', /permitted subtree violation/);
});

test('wrong usage is told in one sentence', async (t) => {
  const dir = folderOf(t);
  for (const [argv, says] of [
    [['--host', 'http://images.lab'], /neither a host name nor an address/],
    [['--host', 'a b'], /neither a host name nor an address/],
    [['--days', '0'], /1 to 825/],
    [['--dyas', '3'], /see kindred tls --help/],
  ] as const) {
    const found = await init('--dir', dir, ...argv);
    assert.equal(found.exitCode, 2, argv.join(' '));
    assert.match(found.stderr, says);
  }
  writeFileSync(join(dir, 'file'), '');
  assert.equal((await init('--dir', join(dir, 'file', 'x'))).exitCode, 1);
});
