// A byte is flipped at rest under a real server: command, log, metric, family and addresses say so.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient } from '../client/client.ts';
import { makeQcow2 } from '../testing/disk-images.ts';
import { startServer, type TestServer } from '../testing/server.ts';
import { captureIo } from './captured-io.ts';
import { runCommand } from './main.ts';

const RegionId = 'cn-hangzhou';
const inFamily = { RegionId, ImageFamily: 'web' };

const clientOf = (server: TestServer) => createClient({ endpoint: server.url, ...server.key });

const importOne = async (server: TestServer, seed: number) => {
  const client = clientOf(server);
  const bytes = makeQcow2({ virtualSizeBytes: 1024 ** 3, guestData: { seed, sizeBytes: 65_536 } });
  const folder = join(server.dataDir, 'buckets/golden');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${seed}.qcow2`), bytes);
  const DiskDeviceMapping = [{ OSSBucket: 'golden', OSSObject: `${seed}.qcow2` }];
  const { ImageId } = await client.importImage({ RegionId, DiskDeviceMapping });
  for (let status = ''; status !== 'Available';) {
    const found = await client.describeImages({ RegionId, ImageId, Status: 'ALL' });
    status = found.Images.Image[0]!.Status;
    assert.notEqual(status, 'CreateFailed');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await client.modifyImageAttribute({ ...inFamily, ImageId });
  const hex = createHash('sha256').update(bytes).digest('hex');
  return { ImageId, hex, path: join(server.dataDir, 'blobs/sha256', hex.slice(0, 2), hex) };
};

const verify = async (environment: Record<string, string>, ...flags: string[]) => {
  const io = captureIo({ environment });
  const exitCode = await runCommand(['verify', ...flags], io);
  return { exitCode, stdout: io.stdout, stderr: io.stderr };
};

test('a flipped byte at rest is found, and everything says so', async (t) => {
  const server = await startServer(t);
  const online = { KINDRED_DATA: server.dataDir, ALIBABA_CLOUD_ENDPOINT: server.url };
  const client = clientOf(server);
  const older = await importOne(server, 1);
  const newer = await importOne(server, 2);
  const sound = await verify(online);
  assert.equal(sound.exitCode, 0, sound.stderr);
  const content = await client.describeImageContent({ RegionId, ImageId: newer.ImageId });
  const address = new URL(content.Disks.Disk[0]!.Url, server.url);
  assert.equal((await fetch(address, { method: 'HEAD' })).status, 200);

  const bytes = readFileSync(newer.path);
  bytes[1_000]! ^= 0x10;
  writeFileSync(newer.path, bytes);
  const { exitCode, stdout } = await verify(online, '--json');
  assert.equal(exitCode, 1);
  const found = JSON.parse(stdout);
  assert.deepEqual([found.CheckedBlobs, found.DamagedBlobs, found.RepairedBlobs], [2, 1, 0]);
  assert.deepEqual(found.DamagedCopies.DamagedCopy[0].UnavailableImages.ImageId, [newer.ImageId]);

  const head = await client.describeImageFromFamily(inFamily);
  assert.equal(head.Image.ImageId, older.ImageId);
  const listed = await client.describeImages({ RegionId, Status: 'UnAvailable' });
  assert.deepEqual(
    listed.Images.Image.map(({ ImageId }) => ImageId),
    [newer.ImageId],
  );
  assert.equal((await fetch(address)).status, 404);
  const line = server.log.split('\n').find((text) => text.includes('stored bytes are damaged'));
  assert.match(line ?? '', new RegExp(`sha256:${newer.hex}.*DIGEST_MISMATCH.*${newer.ImageId}`));
  const figures = await (await fetch(new URL('/metrics', server.url))).text();
  assert.match(figures, /^kindred_blobs_damaged\{served="no"\} 1$/m);
  assert.match(figures, /^kindred_verified_copies_total\{outcome="damaged"\} 1$/m);
  const io = captureIo({ environment: online });
  assert.equal(await runCommand(['doctor'], io), 1);
  assert.match(io.stdout, /fail +1 stored files are damaged/);

  await server.stop();
  const offline = await verify({ KINDRED_LISTEN: '127.0.0.1:2' }, '--data', server.dataDir);
  assert.equal(offline.exitCode, 1, offline.stderr);
  assert.match(offline.stdout, /DIGEST_MISMATCH.*\n.*1 damaged now\n$/s);
});

test('a wrong flag is answered with what to do', async () => {
  const { exitCode, stderr } = await verify({}, '--rate', 'fast');
  assert.equal(exitCode, 2);
  assert.match(stderr, /--rate is a whole number of MiB/);
});
