// ExportImage: each refusal, what lies in the bucket afterwards, what the task tells, and what is left of
// an export that was cancelled or failed.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { makeCatalogue } from '../../domain/catalogue.ts';
import { findProgram } from '../../lib/find-program.ts';
import { makeQcow2, makeRaw } from '../../testing/disk-images.ts';
import { kindred, REGION, type Harness, type Parameters } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { ExportImage } from './ExportImage.ts';

const PUBLIC = 'ubuntu_24_04_x64_20G_test.vhd';
const CATALOGUE = makeCatalogue([
  {
    ImageId: PUBLIC,
    CreationTime: '2026-09-15T03:21:00Z',
    OSType: 'linux',
    Platform: 'Ubuntu',
    OSName: 'Ubuntu  24.04 64位',
    OSNameEn: 'Ubuntu  24.04 64 bit',
    Architecture: 'x86_64',
    Size: 20,
  },
]);

const inRegion = { RegionId: REGION };
const BUCKET = { OSSBucket: 'exports' };

const bucketOf = async (k: Harness): Promise<void> => {
  await k.call('CreateBucket', { Bucket: BUCKET.OSSBucket });
};

/** Calls it for a new image, with a bucket that is there. */
const exported = (values: Parameters) => async (t: Case) => {
  const { imageId } = await t.k.image();
  await bucketOf(t.k);
  return t.call({ ...inRegion, ImageId: imageId, ...BUCKET, ...values });
};

/** An image whose data disks are of these sizes and start empty, or hold the bytes of the system disk. */
const withDataDisks = async (k: Harness, sizes: readonly number[], areEmpty: boolean) => {
  const { snapshotId } = await k.importImage();
  const mapping: Record<string, string> = { 'DiskDeviceMapping.1.SnapshotId': snapshotId };
  for (const [i, size] of sizes.entries()) {
    mapping[`DiskDeviceMapping.${i + 2}.Size`] = String(size);
    mapping[`DiskDeviceMapping.${i + 2}.DiskType`] = 'data';
    if (!areEmpty) mapping[`DiskDeviceMapping.${i + 2}.SnapshotId`] = snapshotId;
  }
  const { ImageId } = await k.call('CreateImage', { ...inRegion, ...mapping });
  await k.finishJobs();
  return ImageId as string;
};

testOperation(
  ExportImage,
  {
    MissingParameter: (t) => t.call({ ...inRegion, ImageId: 'm-bp1' }),
    DryRunOperation: exported({ DryRun: 'true', RoleName: 'AliyunECSImageExportDefaultRole' }),
    IncorrectImageStatus: async (t) => {
      const { imageId } = await t.k.startImport();
      await bucketOf(t.k);
      return t.call({ ...inRegion, ...BUCKET, ImageId: imageId });
    },
    'InvalidRegionId.NotFound': exported({ RegionId: 'cn-nowhere' }),
    'InvalidOSSPrefix.Malformed': exported({ OSSPrefix: '../up' }),
    'InvalidOSSBucket.NotFound': exported({ OSSBucket: 'elsewhere' }),
    'InvalidOSSBucket.NotMatched': async (t) => {
      const { imageId } = await t.k.image();
      await t.k.call('CreateBucket', { Bucket: 'far-away', RegionId: 'cn-beijing' });
      return t.call({ ...inRegion, ImageId: imageId, OSSBucket: 'far-away' });
    },
    'InvalidImageFormat.Malformed': exported({ ImageFormat: 'iso' }),
    'InvalidImageFormat.RegionNotSupported': exported({ ImageFormat: 'vdi' }),
    'InvalidImage.DiskAmountOrSize': async (t) => {
      const ImageId = await withDataDisks(t.k, [20, 20, 20, 20, 20], true);
      await bucketOf(t.k);
      return t.call({ ...inRegion, ...BUCKET, ImageId });
    },
    ImageIsExporting: async (t) => {
      const { imageId } = await t.k.image();
      await bucketOf(t.k);
      const call = { ...inRegion, ...BUCKET, ImageId: imageId };
      await t.k.call('ExportImage', call);
      return t.call({ ...call, OSSPrefix: 'again' });
    },
    ImageNotSupported: async (t) => {
      await bucketOf(t.k);
      return t.call({ ...inRegion, ...BUCKET, ImageId: PUBLIC });
    },
    'ConcurrentQuotaExceed.ExportImage': async (t) => {
      for (let i = 0; i < 2; i++) await t.k.startImport();
      await bucketOf(t.k);
      const snapshot = await t.k.store.read((tx) =>
        tx.images(t.k.scope, {}, { limit: 1, offset: 0 }),
      );
      return t.call({ ...inRegion, ...BUCKET, ImageId: snapshot.rows[0]!.imageId });
    },
    'InvalidImageId.NotFound': (t) =>
      t.call({ ...inRegion, ...BUCKET, ImageId: 'm-bp146shijn7hujku9exp' }),
  },
  { kindred: { catalogue: CATALOGUE, quotas: { unfinishedTasks: 2 } } },
);

