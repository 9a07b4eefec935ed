// Known secrets of every kind, and every place where they could lie in clear: the files of the data directory
// (rows, write-ahead log, nonces), a backup, the log at its loudest, answers, the metrics. Only root-key.json
// may hold one.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runServe, startServer } from '../../src/testing/server.ts';
import { Planter, plantSecrets } from './plant-secrets.ts';
import { send } from './raw.ts';
import { findSecrets, spellings, type Place, type Secret } from './search-secrets.ts';
import { v1, v3, type Texts } from './sign.ts';

const GIVEN = { accessKeyId: 'LTAIgiven', accessKeySecret: 'given-secret/with+signs==30' };
const S3 = {
  AWS_ACCESS_KEY_ID: 'AKIAplanted',
  AWS_SECRET_ACCESS_KEY: 'planted/s3+secret=key-0017',
};
const LOUD = ['--log-level', 'trace'];

const filesOf = (folder: string): Place[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'root-key.json')
    .map((entry) => join(entry.parentPath, entry.name))
    .map((name) => ({ name, bytes: readFileSync(name) }));

const keyOf = (made: Texts) => ({
  accessKeyId: made.AccessKeyId ?? '',
  accessKeySecret: made.AccessKeySecret ?? '',
});

/** Calls with each key, most of them wrong in one thing. */
const useKeys = async (p: Planter, keys: ReturnType<typeof keyOf>[]): Promise<void> => {
  const nowMs = Date.now();
  for (const key of keys)
    for (const request of [
      v1({ key, nowMs }),
      v3({ key, nowMs }),
      v1({
        key,
        nowMs,
        system: { Format: 'XML' },
        tamper: (sent) => ({ ...sent, ImageFamily: 'x' }),
      }),
      v3({ key, nowMs, signedParameters: {} }),
      v1({ key: { ...key, accessKeyId: 'LTAInobody' }, nowMs }),
      v1({ key: { ...key, accessKeySecret: `${key.accessKeySecret}x` }, nowMs }),
      v3({ key: { ...key, accessKeySecret: '' }, nowMs }),
    ])
      await p.sent('a call with a key', request);
};

/** The master key in base64, as given, and as the bytes that it stands for. */
const bytesStand = (places: readonly Place[], key: Buffer): string[] =>
  places
    .filter(({ bytes }) =>
      [key, Buffer.from(key.toString('hex'))].some((form) => bytes.includes(form)),
    )
    .map(({ name }) => `the master key stands in ${name}`);

test('known secrets of every kind are found nowhere in clear', async (t) => {
  const masterKey = randomBytes(32);
  const env = { ...S3, KINDRED_MASTER_KEY: masterKey.toString('base64') };
  const server = await startServer(t, { args: LOUD, env });
  const backups = mkdtempSync(join(tmpdir(), 'kindred-planted-'));
  t.after(() => rmSync(backups, { recursive: true, force: true }));
  const p = new Planter(server);
  const kindred = { product: 'kindred' } as const;
  const first: Texts = await p.call('CreateAccessKey', {}, kindred);
  const deleted: Texts = await p.call('CreateAccessKey', {}, kindred);
  await p.call('DeleteAccessKey', { UserAccessKeyId: deleted.AccessKeyId ?? '' }, kindred);
  const account: Texts = await p.call('CreateAccount', { AccountName: 'searched' }, kindred);
  const logs = [server.log];
  await server.restart({
    args: LOUD,
    env: {
      ...env,
      KINDRED_ACCESS_KEY_ID: GIVEN.accessKeyId,
      KINDRED_ACCESS_KEY_SECRET: GIVEN.accessKeySecret,
    },
  });
  const keys = [server.key, GIVEN, ...[first, deleted, account].map(keyOf)];
  for (const { accessKeyId, accessKeySecret } of keys)
    p.add(`the secret of ${accessKeyId}`, accessKeySecret);
  p.add('the master key', env.KINDRED_MASTER_KEY.replace(/=+$/, ''));
  p.add('the secret of S3', S3.AWS_SECRET_ACCESS_KEY);

  // Each secret is used, rightly and wrongly, and sent where it does not belong.
  await useKeys(p, keys);
  await plantSecrets(p, backups);
  for (const path of ['/metrics', '/health', '/nowhere', '/images/x/y', '/console/'])
    await p.fetch(path);
  // Both while it runs, the write-ahead log being full, and after a kill.
  const places = (): Place[] => [
    ...filesOf(server.dataDir),
    ...filesOf(backups),
    ...[...logs, server.log].map((log) => ({ name: 'the log', bytes: Buffer.from(log) })),
    { name: 'standard output', bytes: Buffer.from(server.stdout) },
    ...p.answers,
  ];
  const names = places().map(({ name }) => name);
  for (const part of ['kindred.db', 'kindred.db-wal', '/nonces/', '/databases/', '.json'])
    assert.ok(
      names.some((name) => name.includes(part)),
      `${part} is not searched`,
    );
  assert.ok(!existsSync(join(server.dataDir, 'master.key')));
  assert.match(server.log, /"code":"SignatureDoesNotMatch"/);
  assert.equal(p.secrets.length, 16);
  assert.deepEqual(findSecrets(places(), p.secrets), []);
  assert.deepEqual(bytesStand(places(), masterKey), []);
  await server.kill();
  assert.deepEqual(findSecrets(places(), p.secrets), []);
  assert.ok(
    readFileSync(join(server.dataDir, 'root-key.json'), 'utf8').includes(
      server.key.accessKeySecret,
    ),
  );
});

