// The package as a stranger gets it: packed, installed without install scripts into an empty folder,
// started, called once. Part of the thorough set: it installs packages.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { signedRequest } from '../../src/testing/sign.ts';
import { ROOT } from './tree.ts';

const READY_DEADLINE_MS = 30_000;
/** A packed package larger than this carries something that it should not. */
const MOST_PACKED_BYTES = 2 * 1024 * 1024;

const key = { accessKeyId: 'package-test', accessKeySecret: 'package-test-secret' };

const environment = {
  ...process.env,
  PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
  KINDRED_ACCESS_KEY_ID: key.accessKeyId,
  KINDRED_ACCESS_KEY_SECRET: key.accessKeySecret,
};

test('the packed package starts and answers', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-package-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const npm = (args: string[], cwd: string): string =>
    execFileSync('npm', args, { cwd, env: environment, encoding: 'utf8' });
  npm(['pack', '--silent', '--pack-destination', folder], ROOT);
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const packed = readFileSync(join(folder, tarball)).length;
  t.diagnostic(`${tarball}: ${packed} bytes`);
  assert.ok(packed < MOST_PACKED_BYTES, `${packed} bytes packed`);

  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  npm(['install', '--ignore-scripts', '--no-audit', '--no-fund', `./${tarball}`], folder);
  const program = join(folder, 'node_modules', '.bin', 'kindred');
  const version = execFileSync(program, ['version'], { env: environment, encoding: 'utf8' });
  assert.match(version, /0\.\d+\.\d+/);

  const server = spawn(program, ['serve', '--ephemeral', '--listen', '127.0.0.1:0'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => server.once('exit', resolve));
  t.after(() => server.kill('SIGKILL'));
  const url = await readyUrl(server.stdout);
  const { target } = signedRequest(
    { RegionId: 'cn-hangzhou', ImageFamily: 'nobody-made-it' },
    { ...key, version: '2014-05-26', action: 'DescribeImageFromFamily', nowMs: Date.now() },
  );
  const answer = await fetch(`${url}${target}`);
  assert.equal(answer.status, 200);
  const { RequestId, ...body } = (await answer.json()) as { RequestId: string };
  assert.match(RequestId, /^[0-9A-F-]{36}$/);
  assert.deepEqual(body, { Image: {} });
  const health = await fetch(`${url}/health`);
  assert.equal(health.status, 200);
  server.kill('SIGTERM');
  assert.equal(await exited, 0);
  tryDouble(folder);
});

const CONSUMER = `import { startKindred, type TestKindred } from 'kindred/testing';
const kindred: TestKindred = await startKindred();
const { Regions } = await kindred.client().describeRegions();
console.log(Regions.Region.length > 0, kindred.calls()[0]?.Action);
await kindred.close();
`;

/** `kindred/testing` in a program of somebody else: its types are found, and it runs. */
const tryDouble = (folder: string): void => {
  writeFileSync(join(folder, 'consumer.mts'), CONSUMER);
  const options = {
    target: 'es2024',
    lib: ['es2024', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    noEmit: true,
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules', '@types')],
  };
  const config = { compilerOptions: options, files: ['consumer.mts'] };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  execFileSync(tsc, ['--project', folder], { env: environment, stdio: 'inherit' });
  const printed = execFileSync(process.execPath, [join(folder, 'consumer.mts')], {
    env: environment,
    encoding: 'utf8',
  });
  assert.equal(printed, 'true DescribeRegions\n');
};

const readyUrl = async (stdout: NodeJS.ReadableStream): Promise<string> => {
  const lines = createInterface({ input: stdout });
  const alarm = setTimeout(() => lines.close(), READY_DEADLINE_MS);
  for await (const line of lines) {
    const [, url] = /^kindred ready on (.+)$/.exec(line) ?? [];
    if (url === undefined) continue;
    clearTimeout(alarm);
    return url;
  }
  throw new Error('the server did not get ready');
};
