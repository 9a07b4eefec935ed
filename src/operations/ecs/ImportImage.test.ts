// ImportImage: each refusal, and the rows that an accepted import leaves. No job runs in this file but
// those of set-up: what becomes of the files is tested with the jobs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AccountId } from '../../domain/ids.ts';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import { ImportImage } from './ImportImage.ts';

type Values = Readonly<Record<string, string>>;

const disk = (position: number, object = 'disk.qcow2', bucket = 'images'): Values => ({
  [`DiskDeviceMapping.${position}.OSSBucket`]: bucket,
  [`DiskDeviceMapping.${position}.OSSObject`]: object,
});

/** Tries to import a good object with some values besides. */
const tryImport = (values: Values) => (t: Case) => {
  t.k.putObject('images', 'disk.qcow2', t.k.diskImage());
  return t.call({ RegionId: REGION, ...disk(1), ...values });
};

/** Gives a bucket to an account, as the operator would. */
const claim = (k: Harness, bucket: string, accountId: string, regionId: string) =>
  k.store.write({ principal: 'test', requestId: 'test', nowMs: k.clock.wallMs() }, (tx) =>
    tx.insertBucket(bucket, accountId as AccountId, regionId),
  );

testOperation(
  ImportImage,
  {
    MissingRegionId: (t) => t.call(disk(1)),
    MissingParameter: (t) =>
      t.call({ RegionId: REGION, 'DiskDeviceMapping.1.OSSBucket': 'images' }),
    DryRunOperation: tryImport({ DryRun: 'true' }),
    IdempotentParameterMismatch: async (t) => {
      await t.k.startImport({ ClientToken: 'once' });
      return tryImport({ ClientToken: 'once' })(t);
    },
    'InvalidClientToken.Malformed': tryImport({ ClientToken: 'x'.repeat(65) }),
    'InvalidRegionId.NotFound': tryImport({ RegionId: 'cn-nowhere' }),
    'InvalidImageName.Malformed': tryImport({ ImageName: 'x' }),
    'InvalidImageName.Duplicated': async (t) => {
      await t.k.startImport({ ImageName: 'taken' });
      return tryImport({ ImageName: 'taken' })(t);
    },
    'InvalidDescription.Malformed': tryImport({ Description: 'x' }),
    'InvalidArchitecture.Malformed': tryImport({ Architecture: 'riscv64' }),
    'InvalidOSType.Malformed': tryImport({ OSType: 'macos' }),
    'InvalidPlatform.Malformed': tryImport({ Platform: 'Ubuntu', OSType: 'windows' }),
    'InvalidBootMode.Malformed': tryImport({ BootMode: 'UEFI-Preferred' }),
    'InvalidBootMode.NotSupport': tryImport({ BootMode: 'BIOS', Architecture: 'arm64' }),
    'InvalidLicenseType.NotSupported': tryImport({ LicenseType: 'Free' }),
    'InvalidParameter.DetectionStrategy': tryImport({ DetectionStrategy: 'Thorough' }),
    'InvalidParameter.FeaturesImdsSupport': tryImport({ 'Features.ImdsSupport': 'v3' }),
    'InvalidOSSBucket.Malformed': (t) =>
      t.call({ RegionId: REGION, ...disk(1, 'disk.qcow2', '../buckets') }),
    'InvalidOSSBucket.NotFound': (t) =>
      t.call({ RegionId: REGION, ...disk(1, 'disk.qcow2', 'nowhere') }),
    'InvalidOSSBucket.NotMatched': async (t) => {
      t.k.putObject('beijing', 'disk.qcow2', t.k.diskImage());
      await claim(t.k, 'beijing', t.k.accountId, 'cn-beijing');
      return t.call({ RegionId: REGION, ...disk(1, 'disk.qcow2', 'beijing') });
    },
    'InvalidOSSObject.Malformed': (t) =>
      t.call({ RegionId: REGION, ...disk(1, 'nightly/../disk.qcow2') }),
    'InvalidOSSObject.NotFound': async (t) => {
      await t.k.startImport();
      return t.call({ RegionId: REGION, ...disk(1, 'missing.qcow2') });
    },
    'InvalidOSSObject.Size': (t) => {
      t.k.putObject('images', 'empty.raw', new Uint8Array(0));
      return t.call({ RegionId: REGION, ...disk(1, 'empty.raw') });
    },
    'UnsupportedSuffix.OSSObject': (t) => t.call({ RegionId: REGION, ...disk(1, 'disk.iso') }),
    'InvalidImageFormat.Malformed': tryImport({ 'DiskDeviceMapping.1.Format': 'VHDX' }),
    InvalidImageSize: tryImport({ 'DiskDeviceMapping.1.DiskImageSize': '2049' }),
    InvalidDataDiskSize: tryImport({ ...disk(2), 'DiskDeviceMapping.2.DiskImageSize': '0' }),
    'InvalidOSS.NotAuthorized': async (t) => {
      // Root may read every file, so that nothing on disk brings this about for everybody.
      const denied = Object.assign(new Error('closed'), { code: 'EACCES', syscall: 'open' });
      t.k.kindred.buckets.statObject = () => Promise.reject(denied);
      t.k.putObject('images', 'closed.raw', new Uint8Array(512));
      return t.call({ RegionId: REGION, ...disk(1, 'closed.raw') });
    },
    'MissingParameter.DiskDeviceMapping': (t) => t.call({ RegionId: REGION }),
    'InvalidParameter.Malformed': tryImport({
      ...disk(2),
      'DiskDeviceMapping.2.Device': '/dev/xvda',
    }),
    'InvalidArchitecture.PlatformUnsupported': tryImport({
      Architecture: 'arm64',
      Platform: 'Windows Server 2022',
    }),
    'InvalidOperation.CloudBoxImageImportUnsupported': tryImport({
      StorageLocationArn: 'arn:acs:cloudbox:cn-hangzhou:1:cloudbox/cb-1',
    }),
    'TagKey.Duplication': tryImport({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'Env' }),
    'QuotaExceed.Image': async (t) => {
      for (let i = 0; i < 3; i++) await t.k.image();
      return tryImport({})(t);
    },
    ImportImageFailed: async (t) => {
      await t.k.startImport();
      await t.k.startImport();
      return tryImport({})(t);
    },
    'InvalidResourceGroup.NotFound': tryImport({ ResourceGroupId: 'default' }),
  },
  // The import behind `image()` counts as an image too.
  { kindred: { quotas: { imagesPerRegion: 4, unfinishedTasks: 2 } } },
);