test('a start that is refused does not repeat the secrets of its settings', async (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-planted-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  const text = S3.AWS_SECRET_ACCESS_KEY;
  const address = `s3://${S3.AWS_ACCESS_KEY_ID}:${encodeURIComponent(text)}@bucket/prefix`;
  const wrong = [
    { args: ['--blobs', address], env: S3 },
    { args: ['--blobs', `s3://bucket/p?secretAccessKey=${encodeURIComponent(text)}`], env: S3 },
    { args: [], env: { KINDRED_MASTER_KEY: text } },
    { args: [], env: { KINDRED_ACCESS_KEY_SECRET: text } },
  ];
  const runs = await Promise.all(
    wrong.map((options, i) => runServe(t, { ...options, dataDir: join(dataDir, String(i)) })),
  );
  for (const { code, log, stdout } of runs) {
    assert.equal(code, 2, log);
    const place = { name: 'standard error', bytes: Buffer.from(log + stdout) };
    assert.deepEqual(findSecrets([place], [{ name: 'the secret', text }]), []);
  }
});

test('the search finds a secret that was planted in any form', () => {
  const secret: Secret = { name: 'it', text: 'a "secret"/with+signs=30 ü' };
  for (const [spelling, written] of spellings(secret.text)) {
    const bytes = Buffer.concat([randomBytes(100), written, randomBytes(100)]);
    const found = findSecrets([{ name: 'here', bytes }], [secret]);
    assert.ok(found.includes(`it stands in here as ${spelling}`), spelling);
  }
  // Inside a longer text that was written as base64 as a whole.
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const bytes = Buffer.from(Buffer.from(`${before}${secret.text}z`).toString('base64'));
    assert.notDeepEqual(findSecrets([{ name: 'here', bytes }], [secret]), [], before);
  }
  assert.deepEqual(findSecrets([{ name: 'here', bytes: randomBytes(1000) }], [secret]), []);
  assert.throws(() => findSecrets([], [{ name: 'it', text: '' }]), /it is missing/);
});

test('the log shows no signature and no line that a caller wrote', async (t) => {
  const server = await startServer(t, { args: ['--log-level', 'trace'] });
  const nowMs = Date.now();
  const line = 'x\n{"level":60,"msg":"forged"}\r\u001b[31m\u202e';
  const requests = [
    v1({ key: server.key, nowMs }),
    v1({ key: server.key, nowMs, action: line }),
    v1({ key: { ...server.key, accessKeyId: line }, nowMs }),
    v1({ key: server.key, nowMs, parameters: { RegionId: line, ImageFamily: line } }),
    v3({ key: server.key, nowMs, action: 'A'.repeat(8_000) }),
  ];
  for (const request of requests) await send(server, request);
  const signature = new URLSearchParams(requests[0]!.target.slice(2)).get('Signature') ?? '-';
  assert.ok(!server.log.includes(signature));
  const lines = server.log.trimEnd().split('\n');
  assert.ok(lines.length >= requests.length);
  for (const text of lines) {
    assert.ok(text.length < 2_000, 'a line is too long');
    // oxlint-disable-next-line no-control-regex -- what must not reach a terminal
    assert.doesNotMatch(text, /[\u0000-\u001f\u202e]/);
    assert.notEqual((JSON.parse(text) as { msg?: string }).msg, 'forged');
  }
});
