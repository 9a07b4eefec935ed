// What takes time, seen from outside, against a real server whose second region has a store of its own:
// copies and exports show how far they are, can be cancelled leaving nothing, and go on after kill -9.
// The server reads slowly (a hold at every chunk), so that all this is seen with a disk of 48 MiB.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { makeRaw } from '../../src/testing/disk-images.ts';
import { startServer, type TestServer } from '../../src/testing/server.ts';
import { Api, type Parameters } from './api.ts';
import { eventually } from './settle.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

const HERE = { RegionId: 'cn-hangzhou' };
const FAR = { RegionId: 'cn-beijing' };
/** Shares the store of `HERE`. */
const NEAR = { RegionId: 'cn-shanghai' };
const BUCKET = 'exports';
const DISK_BYTES = 48 * 2 ** 20;
const SLOWLY = { KINDRED_TEST_FAULT: 'ingest.chunk:1:hold' };

const bytes = makeRaw({
  virtualSizeBytes: DISK_BYTES,
  guestData: { seed: 5, sizeBytes: DISK_BYTES },
});
const digest = createHash('sha256').update(bytes).digest('hex');

/** The server and what a client asks of it; `far` is the folder of the far region's store. */
class Place {
  readonly server: TestServer;
  readonly far: string;
  readonly buckets: string;
  #api: Api;

  constructor(server: TestServer, far: string, buckets: string) {
    this.server = server;
    this.far = far;
    this.buckets = buckets;
    this.#api = new Api(server.port, server.key);
  }

  get api(): Api {
    return this.#api;
  }

  async restart(env: Readonly<Record<string, string>>): Promise<void> {
    this.#api.close();
    await this.server.restart({ env });
    this.#api = new Api(this.server.port, this.server.key);
  }

