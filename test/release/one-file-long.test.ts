// The one-file program, as a stranger has it: no Node.js on the path, no node_modules near. It serves, imports
// by its worker threads, answers the official SDK, and every command that loads something of its own runs.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { openSdk } from '../../src/cli/demo-sdk.ts';
import { makeQcow2 } from '../../src/testing/disk-images.ts';
import { TEMPLATE_FILE } from '../../src/store/sqlite/template.ts';
import { startServer, type TestServer } from '../../src/testing/server.ts';
import { makeBundle } from '../../tools/binary/bundle.ts';
import { filesOf, ROOT, textOf } from '../repo/tree.ts';
import { buildOneFile, makeFolder, sha256OfFile } from './one-file.ts';

const REGION = 'cn-hangzhou';
/** With the libraries of an image it must stay below 120 MB. */
const MOST_BYTES = 114_500_000;
const DEADLINE_MS = 60_000;

const folder = makeFolder({ after: (fn) => process.once('exit', fn) });
const program = buildOneFile(folder);

/** One command by the program, with an environment that has nothing of this one. */
const run = (args: readonly string[], env: Record<string, string> = {}, cwd = folder) => {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env: { PATH: '/nowhere', HOME: cwd, TMPDIR: cwd, ...env },
    encoding: 'utf8',
    timeout: DEADLINE_MS,
  });
  return { status, stdout, stderr };
};

const runWell = (args: readonly string[], env?: Record<string, string>, cwd?: string): string => {
  const { status, stdout, stderr } = run(args, env, cwd);
  assert.equal(status, 0, `kindred ${args.join(' ')}: ${stderr}${stdout}`);
  return stdout;
};

const start = (t: TestContext, args: readonly string[] = []): Promise<TestServer> =>
  startServer(t, { program: [program], args, env: { PATH: '/nowhere' } });

const makeDisk = (seed: number): Uint8Array =>
  makeQcow2({ virtualSizeBytes: 1024 ** 3, guestData: { seed, sizeBytes: 1024 ** 2 } });

test('it is one file of a bounded size', (t) => {
  const { size } = statSync(program);
  t.diagnostic(`${size} bytes`);
  if (spawnSync('strip', ['--version']).error !== undefined)
    return t.skip('strip (binutils) is not installed');
  assert.ok(size <= MOST_BYTES, `${size} bytes`);
});

