// `kindred audit` against a server, against the data directory that it leaves, and against exported lines
// that somebody has changed in every way that the trail must show.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { checkpointLine, keyIdOf } from '../../lib/checkpoint.ts';
import { chainLine, hashOfText, placeOf, splitLine } from '../../lib/hash-chain.ts';
import { readServeConfig } from '../../server/config.ts';
import { startServing, type Serving } from '../../server/serve.ts';
import { captureIo } from '../captured-io.ts';
import { runCommand } from '../main.ts';

let root: string;
let dataDir: string;
let serving: Serving;
let lines: string[];

const run = async (where: 'server' | 'directory' | 'nowhere', ...argv: string[]) => {
  const environment =
    where === 'server'
      ? { KINDRED_DATA: dataDir, ALIBABA_CLOUD_ENDPOINT: serving.url }
      : { KINDRED_LISTEN: '127.0.0.1:2' };
  const io = captureIo({ environment: { ...environment, ALIBABA_CLOUD_REGION_ID: 'cn-hangzhou' } });
  const more = where === 'directory' ? ['--data', dataDir] : [];
  const exitCode = await runCommand([...argv, ...more], io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
};

const file = (name: string, content: readonly string[]): string => {
  const path = join(root, name);
  writeFileSync(path, `${content.join('\n')}\n`);
  return path;
};

const verifyLines = (content: readonly string[], ...flags: string[]) =>
  run('nowhere', 'audit', 'verify', '--file', file('lines.jsonl', content), ...flags);

before(async () => {
  root = mkdtempSync(join(tmpdir(), 'kindred-audit-'));
  dataDir = join(root, 'data');
  const flags = ['--listen=127.0.0.1:0', `--data=${dataDir}`, '--log-level=silent'];
  serving = await startServing(readServeConfig(flags, {}));
  for (let i = 0; i < 8; i++)
    assert.equal((await run('server', 'create-vpc', '--vpc-name', `net-${i}`)).exitCode, 0);
  const exported = await run('server', 'audit', 'export');
  assert.deepEqual([exported.exitCode, exported.stderr], [0, '10 records\n']);
  lines = exported.stdout.trim().split('\n');
});

let isStopped = false;
const stop = async (): Promise<void> => {
  if (!isStopped) await serving.stop();
  isStopped = true;
};

after(async () => {
  await stop();
  rmSync(root, { recursive: true, force: true });
});

const headOf = (content: readonly string[]): string => {
  const { text, hash } = splitLine(content.at(-1)!)!;
  return `${placeOf(text)!.sequence}:${hash}`;
};

/** The lines from one on, changed by `change` and chained anew, as somebody would who knows how. */
const rewritten = (from: number, change: (text: string) => string): string[] => {
  const result = lines.slice(0, from);
  let previous = from === 0 ? '0'.repeat(64) : splitLine(result.at(-1)!)!.hash;
  for (const line of lines.slice(from)) {
    const text = change(splitLine(line)!.text).replace(
      /"previousHash":"\w+"/,
      `"previousHash":"${previous}"`,
    );
    previous = hashOfText(text);
    result.push(chainLine(text, previous));
  }
  return result;
};

test('list shows who did what, newest first', async () => {
  const listed = await run(
    'server',
    'audit',
    'list',
    '--action',
    'CreateVpc',
    '--limit',
    '3',
    '--json',
  );
  assert.equal(listed.exitCode, 0, listed.stderr);
  const names = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).requestParameters.VpcName);
  assert.deepEqual(names, ['net-7', 'net-6', 'net-5']);
  assert.match((await run('server', 'audit', 'list')).stdout, /^TIME +ACTION +OUTCOME/);
  assert.equal((await run('server', 'audit', 'lists')).exitCode, 2);
  assert.equal((await run('server', 'audit', 'list', '--since', 'soon')).exitCode, 2);
});

test('a whole trail is whole: at a server and from the lines, with its head', async () => {
  const whole = await run('server', 'audit', 'verify');
  assert.equal(whole.exitCode, 0, whole.stdout);
  assert.match(whole.stdout, /^10 records, 1 to 10: whole$/m);
  const [, head = ''] = /^head (\S+)$/m.exec(whole.stdout) ?? [];
  assert.equal((await verifyLines(lines, '--expect-head', head)).exitCode, 0);
  assert.equal((await verifyLines(lines.slice(3))).exitCode, 0, 'a part is whole too');
  assert.equal((await verifyLines(lines, '--expect-head', 'x')).exitCode, 2);
});

