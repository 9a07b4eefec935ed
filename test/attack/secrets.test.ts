// Five known secrets, and every place where they could lie in clear: the files of the data directory,
// the log at its loudest, error bodies, the metrics. Only root-key.json may hold one.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startServer, type TestServer } from '../../src/testing/server.ts';
import { send, type RawAnswer } from './raw.ts';
import { v1, v3, type Texts } from './sign.ts';

const GIVEN = { accessKeyId: 'LTAIgiven', accessKeySecret: 'given-secret/with+signs==30' };

/** A text in the spellings in which it could be written down. */
const spellings = (secret: string): [spelling: string, bytes: Buffer][] => [
  ['text', Buffer.from(secret)],
  ['UTF-16', Buffer.from(secret, 'utf16le')],
  ['hexadecimal', Buffer.from(Buffer.from(secret).toString('hex'))],
  ['base64', Buffer.from(Buffer.from(secret).toString('base64').replace(/=+$/, ''))],
  ['percent-encoded', Buffer.from(encodeURIComponent(secret))],
];

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'root-key.json')
    .map((entry) => join(entry.parentPath, entry.name));

const call = async (server: TestServer, action: string, parameters: Texts = {}): Promise<Texts> => {
  const version = '2026-11-24';
  const request = v3({ key: server.key, nowMs: Date.now(), action, version, parameters });
  const { text, statuses } = await send(server, request);
  assert.deepEqual(statuses, [200], text);
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as Texts;
};

test('five known secrets are found nowhere in clear', async (t) => {
  const args = ['--log-level', 'trace'];
  const server = await startServer(t, { args });
  const first = await call(server, 'CreateAccessKey');
  const deleted = await call(server, 'CreateAccessKey');
  await call(server, 'DeleteAccessKey', { UserAccessKeyId: deleted.AccessKeyId ?? '' });
  const account = await call(server, 'CreateAccount', { AccountName: 'searched' });
  const rootSecret = server.key.accessKeySecret;
  const env = {
    KINDRED_ACCESS_KEY_ID: GIVEN.accessKeyId,
    KINDRED_ACCESS_KEY_SECRET: GIVEN.accessKeySecret,
  };
  const logs = [server.log];
  await server.restart({ args, env });
  const secrets = [rootSecret, first, deleted, account, GIVEN.accessKeySecret].map((made) =>
    typeof made === 'string' ? made : (made.AccessKeySecret ?? ''),
  );
  for (const secret of secrets) assert.ok(secret.length >= 20, 'a secret is missing');

  // Each secret is used, rightly and wrongly, and sent where it does not belong.
  const answers: RawAnswer[] = [];
  const nowMs = Date.now();
  const keys = [server.key, GIVEN, ...[first, deleted, account].map(keyOf)];
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
      answers.push(await send(server, request));
  for (const path of ['/metrics', '/health', '/nowhere', '/images/x/y', '/console/']) {
    const response = await fetch(server.url + path);
    answers.push({
      statuses: [response.status],
      code: '',
      text: await response.text(),
      isClosed: false,
    });
  }
  // Both while it runs, the write-ahead log being full, and after a kill.
  const places = (): [place: string, bytes: Buffer][] => [
    ...filesOf(server.dataDir).map((file): [string, Buffer] => [file, readFileSync(file)]),
    ...[...logs, server.log].map((log): [string, Buffer] => ['the log', Buffer.from(log)]),
    ['standard output', Buffer.from(server.stdout)],
    ...answers.map(({ text }): [string, Buffer] => ['an answer', Buffer.from(text, 'latin1')]),
  ];
  assert.ok(places().length > 50);
  assert.match(server.log, /"code":"SignatureDoesNotMatch"/);
  searched(places(), secrets);
  await server.kill();
  searched(places(), secrets);
  assert.ok(readFileSync(join(server.dataDir, 'root-key.json'), 'utf8').includes(rootSecret));
});

const keyOf = (made: Texts) => ({
  accessKeyId: made.AccessKeyId ?? '',
  accessKeySecret: made.AccessKeySecret ?? '',
});

const searched = (places: [string, Buffer][], secrets: readonly string[]): void => {
  for (const [place, bytes] of places)
    for (const [i, secret] of secrets.entries())
      for (const [spelling, text] of spellings(secret))
        assert.ok(!bytes.includes(text), `secret ${i} stands in ${place} as ${spelling}`);
};

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
