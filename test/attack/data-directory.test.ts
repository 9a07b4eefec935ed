// One process owns a data directory, and none starts on one that it cannot read. Every refusal is one
// sentence on standard error and exit code 2.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { runServe, startServer, type FailedStart, type ServerOptions } from '../../src/testing/server.ts';
import { send } from './raw.ts';
import { v3 } from './sign.ts';

const isRefusal = ({ code, stdout, log }: FailedStart, sentence: RegExp): void => {
  assert.deepEqual([code, stdout], [2, ''], log);
  assert.match(log, /^kindred: [^\n]+\n$/, 'not one sentence');
  assert.match(log, sentence);
};

const folder = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'kindred-refused-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

test('a second server on one data directory is refused within a second', async (t) => {
  const server = await startServer(t);
  const { dataDir } = server;
  // What the program itself takes to start on this machine, as busy as it is now.
  const bare = await runServe(t, { dataDir, args: ['--log-level', 'loud'] });
  const second = await runServe(t, { dataDir });
  isRefusal(second, /is in use by another Kindred \(process \d+\); stop it or choose another --data/);
  assert.match(second.log, new RegExp(`process ${server.pid}\\)`));
  const ownMs = second.elapsedMs - bare.elapsedMs;
  assert.ok(ownMs < 1_000, `it took ${Math.round(ownMs)} ms more than a start takes`);
  assert.deepEqual((await send(server, v3({ key: server.key, nowMs: Date.now() }))).statuses, [200]);
});

test('of twelve started at once exactly one serves, and a kill frees the directory at once', async (t) => {
  const dataDir = folder(t);
  const starts = await Promise.allSettled(
    Array.from({ length: 12 }, () => startServer(t, { dataDir })),
  );
  const served = starts.filter((start) => start.status === 'fulfilled');
  const refused = starts.filter((start) => start.status === 'rejected');
  assert.deepEqual([served.length, refused.length], [1, 11]);
  for (const { reason } of refused)
    assert.match(String(reason), /ended with 2 before it was ready\nkindred: .* is in use by another/s);
  const [winner] = served;
  const server = winner!.value;
  assert.deepEqual((await send(server, v3({ key: server.key, nowMs: Date.now() }))).statuses, [200]);
  await server.kill();
  const next = await startServer(t, { dataDir });
  assert.deepEqual(next.key, server.key);
  assert.deepEqual((await send(next, v3({ key: next.key, nowMs: Date.now() }))).statuses, [200]);
});

test('data of a newer version, damaged data, a lost master key: no start, and nothing is changed', async (t) => {
  const { dataDir, stop } = await startServer(t);
  await stop();
  const files = ['kindred.json', 'kindred.db', 'master.key'];
  const whole = new Map(files.map((name) => [name, readFileSync(join(dataDir, name))]));
  const restore = (): void => whole.forEach((bytes, name) => writeFileSync(join(dataDir, name), bytes));
  const put = (name: string, text: string) => () => writeFileSync(join(dataDir, name), text);
  const pragma = (text: string) => () => {
    const database = new DatabaseSync(join(dataDir, 'kindred.db'));
    database.exec(`PRAGMA ${text}`);
    database.close();
  };
  const otherKey = Buffer.alloc(32, 7).toString('base64');
  const cases: [damage: () => void, sentence: RegExp, env?: Record<string, string>][] = [
    [put('kindred.json', '{"format":2,"instanceId":"x","incarnation":1}'), /has data format 2; this version of Kindred knows 1: start the newer version/],
    [put('kindred.json', '{'), /kindred\.json is damaged/],
    [put('kindred.json', ''), /kindred\.json is damaged/],
    [put('kindred.json', '[]'), /kindred\.json is damaged/],
    [pragma('user_version = 1000'), /newer Kindred \(format 1000/],
    [pragma('application_id = 7'), /not one of Kindred/],
    [put('kindred.db', 'garbage'.repeat(1_000)), /kindred\.db: file is not a database/],
    [() => rmSync(join(dataDir, 'master.key')), /master\.key is missing/],
    [put('master.key', 'short'), /the master key must be 32 bytes in base64/],
    [put('master.key', otherKey), /the master key is not the one/],
    [() => undefined, /the master key is not the one/, { KINDRED_MASTER_KEY: otherKey }],
  ];
  for (const [damage, sentence, env] of cases) {
    damage();
    const damaged = readFileSync(join(dataDir, 'kindred.json'), 'utf8');
    isRefusal(await runServe(t, { dataDir, ...(env && { env }) }), sentence);
    assert.equal(readFileSync(join(dataDir, 'kindred.json'), 'utf8'), damaged);
    restore();
  }
  const { port, key, host } = await startServer(t, { dataDir });
  assert.deepEqual((await send({ port, host }, v3({ key, nowMs: Date.now() }))).statuses, [200]);
});

test('settings that mean nothing are refused, whichever way they come', async (t) => {
  const dataDir = folder(t);
  const config = (text: string): string => {
    const file = join(folder(t), 'settings.json');
    writeFileSync(file, text);
    return file;
  };
  const cases: [options: Pick<ServerOptions, 'args' | 'env'>, sentence: RegExp][] = [
    [{ args: ['--listen', 'nowhere'] }, /--listen must be host:port, not nowhere/],
    [{ args: ['--listen', '127.0.0.1:65536'] }, /--listen must be host:port/],
    [{ args: ['--listen', '0.0.0.0:0'] }, /--insecure-http/],
    [{ args: ['--no-auth'] }, /--no-auth/],
    [{ args: ['stray'] }, /stray/],
    [{ args: ['--config', '/nowhere/kindred.json'] }, /does not exist/],
    [{ args: ['--config', config('{"lisetn":"127.0.0.1:0"}')] }, /unknown key lisetn/],
    [{ args: ['--config', config('{"region":"cn-x"}')] }, /region has the wrong type/],
    [{ args: ['--config', config('not JSON')] }, /is not JSON/],
    [{ args: ['--quota', 'imagesPerRegion=many'] }, /--quota/],
    [{ args: ['--tls-cert', '/nowhere.pem'] }, /go together/],
    [{ args: ['--database', 'postgres://x'] }, /built yet/],
    [{ env: { KINDRED_LOG_LEVEL: 'loud' } }, /--log-level must be/],
    [{ env: { KINDRED_EPHEMERAL: 'maybe' } }, /ephemeral must be true or false/],
    [{ env: { KINDRED_ACCESS_KEY_ID: 'LTAIonly' } }, /go together/],
    [{ env: { KINDRED_MASTER_KEY: 'c2hvcnQ=' } }, /the master key must be 32 bytes/],
  ];
  const pairs = cases.map(async ([options, sentence]) =>
    isRefusal(await runServe(t, { dataDir, ...options }), sentence),
  );
  await Promise.all(pairs);
});

test('what is made at the first start is for the owner alone, whatever the umask', async (t) => {
  const dataDir = join(folder(t), 'fresh');
  const before = process.umask(0);
  const started = startServer(t, { dataDir });
  process.umask(before);
  await started;
  const modeOf = (name: string): string => (statSync(join(dataDir, name)).mode & 0o777).toString(8);
  assert.equal(modeOf('.'), '700');
  for (const name of ['root-key.json', 'master.key', 'kindred.json']) assert.equal(modeOf(name), '600');
});
