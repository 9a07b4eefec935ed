// The container image: what it declares, how large it is, that the same program gives the same bytes, and that
// it runs as it says: another user than root, nothing writable but its volume, health told by itself.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createClient } from '../../src/client/client.ts';
import { readContainerfile } from '../../tools/container/containerfile.ts';
import { ROOT, textOf } from '../repo/tree.ts';
import { readImage, startContainer, whyNoContainer } from './container.ts';
import { buildOneFile, makeFolder, sha256OfFile } from './one-file.ts';

const MOST_BYTES = 120_000_000;
const RegionId = 'cn-hangzhou';

const folder = makeFolder({ after: (fn) => process.once('exit', fn) });
const program = buildOneFile(folder);

/** @returns the archive */
const buildImage = (to: string): string => {
  const args = ['tools/build-image.ts', '--program', program, '--to', to];
  execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  return join(to, `kindred-image-linux-${process.arch}.tar`);
};

const archive = buildImage(folder);
const image = readImage(archive, folder);

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

test('it declares a user that is not root, a health check, a volume, and no plain HTTP', () => {
  const { config, architecture } = image;
  assert.equal(architecture, { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64']);
  assert.deepEqual(config, readContainerfile(textOf('Containerfile')).config);
  assert.match(config.User ?? '', /^[1-9]\d+:[1-9]\d+$/);
  assert.deepEqual(config.Healthcheck?.Test, ['CMD', 'kindred', 'health']);
  assert.deepEqual(Object.keys(config.Volumes), ['/data']);
  assert.ok(!config.Env.join(' ').includes('INSECURE'));
});

test('its layers are what the configuration names, and at most 120 MB', (t) => {
  const layers = image.layerPaths.map((path) => gunzipSync(readFileSync(path)));
  const digests = layers.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
  assert.deepEqual(
    digests.map((digest) => `sha256:${digest}`),
    image.diffIds,
  );
  const size = layers.reduce((sum, { length }) => sum + length, 0);
  t.diagnostic(`${size} bytes unpacked, ${statSync(archive).size} packed`);
  if (spawnSync('strip', ['--version']).error !== undefined)
    return t.skip('strip (binutils) is not installed');
  assert.ok(size <= MOST_BYTES, `${size} bytes`);
});

test('the same program gives the same bytes', async (t) => {
  assert.equal(await sha256OfFile(buildImage(makeFolder(t))), await sha256OfFile(archive));
});

test('it runs as that user on a read-only root, is healthy, and stops with 0', async (t) => {
  const why = whyNoContainer();
  if (why !== undefined) return t.skip(why);
  const port = await freePort();
  const key = { accessKeyId: 'container-key', accessKeySecret: 'container-secret' };
  const container = await startContainer(image, makeFolder(t), {
    // Every address of the container is this machine's in this test.
    KINDRED_LISTEN: `127.0.0.1:${port}`,
    KINDRED_ACCESS_KEY_ID: key.accessKeyId,
    KINDRED_ACCESS_KEY_SECRET: key.accessKeySecret,
  });
  t.after(() => container.process.kill('SIGKILL'));
  assert.equal(`${container.userId()}:${container.userId()}`, image.config.User);
  const { status, stdout } = container.checkHealth();
  assert.equal(status, 0);
  assert.match(stdout, /is well/);
  const client = createClient({ endpoint: container.url, ...key });
  const answer = await client.describeImageFromFamily({ RegionId, ImageFamily: 'nobody' });
  assert.deepEqual(answer.Image, {});
  assert.equal(await container.stop(), 0);
  assert.equal(container.checkHealth().status, 1);
});

test('an ephemeral one needs only /tmp, and a settings mistake is told', async (t) => {
  const why = whyNoContainer();
  if (why !== undefined) return t.skip(why);
  const port = await freePort();
  const settings = { KINDRED_LISTEN: `127.0.0.1:${port}`, KINDRED_EPHEMERAL: 'true' };
  const container = await startContainer(image, makeFolder(t), settings);
  t.after(() => container.process.kill('SIGKILL'));
  assert.equal(container.checkHealth().status, 0);
  assert.equal(await container.stop(), 0);
  // As it comes, it listens to everybody, and does not do that in the clear unless it is told to.
  await assert.rejects(startContainer(image, makeFolder(t), {}), /ended with 2\n.*INSECURE_HTTP/s);
});

test('a builder makes the same of the Containerfile', (t) => {
  if (spawnSync('buildah', ['--version']).error !== undefined)
    return t.skip('buildah is not installed');
  const own = makeFolder(t);
  const storage = [
    '--storage-driver',
    'vfs',
    '--root',
    join(own, 'root'),
    '--runroot',
    join(own, 'run'),
  ];
  const buildah = (...args: string[]): string =>
    execFileSync('buildah', [...storage, ...args], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  buildah(
    'build',
    '--isolation',
    'chroot',
    '--format',
    'docker',
    '-t',
    'kindred',
    '-f',
    'Containerfile',
    folder,
  );
  const { Docker } = JSON.parse(buildah('inspect', '--type', 'image', 'kindred')) as {
    Docker: { config: Record<string, unknown> };
  };
  for (const [name, value] of Object.entries(image.config).filter(([key]) => key !== 'Labels'))
    assert.deepEqual(Docker.config[name], value, name);
});
