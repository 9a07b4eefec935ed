// A whole Kindred whose bytes live in S3, seen from outside: imports, copies between S3 and folders in both
// directions, exports, ranges, kills in the middle, and a server of S3 that goes away for a while.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeRaw } from '../../src/testing/disk-images.ts';
import { runServe, startServer, type TestServer } from '../../src/testing/server.ts';
import { Api } from '../crash/api.ts';
import { eventually } from '../crash/settle.ts';
import { openPlace } from '../store/jobs-fixture.ts';
import { digestOf } from './contract.ts';
import {
  BUCKET,
  openTestStore,
  putBytes,
  S3_ENV,
  s3Settings,
  s3Skip,
  startS3Server,
  type S3Server,
} from './s3-server.ts';

const HERE = 'cn-hangzhou';
const IN_FILES = 'cn-beijing';
const IN_S3 = 'cn-shanghai';
const DISK_BYTES = 20 * 2 ** 20;

const diskOf = (seed: number): Buffer =>
  Buffer.from(
    makeRaw({ virtualSizeBytes: DISK_BYTES, guestData: { seed, sizeBytes: DISK_BYTES } }),
  );
const addressOf = (s3: S3Server, prefix: string): string =>
  `s3://${BUCKET}/${prefix}?endpoint=${s3.endpoint}`;

class Place {
  readonly server: TestServer;
  readonly buckets: string;
  api: Api;

  constructor(server: TestServer, buckets: string) {
    this.server = server;
    this.buckets = buckets;
    this.api = new Api(server.port, server.key);
  }

  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    this.api.close();
    await this.server.restart({ env: { ...S3_ENV, ...env } });
    this.api = new Api(this.server.port, this.server.key);
  }

  async import(name: string, bytes: Uint8Array): Promise<string> {
    writeFileSync(join(this.buckets, 'images', name), bytes);
    const { ImageId } = await this.api.must('ImportImage', {
      RegionId: HERE,
      'DiskDeviceMapping.1.OSSBucket': 'images',
      'DiskDeviceMapping.1.OSSObject': name,
    });
    return ImageId as string;
  }

  async copy(ImageId: string, from: string, to: string): Promise<string> {
    const call = { RegionId: from, ImageId, DestinationRegionId: to };
    return (await this.api.must('CopyImage', call)).ImageId as string;
  }

  async becomesAvailable(RegionId: string, ImageId: string): Promise<void> {
    const isThere = async (): Promise<boolean> => {
      const { Images } = await this.api.must('DescribeImages', { RegionId, ImageId });
      return Images.Image[0]?.Status === 'Available';
    };
    assert.ok(await eventually(isThere), this.server.log.slice(-3000));
  }
}