test('the rows of an import are written together, before anything is read', async (t) => {
  const k = await kindred(t);
  const bytes = k.diskImage();
  k.putObject('images', 'nightly/system.qcow2', bytes);
  k.putObject('images', 'nightly/data.RAW', new Uint8Array(4096));
  const { ImageId, TaskId, RegionId } = await k.call('ImportImage', {
    RegionId: REGION,
    ...disk(1, 'nightly/system.qcow2'),
    'DiskDeviceMapping.1.Format': 'qcow2',
    'DiskDeviceMapping.1.DiskImSize': '5',
    ...disk(2, 'nightly/data.RAW'),
    'Tag.1.Key': 'created-by',
    'Tag.1.Value': 'mantle',
  });
  assert.equal(RegionId, REGION);
  const { image, task, job, snapshots } = await k.store.read(async (tx) => ({
    image: await tx.image(k.scope, ImageId),
    task: await tx.task(k.scope, TaskId),
    job: await tx.job(`ImportImage:${ImageId}`),
    snapshots: await tx.snapshots(k.scope, {}, { limit: 10, offset: 0 }),
  }));
  assert.equal(image?.status, 'Creating');
  assert.equal(image?.imageName, ImageId);
  assert.equal(image?.imageFamily, null);
  assert.equal(image?.sizeGib, 5);
  assert.deepEqual(image?.tags, [{ tagKey: 'created-by', tagValue: 'mantle' }]);
  assert.deepEqual(
    image?.disks.map(({ device, format, sizeGib }) => [device, format, sizeGib]),
    [
      ['/dev/xvda', 'qcow2', 5],
      ['/dev/xvdb', '', 0],
    ],
  );
  assert.equal(task?.taskStatus, 'Processing');
  assert.equal(task?.resourceId, ImageId);
  assert.deepEqual(snapshots.rows.map((row) => `${row.sourceDiskType} ${row.status}`).toSorted(), [
    'data progressing',
    'system progressing',
  ]);
  assert.equal(job?.step, 'ingest:1');
  assert.equal(job?.taskId, TaskId);
  const [first, second] = JSON.parse(job?.state ?? '{}').disks;
  assert.equal(typeof first.sourceVersion, 'string');
  assert.deepEqual(
    { ...first, sourceVersion: '' },
    {
      position: 1,
      snapshotId: image?.disks[0]?.snapshotId,
      bucket: 'images',
      object: 'nightly/system.qcow2',
      declaredFormat: 'QCOW2',
      declaredSizeGib: 5,
      sourceVersion: '',
      sourceSizeBytes: bytes.byteLength,
    },
  );
  assert.equal(second.declaredFormat, '');
  assert.equal(second.declaredSizeGib, 0);
});