const folderOf = (k: Harness): string => join(k.dataDir, 'buckets', BUCKET.OSSBucket);
const filesOf = (k: Harness): string[] => readdirSync(folderOf(k)).toSorted();

const taskOf = (k: Harness, TaskId: string) =>
  k.call('DescribeTaskAttribute', { ...inRegion, TaskId });

test('the bytes of every disk lie in the bucket under the names that the task tells', async (t) => {
  const k = await kindred(t);
  await bucketOf(k);
  const [system, data] = [
    k.diskImage(),
    makeRaw({ virtualSizeBytes: 2 ** 20, guestData: { seed: 3, sizeBytes: 2 ** 19 } }),
  ];
  k.putObject('images', 'data.raw', data);
  const { imageId } = await k.importImage(
    {
      'DiskDeviceMapping.2.OSSBucket': 'images',
      'DiskDeviceMapping.2.OSSObject': 'data.raw',
    },
    { bytes: system },
  );
  const call = { ...inRegion, ...BUCKET, ImageId: imageId, OSSPrefix: 'ecsExport' };
  const { TaskId, RegionId } = await k.call('ExportImage', call);
  assert.equal(RegionId, REGION);
  const waiting = await taskOf(k, TaskId);
  const { TaskStatus, TaskAction, TaskProcess, SupportCancel, TotalCount } = waiting;
  assert.deepEqual(
    [TaskStatus, TaskAction, TaskProcess, SupportCancel, TotalCount, waiting.FinishedTime],
    ['Waiting', 'ExportImage', '0%', 'true', 2, ''],
  );
  assert.equal(
    (await k.refused('DeleteImage', { ...inRegion, ImageId: imageId })).code,
    'ImageIsExporting',
  );
  assert.deepEqual(filesOf(k), []);
  await k.finishJobs();

  const names = [`ecsExport_${imageId}_data_xvdb.raw`, `ecsExport_${imageId}_system.qcow2`];
  assert.deepEqual(filesOf(k), names);
  assert.ok(readFileSync(join(folderOf(k), names[1]!)).equals(system));
  assert.ok(readFileSync(join(folderOf(k), names[0]!)).equals(data));
  const ended = await taskOf(k, TaskId);
  assert.deepEqual([ended.TaskStatus, ended.TaskProcess], ['Finished', '100%']);
  assert.deepEqual([ended.SuccessCount, ended.FailedCount], [2, 0]);
  const item = (object: string, format: string) => ({
    OperationStatus: 'Success',
    ErrorCode: '',
    ErrorMsg: '',
    RelatedItemSet: {
      RelatedItem: [
        { Name: 'OSSBucket', Value: 'exports' },
        { Name: 'OSSObject', Value: object },
        { Name: 'ImageFormat', Value: format },
      ],
    },
  });
  assert.deepEqual(ended.OperationProgressSet.OperationProgress, [
    item(names[1]!, 'qcow2'),
    item(names[0]!, 'raw'),
  ]);
  const listed = await k.call('DescribeTasks', { ...inRegion, TaskAction: 'ExportImage' });
  assert.equal(listed.TaskSet.Task[0].ResourceId, imageId);
  // What came out goes in again, and is the same image.
  const again = await k.call('ImportImage', {
    ...inRegion,
    'DiskDeviceMapping.1.OSSBucket': 'exports',
    'DiskDeviceMapping.1.OSSObject': names[1]!,
  });
  await k.finishJobs();
  const digest = async (ImageId: string): Promise<string> =>
    (await k.call('DescribeImageContent', { ...inRegion, ImageId })).Disks.Disk[0].Digest;
  assert.equal(await digest(again.ImageId), await digest(imageId));
  await k.call('DeleteImage', { ...inRegion, ImageId: imageId });
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});

