// `kindred run` as a process among processes: what it hands on to its command, how both end, and what is
// left in the folder for temporary files afterwards.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { makeQcow2 } from '../../testing/disk-images.ts';
import { startServer } from '../../testing/server.ts';

const PROGRAM = fileURLToPath(new URL('../../../bin/kindred.js', import.meta.url));
const DEADLINE_MS = 60_000;

type Environment = Readonly<Record<string, string>>;

const scene = (t: TestContext) => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-run-test-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const temporary = join(home, 'tmp');
  mkdirSync(temporary);
  const start = (words: readonly string[], more: Environment = {}) => {
    const env = { PATH: process.env.PATH, HOME: home, TMPDIR: temporary, ...more };
    const argv = [PROGRAM, 'run', ...words];
    const child = spawn(process.execPath, argv, { cwd: home, env, timeout: DEADLINE_MS });
    t.after(() => void child.kill('SIGKILL'));
    const ran = { stdout: '', stderr: '', code: null as number | null };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (ran.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (ran.stderr += text));
    const ended = once(child, 'close').then(([code]) =>
      Object.assign(ran, { code: code as number | null }),
    );
    return { child, ran, ended };
  };
  const run = (words: readonly string[], more?: Environment, input = '') => {
    const { child, ended } = start(words, more);
    child.stdin.on('error', () => undefined).end(input);
    return ended;
  };
  const node = (source: string): string[] => [
    '--',
    process.execPath,
    '--input-type=module',
    '-e',
    source,
  ];
  /** What there is of our own; Node.js keeps what it compiled beside it. */
  const left = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('kindred-'));
  return { home, temporary, start, run, node, left };
};

const untilText = async (read: () => string, wanted: RegExp): Promise<void> => {
  const endsAt = performance.now() + DEADLINE_MS;
  while (!wanted.test(read())) {
    assert.ok(performance.now() < endsAt, `${wanted} never came: ${read()}`);
    await new Promise((again) => setTimeout(again, 20));
  }
};

test('input, output, arguments and exit code are the command’s own', async (t) => {
  const { run, node, left } = scene(t);
  const source = `process.stdout.write(process.argv[1] + ' ');
    process.stdin.pipe(process.stdout);
    process.stdin.on('end', () => { process.stderr.write('e'); process.exitCode = 7; });`;
  const ran = await run([...node(source), '--', '--help -- "x"'], {}, 'in');
  assert.deepEqual(ran, { stdout: '--help -- "x" in', stderr: 'e', code: 7 });
  assert.equal((await run(['--', 'no-such-program'])).code, 127);
  const forbidden = await run(['--', '/etc/passwd']);
  assert.deepEqual(
    [forbidden.code, /\/etc\/passwd cannot be run/.test(forbidden.stderr)],
    [126, true],
  );
  assert.equal((await run(['--nonsense', '--', 'true'])).code, 2);
  assert.deepEqual(left(), []);
});

test('while it runs, what lies there is the user’s alone, and holds no key of the CA', async (t) => {
  const { run, node, left } = scene(t);
  const look = `const { readdirSync, readFileSync, statSync } = await import('node:fs');
    const { dirname, join } = await import('node:path');
    const folder = dirname(process.env.SSL_CERT_FILE);
    const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, name));
    const files = paths.filter((path) => statSync(path).isFile());
    console.log(JSON.stringify({
      modes: [...new Set([folder, ...paths].map((path) => (statSync(path).mode & 0o777).toString(8)))].sort(),
      keys: files.filter((path) => readFileSync(path, 'latin1').includes('PRIVATE KEY')),
      count: files.length,
    }));`;
  const { stdout, stderr, code } = await run(node(look));
  assert.equal(code, 0, stderr);
  const { modes, keys, count } = JSON.parse(stdout);
  assert.deepEqual([modes, keys], [['600', '700'], []]);
  assert.ok(count >= 6);
  assert.deepEqual(left(), []);
});

test('signals go to the command, and its end becomes ours', async (t) => {
  const { start, node, left } = scene(t);
  const patient = `process.on('SIGTERM', () => { console.log('asked'); setTimeout(() => process.exit(9), 50); });
    process.on('SIGINT', () => console.log('interrupted'));
    setInterval(() => undefined, 1000); console.log('up');`;
  const { child, ran, ended } = start(node(patient));
  await untilText(() => ran.stdout, /up\n/);
  child.kill('SIGINT');
  await untilText(() => ran.stdout, /interrupted\n/);
  child.kill('SIGTERM');
  assert.deepEqual([(await ended).code, ran.stdout], [9, 'up\ninterrupted\nasked\n']);
  const killed = await scene(t).run(['--', 'sh', '-c', 'kill -KILL $$']);
  assert.equal(killed.code, 137);
  const early = start(['--', 'sh', '-c', 'echo never']);
  await untilText(() => left().join(), /kindred-run-/);
  early.child.kill('SIGTERM');
  const called = await early.ended;
  // Either it was called off in time, or the command had the signal.
  assert.deepEqual([called.code, called.stdout], [143, '']);
  assert.deepEqual(left(), []);
});

const CALL = (host: string): string =>
  `console.log((await fetch('https://${host}/?Action=DescribeRegions&Version=2014-05-26')).status);`;

test('--strict fails what called the cloud, and nothing else', async (t) => {
  const { run, node } = scene(t);
  const loose = await run(node(CALL('rds.aliyuncs.com')));
  assert.deepEqual([loose.code, loose.stdout], [0, '403\n']);
  assert.match(loose.stderr, /refused 1 call to Alibaba hosts.*\n +1 {2}rds\.aliyuncs\.com\n/);
  assert.equal((await run(['--strict', ...node(CALL('rds.aliyuncs.com'))])).code, 1);
  const served = await run(['--strict', ...node(CALL('ecs.aliyuncs.com'))]);
  assert.deepEqual([served.code, served.stdout, served.stderr], [0, '400\n', '']);
  const own = await run(['--strict', ...node(`${CALL('rds.aliyuncs.com')} process.exitCode = 5;`)]);
  assert.equal(own.code, 5);
});

