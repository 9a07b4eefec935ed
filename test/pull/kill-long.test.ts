// A pull that is interrupted five times by the death of the client and five times by that of the server.
// KINDRED_TEST_PULL=raw:2147483648 makes it 2 GiB of noise, KINDRED_TEST_PULL=qcow2:4294967296 a sparse
// qcow2 of 4 GiB (with qemu-img); the usual run takes 64 MiB of noise.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createClient } from '../../src/client/client.ts';
import { makeRaw } from '../../src/testing/disk-images.ts';
import { startServer } from '../../src/testing/server.ts';
import { countingProxy } from './counting-proxy.ts';

const RegionId = 'cn-hangzhou';
const PROGRAM = join(import.meta.dirname, '../../bin/kindred.js');
const MIB = 1024 * 1024;
const KILLS = 5;
const [kind = 'raw', wantedBytes = String(64 * MIB)] = (process.env.KINDRED_TEST_PULL ?? '')
  .split(':')
  .filter(Boolean);

/** A disk with a partition table and noise behind it. */
const makeNoise = (path: string, sizeBytes: number): void => {
  const fd = openSync(path, 'w');
  const head = makeRaw({ virtualSizeBytes: MIB, guestData: { seed: 1, sizeBytes: MIB } });
  const noise = Buffer.alloc(4 * MIB);
  for (let at = writeSync(fd, head); at < sizeBytes;)
    at += writeSync(fd, randomFillSync(noise), 0, Math.min(noise.length, sizeBytes - at));
  closeSync(fd);
};

/** A qcow2 of `sizeBytes` of which one part in sixteen holds noise, islands far apart. */
const makeSparse = (path: string, sizeBytes: number): void => {
  const raw = `${path}.raw`;
  const fd = openSync(raw, 'w');
  writeSync(fd, makeRaw({ virtualSizeBytes: MIB, guestData: { seed: 1, sizeBytes: MIB } }));
  const noise = Buffer.alloc(MIB);
  for (let at = 16 * MIB; at < sizeBytes; at += 16 * MIB)
    writeSync(fd, randomFillSync(noise), 0, MIB, at - MIB);
  closeSync(fd);
  const made = spawnSync('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', raw, path]);
  rmSync(raw);
  assert.equal(made.status, 0, String(made.stderr));
};

const sumOf = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 4 * MIB }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
};

test('a pull that is killed again and again ends with equal bytes, few of them fetched twice', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-pull-kill-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const server = await startServer(t);
  const proxy = await countingProxy(t, () => server.port);
  mkdirSync(join(server.dataDir, 'buckets/images'), { recursive: true });
  const disk = join(server.dataDir, `buckets/images/disk.${kind}`);
  (kind === 'raw' ? makeNoise : makeSparse)(disk, Number(wantedBytes));
  const size = statSync(disk).size;

  const client = createClient({ endpoint: server.url, ...server.key });
  const { ImageId, TaskId } = await client.importImage({
    RegionId,
    DiskDeviceMapping: [{ OSSBucket: 'images', OSSObject: `disk.${kind}` }],
  });
  for (;;) {
    const { TaskStatus } = await client.describeTaskAttribute({ RegionId, TaskId });
    if (TaskStatus === 'Finished') break;
    assert.equal(TaskStatus, 'Processing');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await client.modifyImageAttribute({ RegionId, ImageId, ImageFamily: 'web' });
  const { Token } = await client.createFamilyReadToken({ RegionId, ImageFamily: 'web' });
  const { AccountId } = await client.getCallerIdentity();

  const file = join(folder, 'pulled');
  const start = () => {
    const argv = [PROGRAM, 'pull', `acs:${AccountId}:web`, '-o', file, '--region', RegionId];
    const child = spawn(process.execPath, [...argv, '--url', proxy.url, '--token', Token], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    return { child, ended };
  };
  const begunMs = performance.now();
  let pulling = start();
  for (let kill = 1; kill <= KILLS * 2; kill += 1) {
    await proxy.reached((size * kill) / (KILLS * 2 + 1));
    if (kill % 2 === 1) {
      pulling.child.kill('SIGKILL');
      await pulling.ended;
      pulling = start();
    } else {
      await server.kill();
      await server.restart();
    }
  }
  assert.equal(await pulling.ended, 0);
  const seconds = (performance.now() - begunMs) / 1000;
  assert.equal(await sumOf(file), await sumOf(disk));
  // What latest.json and the like brought is in it, and may be.
  const twice = proxy.bodyBytes - size;
  const share = (twice / size) * 100;
  t.diagnostic(
    `${size} bytes, ${KILLS} deaths of the client and ${KILLS} of the server, ${seconds.toFixed(1)} s: ${twice} bytes twice (${share.toFixed(2)} %), ${proxy.sentBytes - size} with the heads of all answers`,
  );
  assert.ok(share < 2, `${share} % were fetched twice`);
});
