// `kindred push` against a real server: what it publishes, what it refuses, and how it goes on.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { createClient } from '../../client/client.ts';
import { makeQcow2 } from '../../testing/disk-images.ts';
import { startServer } from '../../testing/server.ts';
import { OPENPGP_BINARY, SSH_ARMOURED } from '../../testing/signatures.ts';
import { captureIo } from '../captured-io.ts';
import { runCommand } from '../main.ts';

const REGION = 'cn-hangzhou';
const server = await startServer({ after });
const client = createClient({ endpoint: server.url, ...server.key });

const scene = (t: TestContext) => {
  const home = mkdtempSync(join(tmpdir(), 'kindred-push-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const push = async (...argv: string[]) => {
    const io = captureIo({
      homeDir: home,
      environment: {
        HOME: home,
        ALIBABA_CLOUD_ENDPOINT: server.url,
        ALIBABA_CLOUD_ACCESS_KEY_ID: server.key.accessKeyId,
        ALIBABA_CLOUD_ACCESS_KEY_SECRET: server.key.accessKeySecret,
        ALIBABA_CLOUD_REGION_ID: REGION,
      },
    });
    const exitCode = await runCommand(['push', ...argv], io);
    return { exitCode, stdout: io.stdout, stderr: io.stderr };
  };
  const file = (name: string, bytes: Uint8Array): string => {
    const path = join(home, name);
    writeFileSync(path, bytes);
    return path;
  };
  const states = join(home, '.local', 'state', 'kindred', 'push');
  return { home, push, file, states };
};

const qcow2 = (seed: number): Uint8Array =>
  makeQcow2({ virtualSizeBytes: 2 ** 30, guestData: { seed, sizeBytes: 300_000 } });
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const headOf = async (ImageFamily: string): Promise<string | undefined> =>
  (await client.describeImageFromFamily({ RegionId: REGION, ImageFamily })).Image.ImageId;

const digestOf = async (ImageId: string): Promise<string | undefined> =>
  (await client.describeImageContent({ RegionId: REGION, ImageId })).Disks.Disk[0]?.Digest;

const objects = (): string[] => {
  const root = join(server.dataDir, 'buckets');
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
};

test('a file becomes the head of its family, byte for byte, and nothing else is left', async (t) => {
  const { push, file, states } = scene(t);
  const bytes = qcow2(1);
  const path = file('nightly build.qcow2', bytes);
  const pushed = await push(path, '--family', 'web', '--name', 'web-1', '--tag', 'git=4f2a91c');
  assert.equal(pushed.exitCode, 0, pushed.stderr);
  const imageId = pushed.stdout.trim();
  assert.equal(await headOf('web'), imageId);
  assert.equal(await digestOf(imageId), `sha256:${sha256(bytes)}`);
  const [image] = (await client.describeImages({ RegionId: REGION, ImageId: imageId })).Images
    .Image;
  assert.equal(image?.ImageName, 'web-1');
  assert.deepEqual(image?.Tags.Tag, [{ TagKey: 'git', TagValue: '4f2a91c' }]);
  assert.deepEqual(readdirSync(states), []);
  assert.deepEqual(objects(), []);
});

test('labels and signatures are there when the family names the image', async (t) => {
  const { push, file } = scene(t);
  const bytes = qcow2(21);
  const path = file('signed.qcow2', bytes);
  const labels = ['--label', 'git.sha=4f2a91c', '--label', 'build.url=ci.example/?a=b'];
  const pgp = ['--signature', file('SHA256SUMS.gpg', OPENPGP_BINARY)];
  const ssh = ['--signature', file('SHA256SUMS.sig', Buffer.from(SSH_ARMOURED))];
  const words = [path, '--family', 'signed', '--tag', 'team=web', ...labels];
  const refused = await push(...words, '--signature', path);
  assert.equal(refused.exitCode, 1);
  assert.match(refused.stderr, /signed\.qcow2 is no detached OpenPGP or SSH signature/);
  const pushed = await push(...words, ...pgp, ...ssh);
  assert.equal(pushed.exitCode, 0, pushed.stderr);
  const image = { RegionId: REGION, ImageId: pushed.stdout.trim() };
  assert.equal(await headOf('signed'), image.ImageId);
  const tags = (await client.describeImages(image)).Images.Image[0]?.Tags.Tag;
  assert.deepEqual(Object.fromEntries(tags?.map((tag) => [tag.TagKey, tag.TagValue]) ?? []), {
    team: 'web',
    'label:git.sha': '4f2a91c',
    'label:build.url': 'ci.example/?a=b',
  });
  const { Signatures } = await client.describeImageSignatures(image);
  assert.deepEqual(
    Signatures.Signature.map(({ Type }) => Type),
    ['openpgp', 'ssh'],
  );
});

test('a raw file of another suffix is pushed as raw, and --keep-object keeps the object', async (t) => {
  const { push, file } = scene(t);
  const bytes = Buffer.alloc(2 ** 20);
  randomBytes(4096).copy(bytes, 512 * 1024);
  const pushed = await push(file('disk.img', bytes), '--family', 'rawdisk', '--keep-object');
  assert.equal(pushed.exitCode, 0, pushed.stderr);
  assert.equal(await digestOf(pushed.stdout.trim()), `sha256:${sha256(bytes)}`);
  assert.match(objects().join(), /-disk\.img\.raw$/);
});

test('sums that do not fit publish nothing', async (t) => {
  const { push, file } = scene(t);
  const bytes = qcow2(2);
  const path = file('disk.qcow2', bytes);
  const sums = (text: string): string => file('SHA256SUMS', Buffer.from(text));
  const other = 'a'.repeat(64);
  const wrong = await push(
    path,
    '--family',
    'sums',
    '--sha256sums',
    sums(`${other}  disk.qcow2\n`),
  );
  assert.equal(wrong.exitCode, 1);
  assert.match(wrong.stderr, new RegExp(`${sha256(bytes)}.*${other} was promised`));
  const absent = await push(path, '--family', 'sums', '--sha256sums', sums(`${other}  x.qcow2\n`));
  assert.match(absent.stderr, /has no line for disk\.qcow2; nothing was sent/);
  assert.equal(await headOf('sums'), undefined);
  const good = `${other}  a\n${sha256(bytes)} *disk.qcow2\n`;
  const right = await push(path, '--family', 'sums', '--sha256sums', sums(good));
  assert.equal(right.exitCode, 0, right.stderr);
  assert.equal(await headOf('sums'), right.stdout.trim());
});

test('a URL is sent through, also when its server breaks off', async (t) => {
  const { push } = scene(t);
  const bytes = qcow2(3);
  const ranges: string[] = [];
  const web = createServer((request, response) => {
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1]);
    const isProbe = request.headers.range === 'bytes=0-0';
    const end = isProbe ? 1 : bytes.length;
    ranges.push(request.headers.range ?? '');
    response.writeHead(206, {
      etag: '"one"',
      'content-range': `bytes ${from}-${end - 1}/${bytes.length}`,
      'content-length': end - from,
    });
    if (isProbe || from > 0) return void response.end(bytes.subarray(from, end));
    response.write(bytes.subarray(0, 200_000));
    setTimeout(() => response.destroy(), 50);
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  t.after(() => web.close());
  const { port } = web.address() as AddressInfo;
  const pushed = await push(`http://127.0.0.1:${port}/image.qcow2?token=x`, '--family', 'url');
  assert.equal(pushed.exitCode, 0, pushed.stderr);
  assert.match(pushed.stderr, /broke off; trying again/);
  assert.ok(!pushed.stderr.includes('token=x'));
  assert.ok(
    ranges.some((range) => range !== 'bytes=0-' && range !== 'bytes=0-0'),
    ranges.join(),
  );
  assert.equal(await digestOf(pushed.stdout.trim()), `sha256:${sha256(bytes)}`);
});

test('the same command goes on where the last one ended, without a second image', async (t) => {
  const { push, file, states } = scene(t);
  const path = file('late.qcow2', qcow2(4));
  const first = await push(path, '--no-wait');
  assert.equal(first.exitCode, 0, first.stderr);
  const [state = ''] = readdirSync(states);
  assert.equal(statSync(join(states, state)).mode & 0o777, 0o600);
  const kept = JSON.parse(readFileSync(join(states, state), 'utf8')) as Record<string, unknown>;
  // As a kill between the import's answer and its note would leave it.
  writeFileSync(
    join(states, state),
    JSON.stringify({ ...kept, imageId: undefined, taskId: undefined }),
  );
  const again = await push(path, '--no-wait');
  assert.equal(again.stdout, first.stdout, again.stderr);
  const finished = await push(path);
  assert.equal(finished.stdout, first.stdout, finished.stderr);
  assert.deepEqual(readdirSync(states), []);
});

test('a file that the server would refuse is not sent', async (t) => {
  const { push, file } = scene(t);
  const before = objects();
  const imagesBefore = (await client.describeImages({ RegionId: REGION })).TotalCount;
  const text = await push(file('hosts', Buffer.from('127.0.0.1 localhost\n')), '--family', 'text');
  assert.equal(text.exitCode, 1);
  assert.match(text.stderr, /nothing was sent\. .*hosts: FORMAT_UNSUPPORTED: /);
  const other = await push(file('other.img', qcow2(6)), '--format', 'vmdk');
  assert.match(other.stderr, /nothing was sent\. .*FORMAT_MISMATCH/);
  assert.equal((await client.describeImages({ RegionId: REGION })).TotalCount, imagesBefore);
  assert.deepEqual(objects(), before);
});

test('wrong usage is told before anything is done', async (t) => {
  const { push, file } = scene(t);
  const path = file('disk.qcow2', qcow2(5));
  for (const argv of [
    [],
    [path, path],
    [path, '--family', 'x', '--no-wait'],
    [path, '--format', 'iso'],
    [path, '--label', 'git.sha'],
    [path, '--label', 'build.url=https://ci.example/42'],
    [path, '--signature', path, '--no-wait'],
    [path, '--famly', 'x'],
  ])
    assert.equal((await push(...argv)).exitCode, 2, argv.join(' '));
  assert.match((await push('/nonexistent/disk')).stderr, /cannot be read \(ENOENT\)/);
  assert.equal((await push(path, '--bucket', 'not-mine')).exitCode, 1);
  const nobody = await push(path, '--endpoint', 'http://127.0.0.1:9');
  assert.equal(nobody.exitCode, 1);
  assert.match(nobody.stderr, /EndpointUnreachable/);
});