const furnish = async (t: TestContext) => {
  const s3 = await startS3Server();
  t.after(() => s3.close());
  const folder = mkdtempSync(join(tmpdir(), 'kindred-s3-end-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [far, buckets] = [join(folder, 'far'), join(folder, 'buckets')];
  const args = ['--test-controls', '--catalogue', 'none', '--buckets', buckets];
  args.push('--blobs', addressOf(s3, 'main'), '--region-blobs', `${IN_FILES}=${far}`);
  args.push('--region-blobs', `${IN_S3}=${addressOf(s3, 'shanghai')}`);
  const server = await startServer(t, { args, env: S3_ENV });
  mkdirSync(join(buckets, 'images'), { recursive: true });
  const place = new Place(server, buckets);
  t.after(() => place.api.close());
  await place.api.must('CreateBucket', { Bucket: 'exports' });
  return { s3, place, far };
};

const blobsBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^[0-9a-f]{64}$/.test(entry.name))
    .map(({ name }) => name);

test('a Kindred whose bytes live in S3', { skip: s3Skip }, async (t) => {
  const { s3, place, far } = await furnish(t);
  const bytes = diskOf(1);
  const hex = createHash('sha256').update(bytes).digest('hex');
  const main = join(s3.bucketDir, 'main');
  let imageId = '';

  await t.test('imports into S3, and keeps nothing in its data directory', async () => {
    imageId = await place.import('disk.raw', bytes);
    await place.becomesAvailable(HERE, imageId);
    assert.ok(readFileSync(join(main, 'sha256', hex.slice(0, 2), hex)).equals(bytes));
    assert.deepEqual(readdirSync(join(place.server.dataDir, 'staging')), []);
  });

  await t.test('serves ranges and the whole', async () => {
    const { Disks } = await place.api.must('DescribeImageContent', {
      RegionId: HERE,
      ImageId: imageId,
    });
    const url = `${place.server.url}${Disks.Disk[0].Url}`;
    const whole = await fetch(url);
    assert.ok(Buffer.from(await whole.arrayBuffer()).equals(bytes));
    const part = await fetch(url, { headers: { range: 'bytes=1000-70999' } });
    assert.equal(part.status, 206);
    assert.ok(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 71_000)));
  });

  await t.test('copies from S3 to a folder, and from there to another place in S3', async () => {
    const inFiles = await place.copy(imageId, HERE, IN_FILES);
    await place.becomesAvailable(IN_FILES, inFiles);
    assert.deepEqual(blobsBelow(far), [hex]);
    const inS3 = await place.copy(inFiles, IN_FILES, IN_S3);
    await place.becomesAvailable(IN_S3, inS3);
    assert.deepEqual(blobsBelow(join(s3.bucketDir, 'shanghai')), [hex]);
  });

  await t.test('exports into a bucket', async () => {
    const call = { RegionId: HERE, ImageId: imageId, OSSBucket: 'exports', OSSPrefix: 'x' };
    const { TaskId } = await place.api.must('ExportImage', call);
    const isDone = async (): Promise<boolean> =>
      (await place.api.must('DescribeTaskAttribute', { RegionId: HERE, TaskId })).TaskStatus ===
      'Finished';
    assert.ok(await eventually(isDone));
    const [name = ''] = readdirSync(join(place.buckets, 'exports'));
    assert.ok(readFileSync(join(place.buckets, 'exports', name)).equals(bytes));
  });

  for (const [index, point] of [
    'ingest.half',
    'publish.leased',
    'publish.renamed',
    'publish.synced',
  ].entries())
    await t.test(`goes on after a kill at ${point}`, async () => {
      await place.restart({ KINDRED_TEST_FAULT: `${point}:1` });
      const killed = await place.import(`${point}.raw`, diskOf(10 + index));
      assert.equal((await place.server.exited).signal, 'SIGKILL');
      await place.restart();
      await place.becomesAvailable(HERE, killed);
    });

  await t.test('waits for a server of S3 that is away', async () => {
    await s3.stop();
    const waiting = await place.import('late.raw', diskOf(2));
    assert.ok(await eventually(() => /StoreUnavailable/.test(place.server.log)));
    await s3.start();
    await place.becomesAvailable(HERE, waiting);
  });

  await t.test('knows its stores again, and no others', async () => {
    assert.deepEqual((await place.api.must('Fsck')).Differences.Difference, []);
    await place.server.stop();
    const start = (blobs: string) =>
      runServe(t, { dataDir: place.server.dataDir, args: ['--blobs', blobs], env: S3_ENV });
    assert.match((await start('files')).log, /give --(blobs|region-blobs)/);
    assert.doesNotMatch(place.server.log, new RegExp(S3_ENV.AWS_SECRET_ACCESS_KEY));
  });
});

test('the sweep takes from S3 what no row tells of', { skip: s3Skip }, async (t) => {
  const s3 = await startS3Server();
  const blobs = await openTestStore(s3Settings(s3.endpoint, 'swept/'));
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-s3-sweep-'));
  const place = await openPlace(dataDir, { blobs, graceMs: -60_000 });
  // The place sweeps once more when it closes.
  t.after(async () => {
    await place.close();
    await s3.close();
    rmSync(dataDir, { recursive: true, force: true });
  });
  const bytes = Buffer.from('an orphan');
  await putBytes(blobs, place.staging.root, bytes);
  const report = await place.parts.sweep.run();
  assert.deepEqual([report.deletedOrphans, report.freedBytes], [1, bytes.length]);
  assert.equal(await blobs.head(digestOf(bytes)), undefined);
});

test(
  'a flipped byte in S3 is found, and an outage condemns nothing',
  { skip: s3Skip },
  async (t) => {
    const { s3, place } = await furnish(t);
    const bytes = diskOf(3);
    const hex = createHash('sha256').update(bytes).digest('hex');
    const imageId = await place.import('disk.raw', bytes);
    await place.becomesAvailable(HERE, imageId);
    const image = async () => {
      const asked = { RegionId: HERE, ImageId: imageId, Status: 'Available,UnAvailable' };
      return (await place.api.must('DescribeImages', asked)).Images.Image[0];
    };
    await s3.stop();
    await place.api.must('StartVerification');
    assert.ok(await eventually(() => /StoreUnavailable/.test(place.server.log)));
    assert.equal((await image()).Status, 'Available');
    const path = join(s3.bucketDir, 'main', 'sha256', hex.slice(0, 2), hex);
    const flipped = Buffer.from(bytes);
    flipped[DISK_BYTES - 1]! ^= 1;
    writeFileSync(path, flipped);
    await s3.start();
    assert.ok(await eventually(async () => (await image()).Status === 'UnAvailable'));
  },
);