test('a name without an ending needs a Format, as Packer sends it', async (t) => {
  const k = await kindred(t);
  k.putObject('images', 'v1.2/Packer_546225885', k.diskImage());
  const named = { RegionId: REGION, ...disk(1, 'v1.2/Packer_546225885') };
  const { code } = await k.refused('ImportImage', named);
  assert.equal(code, 'UnsupportedSuffix.OSSObject');
  const { ImageId } = await k.call('ImportImage', {
    ...named,
    'DiskDeviceMapping.1.Format': 'qcow2',
  });
  await k.finishJobs();
  const { Images } = await k.call('DescribeImages', { RegionId: REGION, ImageId });
  assert.equal(Images.Image[0]?.Status, 'Available');
});

test('defaults follow the architecture and the system', async (t) => {
  const k = await kindred(t);
  const made = async (values: Values) => {
    const { imageId } = await k.startImport(values);
    return k.store.read((tx) => tx.image(k.scope, imageId));
  };
  const linux = await made({});
  assert.equal(linux?.platform, 'Others Linux');
  assert.equal(linux?.bootMode, 'BIOS');
  assert.equal(linux?.licenseType, 'Aliyun');
  assert.equal(linux?.nvmeSupport, 'unsupported');
  assert.equal(linux?.imdsSupport, 'v1');
  assert.equal(linux?.isSupportCloudinit, true);
  assert.equal((await made({ Architecture: 'arm64' }))?.bootMode, 'UEFI');
  assert.equal((await made({ OSType: 'windows' }))?.platform, 'Other Windows');
  const windows = await made({ Platform: 'Windows Server 2022', LicenseType: 'Auto' });
  assert.equal(windows?.osType, 'windows');
  assert.equal(windows?.licenseType, 'Auto');
  assert.equal((await made({ Platform: 'Customized Linux' }))?.isSupportCloudinit, false);
  const able = await made({ 'Features.NvmeSupport': 'supported', 'Features.ImdsSupport': 'v2' });
  assert.deepEqual([able?.nvmeSupport, able?.imdsSupport], ['supported', 'v2']);
});

test('a bucket belongs to one account, and no other learns of it', async (t) => {
  const k = await kindred(t);
  const stranger = await k.newAccount();
  k.putObject('images', 'disk.qcow2', k.diskImage());
  k.putObject('theirs', 'disk.qcow2', k.diskImage());
  await claim(k, 'theirs', stranger.accountId, '');
  const call = (bucket: string, object = 'disk.qcow2') => ({
    RegionId: REGION,
    ...disk(1, object, bucket),
  });
  for (const object of ['disk.qcow2', 'missing.qcow2']) {
    const unclaimed = await k.refused('ImportImage', call('images', object), { as: stranger });
    assert.equal(unclaimed.code, 'InvalidOSSBucket.NotFound');
    assert.equal((await k.refused('ImportImage', call('theirs', object))).code, unclaimed.code);
  }
  await k.call('ImportImage', call('images'));
  await k.call('ImportImage', call('theirs'), { as: stranger });
});

test('more than 17 disks are refused, not cut off', async (t) => {
  const k = await kindred(t);
  k.putObject('images', 'disk.qcow2', k.diskImage());
  const disks = Object.assign({}, ...Array.from({ length: 18 }, (_, i) => disk(i + 1))) as Values;
  const refused = await k.refused('ImportImage', { RegionId: REGION, ...disks });
  assert.equal(refused.code, 'InvalidParameter.Malformed');
});

test('a retry with the same token makes one import, even when the file has gone', async (t) => {
  const k = await kindred(t);
  k.putObject('images', 'disk.qcow2', k.diskImage());
  const call = { RegionId: REGION, ...disk(1), ClientToken: 'once' };
  const first = await k.call('ImportImage', call);
  k.putObject('images', 'disk.qcow2', new Uint8Array(0));
  const second = await k.call('ImportImage', call);
  assert.equal(second.ImageId, first.ImageId);
  assert.equal(second.TaskId, first.TaskId);
});