test('the format that is kept may be named, and an older export is replaced', async (t) => {
  const k = await kindred(t);
  await bucketOf(k);
  const bytes = k.diskImage();
  const { imageId } = await k.importImage({}, { bytes });
  const path = join(folderOf(k), `${imageId}_system.qcow2`);
  writeFileSync(path, 'older');
  await k.call('ExportImage', { ...inRegion, ...BUCKET, ImageId: imageId, ImageFormat: 'QCOW2' });
  await k.finishJobs();
  assert.ok(readFileSync(path).equals(bytes));
});

test('an export that is cancelled leaves no file, and the image as it was', async (t) => {
  const k = await kindred(t);
  await bucketOf(k);
  const { imageId } = await k.image();
  const call = { ...inRegion, ...BUCKET, ImageId: imageId };
  const { TaskId } = await k.call('ExportImage', call);
  await k.call('CancelTask', { ...inRegion, TaskId });
  assert.equal((await taskOf(k, TaskId)).TaskStatus, 'Deleted');
  // The job is still there; nobody sees it.
  assert.equal((await k.store.read((tx) => tx.openJobs(9))).length, 1);
  const other = await k.call('ExportImage', { ...call, OSSPrefix: 'other' });
  await k.call('CancelTask', { ...inRegion, TaskId: other.TaskId });
  await k.call('DeleteImage', { ...inRegion, ImageId: imageId });
  await k.finishJobs();
  assert.deepEqual(filesOf(k), []);
  assert.deepEqual(await k.store.read((tx) => tx.openJobs(9)), []);
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});

test('an export that fails tells why and leaves nothing', async (t) => {
  const k = await kindred(t);
  await bucketOf(k);
  const ImageId = await withDataDisks(k, [20], false);
  const taken = `${ImageId}_data_xvdb.qcow2`;
  mkdirSync(join(folderOf(k), taken));
  const { TaskId } = await k.call('ExportImage', { ...inRegion, ...BUCKET, ImageId });
  await k.finishJobs();
  const task = await taskOf(k, TaskId);
  assert.deepEqual([task.TaskStatus, task.FailedCount], ['Failed', 2]);
  const [first] = task.OperationProgressSet.OperationProgress;
  assert.equal(first.ErrorCode, 'OBJECT_TAKEN');
  assert.match(first.ErrorMsg, /^Disk 2 \(exports\/.*_data_xvdb\.qcow2\): A folder has the name/);
  assert.deepEqual(filesOf(k), [taken]);
  assert.ok(statSync(join(folderOf(k), taken)).isDirectory());
  await k.call('DeleteImage', { ...inRegion, ImageId });
});

test('a disk without bytes, and an image of others, are refused with the reason', async (t) => {
  const k = await kindred(t);
  await bucketOf(k);
  const ImageId = await withDataDisks(k, [20], true);
  const call = { ...inRegion, ...BUCKET, ImageId };
  assert.match(
    (await k.refused('ExportImage', call)).message,
    /has no bytes here: it starts empty/,
  );
  const receiver = await k.newAccount();
  const shared = await k.image();
  const share = { ...inRegion, ImageId: shared.imageId, 'AddAccount.1': receiver.accountId };
  await k.call('ModifyImageSharePermission', share);
  await k.call('CreateBucket', { Bucket: 'received' }, { as: receiver });
  const theirs = { ...inRegion, ImageId: shared.imageId, OSSBucket: 'received' };
  const refusal = await k.refused('ExportImage', theirs, { as: receiver });
  assert.equal(refusal.code, 'ImageNotSupported');
  // A bucket of somebody else is as good as none.
  const foreign = { ...inRegion, ImageId: shared.imageId, OSSBucket: 'received' };
  assert.equal((await k.refused('ExportImage', foreign)).code, 'InvalidOSSBucket.NotFound');
});