const FOUND: Readonly<Record<string, [change: () => string[], fault: RegExp]>> = {
  'one removed record': [() => lines.toSpliced(4, 1), /removed at 6: Record 5 is missing/],
  'one altered record': [() => lines.with(4, lines[4]!.replace('net-2', 'net-9')), /altered at 5/],
  'one altered record with its hash': [
    () => {
      const text = splitLine(lines[4]!)!.text.replace('net-2', 'net-9');
      return lines.with(4, chainLine(text, createHash('sha256').update(text).digest('hex')));
    },
    /replaced at 6/,
  ],
  'two swapped records': [
    () => lines.with(4, lines[5]!).with(5, lines[4]!),
    /moved at 5: Record 5 stands after 6/,
  ],
  'a line that is none': [() => lines.with(4, '{"a":1}'), /unreadable at 5/],
};

for (const [what, [change, fault]] of Object.entries(FOUND))
  test(`verify finds ${what}`, async () => {
    const found = await verifyLines(change());
    assert.equal(found.exitCode, 1);
    assert.match(found.stdout, fault);
  });

test('verify finds a cut tail by the head that was kept', async () => {
  const cut = lines.slice(0, -2);
  assert.equal((await verifyLines(cut)).exitCode, 0, 'by itself it cannot be seen');
  const found = await verifyLines(cut, '--expect-head', headOf(lines));
  assert.equal(found.exitCode, 1);
  assert.match(found.stdout, /head at 10: The chain ends at 8; there was a record 10/);
});

const makeSigner = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return {
    key,
    sign: (text: string) => sign(null, Buffer.from(text), privateKey).toString('base64'),
  };
};

test('verify finds a trail that was written anew as a whole, against the last checkpoint', async () => {
  const signer = makeSigner();
  // The trail names the key that signs, as an installation's first record does.
  const original = rewritten(0, (text) =>
    text.replace(/"publicKey":"[^"]+"/, `"publicKey":"${signer.key}"`),
  );
  const [sequence = '', hash = ''] = headOf(original.slice(0, 8)).split(':');
  const checkpoint = {
    instanceId: 'x',
    incarnation: 1,
    sequence: Number(sequence),
    hash,
    firstSequence: 1,
    time: '2026-11-24T12:00:00Z',
    keyId: keyIdOf(signer.key),
    publicKey: signer.key,
  };
  const kept = `<110>1 2026-11-24T12:00:00Z host kindred - - - ${checkpointLine(checkpoint, signer.sign)}`;
  const checkpoints = file('checkpoints', ['another line of the log', kept]);
  const flags = ['--checkpoints', checkpoints, '--public-key', signer.key];
  const whole = await verifyLines(original, ...flags);
  assert.equal(whole.exitCode, 0, whole.stdout);
  assert.match(whole.stdout, /1 checkpoints compared, the newest of .* at 8, signed by key/);

  lines = original;
  const anew = rewritten(4, (text) => text.replace('net-2', 'net-9'));
  assert.equal((await verifyLines(anew)).exitCode, 0, 'by itself it cannot be seen');
  const found = await verifyLines(anew, ...flags);
  assert.equal(found.exitCode, 1);
  assert.match(found.stdout, /head at 8: Record 8 has another hash/);
  assert.match((await verifyLines(original.slice(0, 6), ...flags)).stdout, /chain ends at 6/);

  const forged = checkpointLine({ ...checkpoint, hash: 'f'.repeat(64) }, makeSigner().sign);
  const forgery = await verifyLines(original, '--checkpoints', file('forged', [forged]));
  assert.equal(forgery.exitCode, 1);
  assert.match(forgery.stdout, /signature at 8: .* was not signed by the key it names/);
  const other = makeSigner();
  const own = { ...checkpoint, publicKey: other.key, keyId: keyIdOf(other.key) };
  const stranger = file('stranger', [checkpointLine(own, other.sign)]);
  assert.match(
    (await verifyLines(original, '--checkpoints', stranger)).stdout,
    /signature at 8: .*another key than the trail names/,
  );
});

test('without a server the data directory is read, and what was done to it is found', async () => {
  await stop();
  const whole = await run('directory', 'audit', 'verify');
  assert.equal(whole.exitCode, 0, whole.stdout + whole.stderr);
  const database = new DatabaseSync(join(dataDir, 'kindred.db'));
  database.exec(`UPDATE audit_record SET principal = 'acs:ram::1:root' WHERE sequence = 6`);
  database.exec('DELETE FROM audit_record WHERE sequence = 3');
  database.close();
  const found = await run('directory', 'audit', 'verify');
  assert.equal(found.exitCode, 1);
  assert.match(found.stdout, /removed at 4: Record 3 is missing/);
  assert.match(found.stdout, /columns at 6/);
  const keys = await run('directory', 'audit', 'keys', '--json');
  assert.ok(
    readFileSync(join(dataDir, 'kindred.db')).includes(
      JSON.parse(keys.stdout).Keys.Key[0].PublicKey,
    ),
  );
});
