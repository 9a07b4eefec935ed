import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { readServeConfig } from '../server/config.ts';
import { startServing } from '../server/serve.ts';
import { captureIo } from './captured-io.ts';
import { runCommand } from './main.ts';

const health = async (environment: Record<string, string>, ...flags: string[]) => {
  const io = captureIo({ environment });
  const exitCode = await runCommand(['health', ...flags], io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
};

const folderOf = (t: TestContext): string => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-health-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

const serve = async (t: TestContext, ...flags: string[]) => {
  const own = ['--listen=127.0.0.1:0', `--data=${join(folderOf(t), 'data')}`, '--log-level=silent'];
  const serving = await startServing(readServeConfig([...own, ...flags], {}));
  let isStopped = false;
  const stop = async (): Promise<void> => {
    if (!isStopped) await serving.stop();
    isStopped = true;
  };
  t.after(stop);
  return { url: serving.url, stop };
};

/** Another server than ours. */
const answering = async (t: TestContext, answer: RequestListener): Promise<string> => {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

test('a server that is up is well, one that has gone is not', async (t) => {
  const { url, stop } = await serve(t);
  const well = await health({}, '--endpoint', url);
  assert.deepEqual([well.exitCode, well.stderr], [0, '']);
  assert.match(well.stdout, /^the server at http:\/\/127\.0\.0\.1:\d+ is well, version 0\./);
  // As in a container, where every address is also this one.
  const listen = url.replace('http://127.0.0.1', '0.0.0.0');
  assert.equal((await health({ KINDRED_LISTEN: listen })).exitCode, 0);
  await stop();
  const gone = await health({ KINDRED_LISTEN: listen });
  assert.deepEqual([gone.exitCode, gone.stdout], [1, '']);
  assert.match(gone.stderr, /^nothing answers at http:\/\/127\.0\.0\.1:\d+: ECONNREFUSED\n$/);
});

test('the certificate of its own server may have any name, that of another may not', async (t) => {
  const folder = folderOf(t);
  const io = captureIo();
  const made = await runCommand(['tls', 'init', '--host', 'images.lab', '--dir', folder], io);
  assert.equal(made, 0, io.stderr);
  const cert = join(folder, 'cert.pem');
  const { url } = await serve(t, `--tls-cert=${cert}`, `--tls-key=${join(folder, 'key.pem')}`);
  const listen = new URL(url).host;
  const own = await health({ KINDRED_LISTEN: listen, KINDRED_TLS_CERT: cert });
  assert.deepEqual([own.exitCode, own.stderr], [0, '']);
  const named = await health({}, '--endpoint', url);
  assert.equal(named.exitCode, 1);
  assert.match(named.stderr, /^nothing answers at https:.*: (UNABLE_TO_|SELF_SIGNED|ERR_TLS)/);
});

test('a server that drains says so, and a stranger is told apart', async (t) => {
  const draining = await answering(t, (_request, response) =>
    response.writeHead(503).end('{"status":"draining","version":"0.1.0"}'),
  );
  const told = await health({}, '--endpoint', draining);
  assert.deepEqual([told.exitCode, told.stderr], [1, `the server at ${draining} says draining\n`]);
  const stranger = await answering(t, (_request, response) => response.end('<html>'));
  const other = await health({}, '--endpoint', stranger);
  assert.deepEqual(
    [other.exitCode, other.stderr],
    [1, `${stranger} answers, but is no Kindred server\n`],
  );
  const endless = await answering(t, (_request, response) => {
    response.end('x'.repeat(5_000));
  });
  assert.match((await health({}, '--endpoint', endless)).stderr, /its answer is too long/);
});

test('--wait goes on until it is well, and ends', async (t) => {
  let asked = 0;
  const late = await answering(t, (_request, response) => {
    asked += 1;
    if (asked < 4) response.writeHead(503).end('{"status":"starting","version":"0.1.0"}');
    else response.end('{"status":"ok","version":"0.1.0"}');
  });
  assert.equal((await health({}, '--endpoint', late, '--wait', '30')).exitCode, 0);
  assert.equal(asked, 4);
  const wrong = await health({}, '--endpoint', late, '--wait', 'long');
  assert.equal(wrong.exitCode, 2);
  assert.match(wrong.stderr, /--wait takes whole seconds up to 3600; see kindred health --help/);
});