test('its texts are the same whenever they are made, and have every worker thread', async () => {
  const { assets, main } = await makeBundle(ROOT);
  const again = await makeBundle(ROOT);
  assert.equal(again.main, main);
  assert.deepEqual(again.assets, assets);
  const started = filesOf('src/**/*.ts').flatMap((path) =>
    [...textOf(path).matchAll(/startWorker\(import\.meta\.url, '([\w-]+)'/g)].map(
      ([, name]) => name,
    ),
  );
  assert.ok(started.length > 4);
  for (const name of started) assert.ok(assets.has(`${name}.js`), name);
  assert.ok(assets.has(TEMPLATE_FILE));
});

test('it imports a disk, answers the official SDK, and stops with 0', async (t) => {
  const server = await start(t);
  const bytes = makeDisk(1);
  mkdirSync(join(server.dataDir, 'buckets/golden'), { recursive: true });
  writeFileSync(join(server.dataDir, 'buckets/golden/disk.qcow2'), bytes);
  const sdk = await openSdk(server.url, server.key, REGION);
  const { imageId, taskId } = await sdk.ecs('ImportImage', {
    regionId: REGION,
    imageName: 'one-file',
    diskDeviceMapping: [{ OSSBucket: 'golden', OSSObject: 'disk.qcow2' }],
  });
  const endMs = performance.now() + DEADLINE_MS;
  for (let status = 'Processing'; status !== 'Finished';) {
    assert.equal(status, 'Processing');
    assert.ok(performance.now() < endMs, 'the import did not end');
    await new Promise((again) => setTimeout(again, 50));
    const task = await sdk.ecs('DescribeTaskAttribute', { regionId: REGION, taskId });
    status = task.taskStatus as string;
  }
  await sdk.ecs('ModifyImageAttribute', { regionId: REGION, imageId, imageFamily: 'web' });
  const answer = await sdk.ecs('DescribeImageFromFamily', { regionId: REGION, imageFamily: 'web' });
  assert.equal(answer.image.imageId, imageId);
  const content = await sdk.kindred('DescribeImageContent', { RegionId: REGION, ImageId: imageId });
  const served = await fetch(new URL(content.Disks.Disk[0].Url, server.url));
  assert.deepEqual(new Uint8Array(await served.arrayBuffer()), bytes);
  assert.match(await (await fetch(`${server.url}/metrics`)).text(), /^kindred_requests_total/m);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
});

test('its commands send, fetch, verify, back up and restore', async (t) => {
  const server = await start(t);
  const home = makeFolder(t);
  const online = {
    ALIBABA_CLOUD_ENDPOINT: server.url,
    ALIBABA_CLOUD_REGION_ID: REGION,
    KINDRED_DATA: server.dataDir,
  };
  const bytes = makeDisk(2);
  writeFileSync(join(home, 'disk.qcow2'), bytes);
  assert.match(runWell(['push', 'disk.qcow2', '--family', 'web'], online, home), /m-\w+/);
  runWell(['pull', 'web', '-o', 'copy.qcow2'], online, home);
  assert.equal(
    await sha256OfFile(join(home, 'copy.qcow2')),
    createHash('sha256').update(bytes).digest('hex'),
  );
  assert.match(runWell(['inspect', 'disk.qcow2'], {}, home), /qcow2/);
  runWell(['verify'], online, home);
  assert.match(runWell(['doctor'], online, home), /^ok +the server at .* is well/m);
  runWell(['backup', join(home, 'backup')], online, home);
  assert.deepEqual(await server.stop(), { code: 0, signal: null });
  const offline = runWell(['families', '--region-id', REGION, '--data', server.dataDir]);
  assert.match(offline, /\bweb\b/);
  const masterKey = ['--master-key-file', join(server.dataDir, 'master.key')];
  runWell(['restore', join(home, 'backup'), '--data', join(home, 'again'), ...masterKey], {}, home);
});

test('it shows the main job by the SDK that is inside', () => {
  assert.match(runWell(['demo', '--once']), /equal to the disk that was made/);
});

test('version, licences, completion, help and certificates', (t) => {
  const { version } = JSON.parse(textOf('package.json')) as { version: string };
  assert.equal(runWell(['version']), `kindred ${version} (Node.js ${process.versions.node})\n`);
  const licences = runWell(['version', '--licences']);
  for (const word of ['Apache License', 'Node.js', 'OpenSSL', 'pino ', 'fastify ', '@smithy/'])
    assert.ok(licences.includes(word), word);
  assert.match(runWell(['completion', 'bash']), /describe-image-from-family/);
  assert.match(runWell(['describe-image-from-family', '--help']), /--image-family/);
  const home = makeFolder(t);
  runWell(['tls', 'init', '--host', 'images.lab'], {}, home);
  assert.match(readFileSync(join(home, 'kindred-tls/cert.pem'), 'utf8'), /BEGIN CERTIFICATE/);
  const wrong = run(['serve', '--nonsense']);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /see kindred serve --help/);
});

test('bytes in S3 need no package: the SDK is inside', (t) => {
  const { status, stderr } = run(
    ['serve', '--listen', '127.0.0.1:0', '--blobs', 's3://bucket/a?endpoint=http://127.0.0.1:9'],
    { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' },
    makeFolder(t),
  );
  assert.notEqual(status, 0);
  assert.match(stderr, /ECONNREFUSED/);
  assert.doesNotMatch(stderr, /npm install/);
});