test('data last with --data, are found again with --keep, and go otherwise', async (t) => {
  const { run, home, left, temporary } = scene(t);
  const guestData = { seed: 3, sizeBytes: 100_000 };
  mkdirSync(join(home, 'fixtures', 'images'), { recursive: true });
  const disk = makeQcow2({ virtualSizeBytes: 2 ** 30, guestData });
  writeFileSync(join(home, 'fixtures', 'images', 'web.qcow2'), disk);
  const kindred = `"${process.execPath}" "${PROGRAM}"`;
  const load = `${kindred} import-image --region-id cn-hangzhou --image-name one --disk-device-mapping OSSBucket=images,OSSObject=web.qcow2 --wait`;
  const count = `${kindred} describe-images --region-id cn-hangzhou --image-owner-alias self --output json`;
  const total = (stdout: string): number => JSON.parse(stdout).TotalCount;
  const settings = ['--buckets', './fixtures'];
  const made = await run([...settings, '--data', 'd', '--', 'sh', '-c', `${load} >&2 && ${count}`]);
  assert.equal(made.code, 0, made.stderr);
  assert.equal(total(made.stdout), 1);
  assert.equal(total((await run(['--data', 'd', '--', 'sh', '-c', count])).stdout), 1);
  assert.equal(total((await run(['--', 'sh', '-c', count])).stdout), 0);
  assert.deepEqual(left(), []);
  const kept = await run(['--keep', ...settings, '--', 'sh', '-c', `${load} >&2`]);
  const [, folder = ''] = /kept the data: kindred serve --data (\S+)\n$/.exec(kept.stderr) ?? [];
  assert.equal(dirname(dirname(folder)), temporary, kept.stderr);
  assert.deepEqual(readdirSync(dirname(folder)), ['data']);
  assert.equal(statSync(dirname(folder)).mode & 0o777, 0o700);
  assert.equal(total((await run(['--data', folder, '--', 'sh', '-c', count])).stdout), 1);
});

test('--seed makes images first, and what is wrong with the file ends the run before it begins', async (t) => {
  const { run, home, node, left } = scene(t);
  writeFileSync(join(home, 'seed.json'), '{"Images":[{"ImageName":"web-1","ImageFamily":"web"}]}');
  writeFileSync(join(home, 'bad.json'), '{"Images":[{"ImageNam":"web-1"}]}');
  const ask = `"${process.execPath}" "${PROGRAM}" describe-image-from-family --region-id cn-hangzhou --image-family web --output json`;
  const found = await run(['--seed', 'seed.json', '--', 'sh', '-c', ask]);
  assert.equal(JSON.parse(found.stdout).Image.ImageName, 'web-1', found.stderr);
  const bad = await run(['--seed', 'bad.json', ...node(`console.log('begun')`)]);
  assert.equal(bad.stdout, '');
  assert.notEqual(bad.code, 0);
  assert.match(bad.stderr, /ImageNam/);
  assert.deepEqual(left(), []);
});

test('a server that runs is used, with its own key, and goes on', async (t) => {
  const server = await startServer(t);
  const { run, node, left } = scene(t);
  const key = {
    ALIBABA_CLOUD_ACCESS_KEY_ID: server.key.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: server.key.accessKeySecret,
  };
  const show = node(
    `console.log(process.env.KINDRED_ENDPOINT, process.env.ALICLOUD_ACCESS_KEY, process.env.ALIBABA_CLOUD_ENDPOINT);`,
  );
  const found = `${server.url} ${server.key.accessKeyId} undefined\n`;
  const named = await run(show, { ...key, ALIBABA_CLOUD_ENDPOINT: server.url });
  assert.equal(named.stdout, found, named.stderr);
  assert.equal((await run(['--endpoint', server.url, ...show], key)).stdout, found);
  const keyless = await run(['--endpoint', server.url, ...show]);
  assert.deepEqual([keyless.code, keyless.stdout], [2, '']);
  assert.match(keyless.stderr, /no AccessKey to sign with/);
  const own = await run(['--quota', 'imagesPerFamily=2', ...show], {
    ...key,
    ALIBABA_CLOUD_ENDPOINT: server.url,
  });
  assert.match(own.stdout, /^http:\/\/127\.0\.0\.1:\d+ \S+ undefined\n$/);
  assert.notEqual(own.stdout, found);
  assert.equal((await fetch(`${server.url}/health`)).status, 200);
  assert.deepEqual(left(), []);
});

test('a profile of the user is neither read nor touched', async (t) => {
  const { run, node, home } = scene(t);
  const profile = join(home, '.aliyun', 'config.json');
  mkdirSync(dirname(profile));
  const text =
    '{"current":"default","profiles":[{"name":"default","mode":"AK","access_key_id":"real","access_key_secret":"real","region_id":"cn-beijing"}]}';
  writeFileSync(profile, text);
  const show = node(`const { readFileSync } = await import('node:fs');
    console.log(readFileSync(process.env.ALIBABA_CLOUD_CONFIG_FILE, 'utf8').includes('real'), process.env.ALIBABA_CLOUD_ACCESS_KEY_ID);`);
  const { stdout } = await run(show, {
    ALIBABA_CLOUD_ACCESS_KEY_ID: 'real',
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: 'real',
  });
  assert.match(stdout, /^false LTAI\w+\n$/);
  assert.equal(readFileSync(profile, 'utf8'), text);
  assert.ok(!existsSync(join(home, 'kindred-data')));
});
