// An image of the most disks there may be (a system disk and sixteen data disks) in every format, written by
// qemu-img, on its whole way through the official SDK: import, verification, copy into a region with a store
// of its own, images of parts of it (an export takes five disks), export as they are kept. What comes out is
// the file that went in, and qemu-img reads out of it what it reads out of the source.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomFillSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createClient } from '../../src/client/client.ts';
import { startServer } from '../../src/testing/server.ts';
import { NEWEST_V3, type Call } from './clients.ts';
import { until } from './story.ts';

const HERE = 'cn-hangzhou';
const FAR = 'cn-beijing';
const DISKS = 17;
/** Of one export, with its system disk. */
const EXPORTED = 5;
const BUCKET = 'seventeen';
const MIB = 2 ** 20;

/** Extension, qemu-img's name, and how it is written. */
const FORMATS = [
  ['qcow2', 'qcow2', []],
  ['raw', 'raw', []],
  ['vhd', 'vpc', ['-o', 'subformat=dynamic,force_size=on']],
  ['vmdk', 'vmdk', ['-o', 'subformat=monolithicSparse']],
  ['qcow2', 'qcow2', ['-c', '-o', 'cluster_size=4096']],
  ['vhd', 'vpc', ['-o', 'subformat=fixed,force_size=on']],
  ['vmdk', 'vmdk', ['-o', 'subformat=streamOptimized']],
] as const;

interface Disk {
  object: string;
  /** qemu-img's name of its format. */
  format: string;
  path: string;
}

const isMissing = spawnSync('qemu-img', ['--version']).error !== undefined;
const skip = isMissing ? 'qemu-img is not installed' : false;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a guest sees, by QEMU's reading. */
const guestSha256 = (path: string, format: string): string => {
  const raw = `${path}.as-raw`;
  execFileSync('qemu-img', ['convert', '-f', format, '-O', 'raw', path, raw]);
  const digest = sha256(readFileSync(raw));
  rmSync(raw);
  return digest;
};

/** Disks of 4 MiB, each with other bytes and holes. */
const makeDisks = (folder: string): Disk[] => {
  mkdirSync(folder, { recursive: true });
  const content = join(folder, 'content');
  const disks = Array.from({ length: DISKS }, (_, i): Disk => {
    const [extension, format, options] = FORMATS[i % FORMATS.length]!;
    const guest = Buffer.alloc(4 * MIB);
    randomFillSync(guest, i * 4096, MIB / 2);
    randomFillSync(guest, 3 * MIB + i * 512, 70_000);
    writeFileSync(content, guest);
    const object = `disk-${String(i + 1).padStart(2, '0')}.${extension}`;
    const path = join(folder, object);
    execFileSync('qemu-img', ['convert', '-f', 'raw', '-O', format, ...options, content, path]);
    return { object, format, path };
  });
  rmSync(content);
  return disks;
};

const available = (call: Call, RegionId: string, ImageId: string) =>
  until(async () => {
    const { Images } = await call('DescribeImages', { RegionId, ImageId, Status: 'Available' });
    return Images.Image[0];
  }, ImageId);

/** Exports the image and compares each object with the disk that it should be. */
const assertExported = async (
  call: Call,
  ImageId: string,
  disks: readonly Disk[],
  buckets: string,
): Promise<void> => {
  const { TaskId } = await call('ExportImage', { RegionId: FAR, ImageId, OSSBucket: BUCKET });
  const task = await until(async () => {
    const found = await call('DescribeTaskAttribute', { RegionId: FAR, TaskId });
    return ['Waiting', 'Processing'].includes(found.TaskStatus) ? undefined : found;
  }, TaskId);
  assert.equal(task.TaskStatus, 'Finished');
  const pieces = task.OperationProgressSet.OperationProgress;
  assert.equal(pieces.length, disks.length);
  for (const [i, { path, format }] of disks.entries()) {
    const object = pieces[i].RelatedItemSet.RelatedItem[1].Value as string;
    const exported = join(buckets, BUCKET, object);
    assert.equal(sha256(readFileSync(exported)), sha256(readFileSync(path)), object);
    assert.equal(guestSha256(exported, format), guestSha256(path, format), object);
  }
};

const open = async (t: TestContext) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-seventeen-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const buckets = join(root, 'buckets');
  const regions = ['--region-blobs', `${FAR}=${join(root, 'far')}`];
  const server = await startServer(t, { args: [...regions, '--buckets', buckets] });
  const target = { url: server.url, host: server.host, port: server.port, ...server.key };
  return {
    buckets,
    call: NEWEST_V3.connect(target),
    own: createClient({ endpoint: server.url, ...server.key }),
  };
};

test('seventeen disks in every format come out as they went in', { skip }, async (t) => {
  const { buckets, call, own } = await open(t);
  const disks = makeDisks(join(buckets, BUCKET));
  const DiskDeviceMapping = disks.map(({ object }) => ({ OSSBucket: BUCKET, OSSObject: object }));
  const { ImageId } = await call('ImportImage', { RegionId: HERE, DiskDeviceMapping });
  const imported = await available(call, HERE, ImageId);
  assert.equal(imported.DiskDeviceMappings.DiskDeviceMapping.length, DISKS);

  const { VerificationId } = await own.startVerification({});
  const verified = await until(async () => {
    const found = await own.describeVerification({ VerificationId });
    return found.Status === 'Finished' ? found : undefined;
  }, VerificationId);
  assert.deepEqual([verified.CheckedBlobs, verified.DamagedBlobs], [DISKS, 0]);

  const to = { RegionId: HERE, ImageId, DestinationRegionId: FAR };
  const copy = await call('CopyImage', to);
  const copied = await available(call, FAR, copy.ImageId);
  const content = await own.describeImageContent({ RegionId: FAR, ImageId: copy.ImageId });
  assert.deepEqual(
    content.Disks.Disk.map(({ Digest }) => Digest),
    disks.map(({ path }) => `sha256:${sha256(readFileSync(path))}`),
  );

  // The system disk, and four data disks at a time.
  const snapshots = copied.DiskDeviceMappings.DiskDeviceMapping.map(
    ({ SnapshotId }: { SnapshotId: string }) => ({ SnapshotId }),
  );
  assert.equal(snapshots.length, DISKS);
  for (let first = 1; first < DISKS; first += EXPORTED - 1) {
    const chosen = [0, ...Array.from({ length: EXPORTED - 1 }, (_, i) => first + i)];
    const made = await call('CreateImage', {
      RegionId: FAR,
      DiskDeviceMapping: chosen.map((i) => snapshots[i]),
    });
    await available(call, FAR, made.ImageId);
    const wanted = chosen.map((i) => disks[i]!);
    await assertExported(call, made.ImageId, wanted, buckets);
  }
  assert.equal((await own.fsck({})).DifferenceCount, 0);
});