  async image(region: Parameters, ImageId: string) {
    const asked = { ...region, ImageId, Status: 'Waiting,Creating,Available,CreateFailed' };
    return (await this.#api.must('DescribeImages', asked)).Images.Image[0];
  }

  async status(region: Parameters, imageId: string): Promise<string | undefined> {
    return (await this.image(region, imageId))?.Status;
  }

  task(TaskId: string) {
    return this.#api.must('DescribeTaskAttribute', { ...HERE, TaskId });
  }

  async copy(ImageId: string, to: Parameters): Promise<string> {
    const call = { ...HERE, ImageId, DestinationRegionId: to.RegionId! };
    return (await this.#api.must('CopyImage', call)).ImageId;
  }

  async export(ImageId: string): Promise<string> {
    const call = { ...HERE, ImageId, OSSBucket: BUCKET, OSSPrefix: 'x' };
    return (await this.#api.must('ExportImage', call)).TaskId;
  }

  get bucket(): string {
    return join(this.buckets, BUCKET);
  }

  async fsck() {
    return (await this.#api.must('Fsck')).Differences.Difference;
  }
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'kindred-store.json')
    .map(({ name }) => name);

const between = (text: string): boolean =>
  Number.parseInt(text, 10) > 0 && Number.parseInt(text, 10) < 100;

/** Room for the floor of 64 MiB and one export, on a file system that can be filled. */
const BUCKETS_MIB = 192;

/** The folder of the buckets, and its file system if it has one of its own. */
const makeBuckets = (t: TestContext): { buckets: string; disk: SmallDisk | string } => {
  const disk = mountSmallDisk(BUCKETS_MIB);
  const isMounted = typeof disk !== 'string';
  const buckets = isMounted ? disk.path : mkdtempSync(join(tmpdir(), 'kindred-buckets-'));
  t.after(() => (isMounted ? disk.remove() : rmSync(buckets, { recursive: true, force: true })));
  return { buckets, disk };
};

/** A server with one imported image; the far region's store is empty. */
const furnish = async (t: TestContext) => {
  const far = mkdtempSync(join(tmpdir(), 'kindred-far-'));
  t.after(() => rmSync(far, { recursive: true, force: true }));
  const args = [
    '--test-controls',
    '--catalogue',
    'none',
    '--region-blobs',
    `${FAR.RegionId}=${far}`,
  ];
  const { buckets, disk } = makeBuckets(t);
  const server = await startServer(t, { args: [...args, '--buckets', buckets] });
  const place = new Place(server, far, buckets);
  t.after(() => place.api.close());
  mkdirSync(join(buckets, 'images'), { recursive: true });
  writeFileSync(join(buckets, 'images', 'disk.raw'), bytes);
  await place.api.must('CreateBucket', { Bucket: BUCKET });
  const { ImageId } = await place.api.must('ImportImage', {
    ...HERE,
    'DiskDeviceMapping.1.OSSBucket': 'images',
    'DiskDeviceMapping.1.OSSObject': 'disk.raw',
  });
  assert.ok(await eventually(async () => (await place.status(HERE, ImageId)) === 'Available'));
  return { place, imageId: ImageId as string, disk };
};

test('copies and exports seen from outside, between regions with separate stores', async (t) => {
  const { place, imageId, disk } = await furnish(t);
  const source = { ...HERE, ImageId: imageId };
  const isMovable = { outcome: 'refused', code: 'DryRunOperation' } as const;

  await t.test('within one store no byte moves', async () => {
    const blobs = join(place.server.dataDir, 'blobs', 'sha256', digest.slice(0, 2), digest);
    const before = statSync(blobs, { bigint: true });
    const near = await place.copy(imageId, NEAR);
    assert.ok(await eventually(async () => (await place.status(NEAR, near)) === 'Available'));
    const { ino, ctimeNs } = statSync(blobs, { bigint: true });
    assert.deepEqual([ino, ctimeNs], [before.ino, before.ctimeNs]);
    assert.deepEqual(filesIn(join(place.server.dataDir, 'blobs')), [digest]);
  });

  await place.restart(SLOWLY);

  await t.test('five copies run in a region at once, the others wait for a place', async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => place.copy(imageId, FAR)));
    const near = await place.copy(imageId, NEAR);
    const statuses = async (): Promise<string[]> => {
      const asked = { ...FAR, Status: 'Waiting,Creating,Available,CreateFailed' };
      const { Images } = await place.api.must('DescribeImages', asked);
      return Images.Image.map(({ Status }: { Status: string }) => Status).toSorted();
    };
    assert.deepEqual(await statuses(), [...Array<string>(5).fill('Creating'), 'Waiting']);
    assert.notEqual(await place.status(NEAR, near), 'Waiting');
    for (const id of ids)
      if ((await place.status(FAR, id)) === 'Creating') {
        await place.api.must('CancelCopyImage', { ...FAR, ImageId: id });
        break;
      }
    assert.ok(await eventually(async () => !(await statuses()).includes('Waiting')));
    for (const id of ids)
      if ((await place.status(FAR, id)) !== undefined)
        await place.api.must('CancelCopyImage', { ...FAR, ImageId: id });
    assert.ok(await eventually(() => filesIn(place.far).length === 0));
  });

  await t.test('a copy shows its progress, and cancelled it leaves nothing', async () => {
    const copied = await place.copy(imageId, FAR);
    assert.ok(await eventually(async () => between((await place.image(FAR, copied)).Progress)));
    assert.equal(await place.status(FAR, copied), 'Creating');
    assert.ok(!filesIn(place.far).includes(digest));
    const [snapshot] = (await place.api.must('DescribeSnapshots', FAR)).Snapshots.Snapshot;
    assert.deepEqual([snapshot.Status, between(snapshot.Progress)], ['progressing', true]);
    const held = await place.api.call('DeleteImage', { ...source, DryRun: 'true' });
    assert.equal(held.outcome === 'refused' && held.code, 'OperationDenied.ImageCopying');

    await place.api.must('CancelCopyImage', { ...FAR, ImageId: copied });
    // From the answer on nobody sees it, though the worker has not stopped yet.
    const { outcome, code } = {
      code: '',
      ...(await place.api.call('DeleteImage', { ...source, DryRun: 'true' })),
    };
    assert.deepEqual({ outcome, code }, isMovable);
    assert.equal(await place.image(FAR, copied), undefined);
    assert.equal((await place.api.must('DescribeSnapshots', FAR)).TotalCount, 0);
    assert.deepEqual(await place.fsck(), []);
    assert.ok(await eventually(() => filesIn(place.far).length === 0));
    assert.deepEqual(await place.fsck(), []);
  });

  await t.test('an export shows its progress, and cancelled it leaves nothing', async () => {
    const taskId = await place.export(imageId);
    assert.ok(await eventually(async () => between((await place.task(taskId)).TaskProcess)));
    assert.equal((await place.task(taskId)).TaskStatus, 'Processing');
    assert.deepEqual(
      filesIn(place.bucket).filter((name) => !name.startsWith('.kindred-export-')),
      [],
    );
    await place.api.must('CancelTask', { ...HERE, TaskId: taskId });
    assert.equal((await place.task(taskId)).TaskStatus, 'Deleted');
    assert.ok(await eventually(() => filesIn(place.bucket).length === 0));
    assert.deepEqual(await place.fsck(), []);
  });

  const skip = typeof disk === 'string' ? disk : false;
  await t.test('an export that meets a full disk fails, and leaves nothing', { skip }, async () => {
    assert.ok(typeof disk !== 'string');
    const taskId = await place.export(imageId);
    assert.ok(await eventually(() => filesIn(place.bucket).length === 1));
    disk.fill();
    assert.ok(await eventually(async () => (await place.task(taskId)).TaskStatus === 'Failed'));
    const [told] = (await place.task(taskId)).OperationProgressSet.OperationProgress;
    assert.equal(told.ErrorCode, 'NO_SPACE');
    assert.deepEqual(filesIn(place.bucket), []);
    disk.drain();
    assert.deepEqual(await place.fsck(), []);
  });

  await t.test('after kill -9 both go on, and end with equal bytes', async () => {
    const copied = await place.copy(imageId, FAR);
    const taskId = await place.export(imageId);
    const hasBegun = (text: string): boolean => Number.parseInt(text, 10) > 0;
    assert.ok(await eventually(async () => hasBegun((await place.image(FAR, copied)).Progress)));
    assert.ok(await eventually(async () => hasBegun((await place.task(taskId)).TaskProcess)));
    await place.server.kill();
    await place.restart({});
    assert.ok(await eventually(async () => (await place.status(FAR, copied)) === 'Available'));
    assert.ok(await eventually(async () => (await place.task(taskId)).TaskStatus === 'Finished'));
    const digestOf = async (region: Parameters, ImageId: string) =>
      (await place.api.must('DescribeImageContent', { ...region, ImageId })).Disks.Disk[0].Digest;
    assert.equal(await digestOf(FAR, copied), `sha256:${digest}`);
    assert.equal(await digestOf(HERE, imageId), `sha256:${digest}`);
    assert.deepEqual(filesIn(place.far), [digest]);
    const stored = readFileSync(join(place.far, 'sha256', digest.slice(0, 2), digest));
    assert.ok(stored.equals(bytes));
    assert.deepEqual(filesIn(place.bucket), [`x_${imageId}_system.raw`]);
    assert.ok(readFileSync(join(place.bucket, `x_${imageId}_system.raw`)).equals(bytes));
    assert.match(place.server.log, /"resumedBytes":[1-9]/);
    assert.deepEqual(await place.fsck(), []);
  });
});
