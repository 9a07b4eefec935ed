// One process owns a data directory, and none starts on one that it cannot read. Every refusal is one
// sentence on standard error and exit code 2.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import { openKindred } from '../../src/server/compose.ts';
import { readServeConfig } from '../../src/server/config.ts';
import { makeLog } from '../../src/server/log.ts';
import { StartRefused } from '../../src/server/refusal.ts';
import { runServe, startServer, type FailedStart } from '../../src/testing/server.ts';
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
  isRefusal(
    second,
    /is in use by another Kindred \(process \d+\); stop it or choose another --data/,
  );
  assert.match(second.log, new RegExp(`process ${server.pid}\\)`));
  const ownMs = second.elapsedMs - bare.elapsedMs;
  assert.ok(ownMs < 1_000, `it took ${Math.round(ownMs)} ms more than a start takes`);
  assert.deepEqual(
    (await send(server, v3({ key: server.key, nowMs: Date.now() }))).statuses,
    [200],
  );
});

test('of twenty started at once exactly one serves, and a kill frees the directory at once', async (t) => {
  const dataDir = folder(t);
  const starts = await Promise.allSettled(
    Array.from({ length: 20 }, () => startServer(t, { dataDir })),
  );
  const served = starts.filter((start) => start.status === 'fulfilled');
  const refused = starts.filter((start) => start.status === 'rejected');
  assert.deepEqual([served.length, refused.length], [1, 19]);
  for (const { reason } of refused)
    assert.match(
      String(reason),
      /ended with 2 before it was ready\nkindred: .* is in use by another/s,
    );
  const [winner] = served;
  const server = winner!.value;
  assert.deepEqual(
    (await send(server, v3({ key: server.key, nowMs: Date.now() }))).statuses,
    [200],
  );
  await server.kill();
  const next = await startServer(t, { dataDir });
  assert.deepEqual(next.key, server.key);
  assert.deepEqual((await send(next, v3({ key: next.key, nowMs: Date.now() }))).statuses, [200]);
});

test('data of a newer version, damaged data, a lost master key: no start, and nothing is changed', async (t) => {
  const server = await startServer(t);
  await server.stop();
  const put = (name: string, text: string) => (dataDir: string) =>
    writeFileSync(join(dataDir, name), text);
  const pragma = (text: string) => (dataDir: string) => {
    const database = new DatabaseSync(join(dataDir, 'kindred.db'));
    database.exec(`PRAGMA ${text}`);
    database.close();
  };
  const newer = '{"format":2,"instanceId":"x","incarnation":1}';
  const isNewer = /has data format 2; this version of Kindred knows 1: start the newer version/;
  const otherKey = Buffer.alloc(32, 7).toString('base64');
  const cases: [damage: (dataDir: string) => void, sentence: RegExp, masterKey?: string][] = [
    [put('kindred.json', newer), isNewer],
    [put('kindred.json', '{'), /kindred\.json is damaged/],
    [put('kindred.json', ''), /kindred\.json is damaged/],
    [put('kindred.json', '[]'), /kindred\.json is damaged/],
    [pragma('user_version = 1000'), /newer Kindred \(format 1000/],
    [pragma('application_id = 7'), /not one of Kindred/],
    [put('kindred.db', 'garbage'.repeat(1_000)), /kindred\.db: file is not a database/],
    [(dataDir) => rmSync(join(dataDir, 'master.key')), /master\.key is missing/],
    [put('master.key', 'short'), /the master key must be 32 bytes in base64/],
    [put('master.key', otherKey), /the master key is not the one/],
    [() => undefined, /the master key is not the one/, otherKey],
  ];
  const log = makeLog('silent');
  for (const [damage, sentence, masterKey] of cases) {
    const dataDir = join(folder(t), 'copy');
    cpSync(server.dataDir, dataDir, { recursive: true });
    damage(dataDir);
    const options = { dataDir, log, ...(masterKey !== undefined && { masterKey }) };
    await assert.rejects(openKindred(options), isStartRefused(sentence));
  }
  const identity = readFileSync(join(server.dataDir, 'kindred.json'), 'utf8');
  put('kindred.json', newer)(server.dataDir);
  isRefusal(await runServe(t, { dataDir: server.dataDir }), isNewer);
  assert.equal(readFileSync(join(server.dataDir, 'kindred.json'), 'utf8'), newer);
  put('kindred.json', identity)(server.dataDir);
  await server.restart();
  assert.deepEqual(
    (await send(server, v3({ key: server.key, nowMs: Date.now() }))).statuses,
    [200],
  );
});

const isStartRefused = (sentence: RegExp) => (error: unknown) => {
  assert.ok(error instanceof StartRefused, String(error));
  assert.match(error.message, sentence);
  assert.doesNotMatch(error.message, /\n/);
  return true;
};

test('settings that mean nothing are refused, whichever way they come', async (t) => {
  const dataDir = folder(t);
  const config = (text: string): string => {
    const file = join(folder(t), 'settings.json');
    writeFileSync(file, text);
    return file;
  };
  const cases: [argv: string[], sentence: RegExp, env?: Record<string, string>][] = [
    [['--listen', 'nowhere'], /--listen must be host:port, not nowhere/],
    [['--listen', '127.0.0.1:65536'], /--listen must be host:port/],
    [['--listen', '0.0.0.0:0'], /--insecure-http/],
    [['--no-auth'], /--no-auth/],
    [['stray'], /stray/],
    [['--config', '/nowhere/kindred.json'], /does not exist/],
    [['--config', config('{"lisetn":"127.0.0.1:0"}')], /unknown key lisetn/],
    [['--config', config('{"region":"cn-x"}')], /region has the wrong type/],
    [['--config', config('{"__proto__":{"listen":"0.0.0.0:1"}}')], /unknown key __proto__/],
    [['--config', config('{"constructor":"x"}')], /unknown key constructor/],
    [['--config', config('not JSON')], /is not JSON/],
    [['--config', config('null')], /must hold an object/],
    [['--quota', 'imagesPerRegion=many'], /--quota/],
    [['--tls-cert', '/nowhere.pem'], /go together/],
    [['--database', 'postgres://x'], /built yet/],
    [[], /--log-level must be/, { KINDRED_LOG_LEVEL: 'loud' }],
    [[], /ephemeral must be true or false/, { KINDRED_EPHEMERAL: 'maybe' }],
    [[], /go together/, { KINDRED_ACCESS_KEY_ID: 'LTAIonly' }],
  ];
  for (const [argv, sentence, environment = {}] of cases)
    assert.throws(
      () => readServeConfig(argv, environment),
      isStartRefused(sentence),
      argv.join(' '),
    );
  const whole = await Promise.all([
    runServe(t, { dataDir, args: ['--no-auth'] }),
    runServe(t, { dataDir, env: { KINDRED_MASTER_KEY: 'c2hvcnQ=' } }),
  ]);
  isRefusal(whole[0], /--no-auth/);
  isRefusal(whole[1], /the master key must be 32 bytes/);
});

test('what is made at the first start is for the owner alone, whatever the umask', async (t) => {
  const dataDir = join(folder(t), 'fresh');
  const before = process.umask(0);
  const started = startServer(t, { dataDir });
  process.umask(before);
  await started;
  const modeOf = (name: string): string => (statSync(join(dataDir, name)).mode & 0o777).toString(8);
  assert.equal(modeOf('.'), '700');
  for (const name of ['root-key.json', 'master.key', 'kindred.json'])
    assert.equal(modeOf(name), '600');
});