test('a file that is not an object yet cannot be imported', async (t) => {
  const k = await kindred(t);
  await bucketOf(k);
  writeFileSync(join(folderOf(k), '.kindred-export-t-bp1.1.raw'), 'half');
  const refusal = await k.refused('ImportImage', {
    ...inRegion,
    'DiskDeviceMapping.1.OSSBucket': 'exports',
    'DiskDeviceMapping.1.OSSObject': '.kindred-export-t-bp1.1.raw',
  });
  assert.equal(refusal.code, 'InvalidOSSObject.NotFound');
});

const skip = (await findProgram('qemu-img')) ? false : 'qemu-img is not installed';

test('another format is converted, and the task names what was written', { skip }, async (t) => {
  const k = await kindred(t);
  await bucketOf(k);
  const guest = { virtualSizeBytes: 2 ** 20, guestData: { seed: 3, sizeBytes: 2 ** 19 } };
  const { imageId } = await k.importImage({}, { bytes: makeQcow2(guest) });
  const call = { ...inRegion, ...BUCKET, ImageId: imageId, ImageFormat: 'RAW' };
  const { TaskId } = await k.call('ExportImage', call);
  await k.finishJobs();
  const task = await taskOf(k, TaskId);
  assert.equal(task.TaskStatus, 'Finished');
  const [{ RelatedItemSet }] = task.OperationProgressSet.OperationProgress;
  assert.equal(RelatedItemSet.RelatedItem[2].Value, 'raw');
  const name = `${imageId}_system.raw`;
  assert.deepEqual(filesOf(k), [name]);
  assert.ok(readFileSync(join(folderOf(k), name)).equals(makeRaw(guest)));
  assert.deepEqual((await k.call('Fsck')).Differences.Difference, []);
});

test('without qemu-img another format is refused with what to do, the kept one is not', async (t) => {
  const k = await kindred(t);
  await bucketOf(k);
  const { imageId } = await k.importImage();
  const path = process.env.PATH;
  t.after(() => (process.env.PATH = path));
  process.env.PATH = '';
  const call = { ...inRegion, ...BUCKET, ImageId: imageId };
  const refusal = await k.refused('ExportImage', { ...call, ImageFormat: 'raw' });
  assert.equal(refusal.code, 'InvalidImageFormat.RegionNotSupported');
  assert.match(refusal.message, /needs qemu-img/);
  await k.call('ExportImage', { ...call, ImageFormat: 'qcow2' });
  await k.finishJobs();
  assert.deepEqual(filesOf(k), [`${imageId}_system.qcow2`]);
});

test('with --export-format raw.tar.gz disks are packed raw, unless a format is named', async (t) => {
  const k = await kindred(t, { exportFormat: 'raw.tar.gz' });
  await bucketOf(k);
  const bytes = makeRaw({ virtualSizeBytes: 2 ** 20, guestData: { seed: 5, sizeBytes: 2 ** 18 } });
  const { imageId } = await k.importImage({}, { bytes });
  const kept = await k.importImage();
  const path = process.env.PATH;
  t.after(() => (process.env.PATH = path));
  process.env.PATH = '';
  const call = { ...inRegion, ...BUCKET, ImageId: imageId };
  const { TaskId } = await k.call('ExportImage', { ...call, OSSPrefix: 'ecsExport' });
  await k.finishJobs();
  const [{ RelatedItemSet }] = (await taskOf(k, TaskId)).OperationProgressSet.OperationProgress;
  const name = `ecsExport_${imageId}_system.raw`;
  assert.deepEqual(
    RelatedItemSet.RelatedItem.map(({ Value }: { Value: string }) => Value),
    ['exports', `${name}.tar.gz`, 'raw'],
  );
  const archive = gunzipSync(readFileSync(join(folderOf(k), `${name}.tar.gz`)));
  assert.equal(archive.toString('latin1', 0, name.length + 1), `${name}\0`);
  assert.ok(archive.subarray(512, 512 + bytes.length).equals(bytes));
  await k.call('ExportImage', { ...call, ImageFormat: 'raw' });
  await k.finishJobs();
  assert.ok(readFileSync(join(folderOf(k), `${imageId}_system.raw`)).equals(bytes));
  // What is kept in another format needs qemu-img for it.
  const other = { ...inRegion, ...BUCKET, ImageId: kept.imageId };
  const refusal = await k.refused('ExportImage', other);
  assert.equal(refusal.code, 'InvalidImageFormat.RegionNotSupported');
  assert.match(refusal.message, /needs qemu-img.*can be named as ImageFormat\.$/);
});
