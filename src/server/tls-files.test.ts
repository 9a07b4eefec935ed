// HTTPS on a real port: what is served, what is refused at start, and a certificate that is renewed under it.
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { issue, makeAuthority } from '../cli/tls/authority.ts';
import { systemClocks } from '../lib/clock.ts';
import { makeHttpServer } from './http.ts';
import { makeLog } from './log.ts';
import { openTls } from './tls-files.ts';

const LOOK_MS = 20;
const authority = await makeAuthority(['127.0.0.1'], 10, systemClocks.wallMs());
const newPair = () => issue(authority, ['127.0.0.1'], 5, systemClocks.wallMs());

const scene = async (t: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-tls-'));
  const files = { certFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  const put = async (path: string, text: string): Promise<void> => {
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  const putPair = async (): Promise<string> => {
    const { certificate, key } = await newPair();
    await put(files.keyFile, key);
    await put(files.certFile, certificate);
    return certificate;
  };
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return { files, put, putPair };
};

const serve = async (t: TestContext, files: { certFile: string; keyFile: string }) => {
  const tls = openTls(files, makeLog('silent'), systemClocks.wallMs);
  const { server, drain } = await makeHttpServer({
    handle: async () => ({ status: 200, headers: {}, body: 'ok' }),
    other: (_request, response) => void response.end('other'),
    welcome: 'welcome',
    tls: { ...tls, follow: (served) => tls.follow(served, LOOK_MS) },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(drain);
  const { port } = server.address() as AddressInfo;
  return { port, tls };
};

const peerOf = (
  port: number,
  version: { minVersion?: SecureVersion; maxVersion?: SecureVersion; ciphers?: string } = {},
) =>
  new Promise<TLSSocket>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', ca: authority.certificate, ...version });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });

const serialOf = async (port: number): Promise<string> => {
  const socket = await peerOf(port);
  const { serialNumber = '' } = socket.getPeerX509Certificate() ?? {};
  socket.destroy();
  assert.notEqual(serialNumber, '');
  return serialNumber;
};

test('TLS 1.2 with forward secrecy is the least that is spoken', async (t) => {
  const { files, putPair } = await scene(t);
  await putPair();
  const { port, tls } = await serve(t, files);
  const modern = await peerOf(port);
  assert.equal(modern.getProtocol(), 'TLSv1.3');
  modern.destroy();
  const older = await peerOf(port, { maxVersion: 'TLSv1.2' });
  assert.match(older.getCipher().name, /^ECDHE-/);
  older.destroy();
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' } as const;
  await assert.rejects(peerOf(port, old), /protocol version/);
  const weak = { maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA:AES256-SHA256' } as const;
  await assert.rejects(peerOf(port, weak), /handshake failure|no cipher/i);
  const [expiry] = await tls.expiry.read();
  assert.ok(Math.abs((expiry?.value ?? 0) - (systemClocks.wallMs() / 1000 + 5 * 86_400)) < 60);
});

test('a renewed pair is served without a restart, and connections before it go on', async (t) => {
  const { files, put, putPair } = await scene(t);
  await putPair();
  const { port } = await serve(t, files);
  const first = await serialOf(port);
  const lasting = await peerOf(port);
  const { certificate, key } = await newPair();
  await put(files.keyFile, key);
  await sleep(4 * LOOK_MS);
  assert.equal(await serialOf(port), first, 'half of a pair is not used');
  await put(files.certFile, certificate);
  const deadline = Date.now() + 5_000;
  while ((await serialOf(port)) === first && Date.now() < deadline) await sleep(LOOK_MS);
  assert.notEqual(await serialOf(port), first);
  lasting.write('GET /x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  let answer = '';
  for await (const bytes of lasting) answer += String(bytes);
  assert.match(answer, /^HTTP\/1\.1 200 [\s\S]*other/);
  await put(files.certFile, 'damaged');
  await sleep(4 * LOOK_MS);
  assert.notEqual(await serialOf(port), first);
  const status = await new Promise((resolve) => {
    get({ port, host: '127.0.0.1', ca: authority.certificate, path: '/y' }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
  assert.equal(status, 200);
});

test('files that are no pair are refused at start, each in one sentence', async (t) => {
  const { files, put, putPair } = await scene(t);
  const open = () => openTls(files, makeLog('silent'), systemClocks.wallMs);
  assert.throws(open, /cert\.pem cannot be read \(ENOENT\)/);
  await putPair();
  await put(files.keyFile, (await newPair()).key);
  assert.throws(open, /is not the key of the certificate/);
  await put(files.keyFile, 'x');
  assert.throws(open, /no private key in PEM/);
  await put(files.certFile, 'x');
  assert.throws(open, /no certificate in PEM/);
});
