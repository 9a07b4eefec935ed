// CreateImage: each refusal, and what an image out of snapshots is made of.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  BARE,
  describeDisks,
  runInstance,
  SMALL_CATALOGUE,
  WINDOWS,
  pendingInstance,
} from '../../testing/records.ts';
import { CreateImage } from './CreateImage.ts';

type Values = Readonly<Record<string, string>>;

/** Tries to make an image out of a good snapshot. */
const make = (values: Values) => async (t: Case) => {
  const { snapshotId } = await t.k.image();
  return t.call({ RegionId: REGION, SnapshotId: snapshotId, ...values });
};

/** Two disks, both of the same good snapshot, with `values` for the mapping. */
const map = (values: Values) => async (t: Case) => {
  const { snapshotId } = await t.k.image();
  return t.call({
    RegionId: REGION,
    'DiskDeviceMapping.1.SnapshotId': snapshotId,
    ...values,
  });
};

testOperation(
  CreateImage,
  {
    MissingRegionId: (t) => t.call({ SnapshotId: 's-bp1' }),
    MissingParameter: (t) => t.call({ RegionId: REGION, ImageName: 'from-nothing' }),
    InvalidParameter: make({ DetectionStrategy: 'Thorough' }),
    DryRunOperation: make({ ImageName: 'dry', DryRun: 'true' }),
    IdempotenceParamNotMatch: async (t) => {
      const { snapshotId } = await t.k.image();
      const call = { RegionId: REGION, SnapshotId: snapshotId, ClientToken: 'once' };
      await t.k.call('CreateImage', { ...call, ImageName: 'first' });
      return t.call({ ...call, ImageName: 'second' });
    },
    'InvalidImageName.Malformed': make({ ImageName: '1st' }),
    'InvalidImageName.Duplicated': async (t) => {
      await t.k.image({ ImageName: 'taken' });
      return make({ ImageName: 'taken' })(t);
    },
    'InvalidImageFamily.Malformed': make({ ImageFamily: 'acs:mine' }),
    'ImageQuotaExceed.ImageFamily': async (t) => {
      await t.k.image({ ImageFamily: 'web' });
      return make({ ImageFamily: 'web' })(t);
    },
    ImageFamilyQuotaExceed: async (t) => {
      await t.k.image({ ImageFamily: 'web' });
      return make({ ImageFamily: 'database' })(t);
    },
    'InvalidImageVersion.Malformed': make({ ImageVersion: 'x'.repeat(41) }),
    'InvalidDescription.Malformed': make({ Description: 'https://example.com' }),
    'InvalidPlatform.Malformed': make({ Platform: 'Other Windows' }),
    'InvalidArchitecture.Malformed': make({ Architecture: 'aarch64' }),
    'InvalidBootMode.NotSupport': make({ Architecture: 'arm64', BootMode: 'BIOS' }),
    'InvalidParameter.FeaturesImdsSupport': make({ 'Features.ImdsSupport': 'v3' }),
    'InvalidDevice.InUse': map({
      'DiskDeviceMapping.2.Device': '/dev/xvdc',
      'DiskDeviceMapping.3.Device': '/dev/xvdc',
    }),
    'InvalidDevice.Malformed': map({ 'DiskDeviceMapping.2.Device': '/dev/xvda' }),
    'InvalidDiskType.ValueNotSupported': map({ 'DiskDeviceMapping.1.DiskType': 'root' }),
    'InvalidSize.ValueNotSupported': map({ 'DiskDeviceMapping.2.Size': '4' }),
    OperationDenied: async (t) => {
      const { snapshotId } = await t.k.image();
      return t.call({
        RegionId: REGION,
        'DiskDeviceMapping.1.SnapshotId': snapshotId,
        'DiskDeviceMapping.2.SnapshotId': snapshotId,
      });
    },
    'Duplicate.TagKey': make({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
    'InvalidTagKey.Malformed': make({ 'Tag.1.Key': 'acs:env' }),
    'InvalidTagValue.Malformed': make({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'acs:test' }),
    'InvalidSnapshotId.NotReady': async (t) => {
      const { imageId } = await t.k.startImport();
      const image = await t.k.store.read((tx) => tx.image(t.k.scope, imageId));
      return t.call({ RegionId: REGION, SnapshotId: image?.disks[0]?.snapshotId ?? '' });
    },
    'InvalidSystemSnapshot.Missing': map({ 'DiskDeviceMapping.1.DiskType': 'data' }),
    'QuotaExceed.Image': async (t) => {
      for (let i = 0; i < 4; i++) await t.k.image();
      return make({ ImageName: 'one-too-many' })(t);
    },
    'QuotaExceed.Tags': make(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `key-${i}`])),
    ),
    IncorrectInstanceStatus: async (t) => {
      const InstanceId = await pendingInstance(t.k);
      return t.call({ RegionId: REGION, InstanceId });
    },
    'QuotaExceed.Snapshot': async (t) => {
      const instance = { RegionId: REGION, InstanceId: await runInstance(t.k) };
      await t.call({ ...instance, ImageName: 'first' });
      return t.call({ ...instance, ImageName: 'second' });
    },
    'InvalidInstanceId.NotFound': make({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }),
    'InvalidRegionId.NotFound': (t) => t.call({ RegionId: 'cn-nowhere', SnapshotId: 's-bp1' }),
    'InvalidResourceGroup.NotFound': make({ ResourceGroupId: 'default' }),
    'InvalidSnapshotId.NotFound': (t) =>
      t.call({ RegionId: REGION, SnapshotId: 's-bp17441ohwkdca0qmxfa' }),
  },
  // The import behind `image()` and the image itself count too.
  {
    kindred: {
      catalogue: SMALL_CATALOGUE,
      quotas: {
        imagesPerFamily: 1,
        familiesPerRegion: 1,
        imagesPerRegion: 6,
        snapshotsPerDisk: 1,
      },
    },
  },
);

test('an image is accepted as Creating, and its job makes it Available', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.importImage();
  const { ImageId } = await k.call('CreateImage', { RegionId: REGION, SnapshotId: snapshotId });
  const image = await k.store.read((tx) => tx.image(k.scope, ImageId));
  assert.equal(image?.status, 'Creating');
  assert.equal(image?.imageName, ImageId);
  assert.equal(image?.imageFamily, null);
  assert.equal(image?.sizeGib, 1, 'the size of the snapshot');
  const job = await k.store.read((tx) => tx.job(`CreateImage:${ImageId}`));
  assert.equal(job?.step, 'finish');
  assert.equal(job?.taskId, null);
  await k.finishJobs();
  const ready = await k.store.read((tx) => tx.image(k.scope, ImageId));
  assert.equal(ready?.status, 'Available');
  assert.equal(ready?.progress, 100);
});

test('a mapping gives the system disk first, free device names and empty data disks', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.importImage();
  const { ImageId } = await k.call('CreateImage', {
    RegionId: REGION,
    'DiskDeviceMapping.1.Device': '/dev/xvdb',
    'DiskDeviceMapping.1.Size': '100',
    'DiskDeviceMapping.2.SnapshotId': snapshotId,
    'DiskDeviceMapping.2.Size': '40',
    'DiskDeviceMapping.3.SnapshotId': snapshotId,
    'DiskDeviceMapping.3.DiskType': 'data',
    'DiskDeviceMapping.3.Size': '0',
    // A gap in the numbers, and a disk that is only there by its type.
    'DiskDeviceMapping.7.DiskType': 'data',
    // Overruled by the mapping.
    SnapshotId: 's-bp1overruled',
  });
  const image = await k.store.read((tx) => tx.image(k.scope, ImageId));
  const disks = image?.disks.map((disk) => [
    disk.position,
    disk.device,
    disk.diskType,
    disk.sizeGib,
    disk.snapshotId,
  ]);
  assert.deepEqual(disks, [
    [1, '/dev/xvda', 'system', 40, snapshotId],
    [2, '/dev/xvdb', 'data', 100, null],
    [3, '/dev/xvdc', 'data', 1, snapshotId],
    [4, '/dev/xvdd', 'data', 20, null],
  ]);
  assert.equal(image?.sizeGib, 40);
});

test('what the request leaves open is as in the image that the snapshot is of', async (t) => {
  const k = await kindred(t);
  const source = { Architecture: 'arm64', Platform: 'Ubuntu', LicenseType: 'BYOL' };
  const { snapshotId } = await k.importImage(source);
  const made = async (values: Values) => {
    const { ImageId } = await k.call('CreateImage', {
      RegionId: REGION,
      SnapshotId: snapshotId,
      ...values,
    });
    return k.store.read((tx) => tx.image(k.scope, ImageId));
  };
  const alike = await made({});
  assert.equal(alike?.architecture, 'arm64');
  assert.equal(alike?.platform, 'Ubuntu');
  assert.equal(alike?.bootMode, 'UEFI');
  assert.equal(alike?.licenseType, 'BYOL');
  const other = await made({ Architecture: 'x86_64', Platform: 'Windows Server 2022' });
  assert.equal(other?.architecture, 'x86_64');
  assert.equal(other?.osType, 'windows');
  assert.equal(other?.bootMode, 'BIOS');
  assert.equal(other?.isSupportCloudinit, false);
  assert.equal((await made({ 'Features.ImdsSupport': 'v2' }))?.imdsSupport, 'v2');
  assert.equal((await made({}))?.architecture, 'arm64', 'the import counts, not the last image');
});

test('a retry with the same token makes one image', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.importImage();
  const call = {
    RegionId: REGION,
    SnapshotId: snapshotId,
    ImageName: 'once',
    'Tag.1.Key': 'env',
    ClientToken: 'TF-CreateImage-1',
  };
  const first = await k.call('CreateImage', call);
  const second = await k.call('CreateImage', call);
  assert.equal(second.ImageId, first.ImageId);
  assert.notEqual(second.RequestId, first.RequestId);
});

test('secure boot needs a UEFI mode', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.importImage();
  const call = {
    RegionId: REGION,
    SnapshotId: snapshotId,
    'SecureBootOptions.SecureBootSupport': 'supported',
  };
  const refused = await k.refused('CreateImage', call);
  assert.equal(refused.code, 'InvalidBootMode.NotSupport');
  await k.call('CreateImage', { ...call, BootMode: 'UEFI' });
});

test('a snapshot of another account does not exist', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.importImage();
  const as = await k.newAccount();
  const call = { RegionId: REGION, SnapshotId: snapshotId };
  assert.equal((await k.refused('CreateImage', call, { as })).code, 'InvalidSnapshotId.NotFound');
});

test('an image of an instance refers to the bytes of the image that it was made from', async (t) => {
  const k = await kindred(t);
  const bytes = k.diskImage();
  const base = await k.importImage({ Platform: 'Ubuntu', LicenseType: 'BYOL' }, { bytes });
  const InstanceId = await runInstance(k, { ImageId: base.imageId, 'DataDisk.1.Size': '30' });
  const { ImageId } = await k.call('CreateImage', {
    RegionId: REGION,
    InstanceId,
    ImageFamily: 'golden',
    // Overruled by the instance.
    SnapshotId: 's-bp1overruled',
  });
  await k.finishJobs();
  const family = { RegionId: REGION, ImageFamily: 'golden' };
  const { Image } = await k.call('DescribeImageFromFamily', family);
  assert.equal(Image.ImageId, ImageId, 'Packer publishes so');
  assert.equal(Image.Platform, 'Ubuntu');
  assert.equal(Image.Size, 40);
  const mappings = Image.DiskDeviceMappings.DiskDeviceMapping;
  assert.deepEqual(
    mappings.map((disk: Values) => `${disk.Device} ${disk.Type} ${disk.Size}`),
    ['/dev/xvda system 40', '/dev/xvdb data 30'],
  );
  assert.notEqual(mappings[0].SnapshotId, base.snapshotId, 'snapshots of its own');
  const image = { RegionId: REGION, ImageId };
  const content = async (of: Values) => (await k.call('DescribeImageContent', of)).Disks.Disk;
  const [disk, ...others] = await content(image);
  assert.deepEqual(others, [], 'the data disk is blank');
  const [source] = await content({ RegionId: REGION, ImageId: base.imageId });
  assert.equal(disk.Digest, source.Digest);

  // Everything else may go; the image keeps its bytes, and can be copied.
  await k.call('DeleteInstance', { InstanceId, Force: 'true' });
  await k.call('DeleteImage', { RegionId: REGION, ImageId: base.imageId });
  await k.call('DeleteSnapshot', { SnapshotId: base.snapshotId });
  const copy = await k.call('CopyImage', { ...image, DestinationRegionId: 'cn-beijing' });
  await k.finishJobs();
  const [copied] = await content({ RegionId: 'cn-beijing', ImageId: copy.ImageId });
  assert.equal(copied.Digest, source.Digest);
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});

test('an image of a public image has no bytes: usable, but in no family and read by nobody', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, { ImageId: WINDOWS });
  const whole = { RegionId: REGION, InstanceId, ImageFamily: 'golden' };
  const refused = await k.refused('CreateImage', whole);
  assert.equal(refused.code, 'OperationDenied');
  assert.match(refused.message, /No bytes stand behind the image/);
  assert.equal((await k.call('DescribeSnapshots', { RegionId: REGION })).TotalCount, 0);

  const { ImageId } = await k.call('CreateImage', { RegionId: REGION, InstanceId });
  await k.finishJobs();
  const image = { RegionId: REGION, ImageId };
  const shown = (await k.call('DescribeImages', image)).Images.Image[0];
  assert.equal(shown.Status, 'Available');
  assert.equal(shown.Usable, true);
  assert.equal(shown.Platform, 'Windows Server 2022');
  assert.equal(shown.OSType, 'windows');
  await runInstance(k, { ImageId });
  const none = [
    await k.refused('DescribeImageContent', image),
    await k.refused('CopyImage', { ...image, DestinationRegionId: 'cn-beijing' }),
    await k.refused('ModifyImageAttribute', { ...image, ImageFamily: 'golden' }),
  ];
  for (const { code, message } of none) {
    assert.equal(code, 'OperationDenied');
    assert.match(message, /No bytes stand behind the image/);
  }
  k.putObject('exports', 'there', new Uint8Array(1));
  const exported = await k.refused('ExportImage', { ...image, OSSBucket: 'exports' });
  assert.equal(exported.code, 'ImageNotSupported');
  const family = { RegionId: REGION, ImageFamily: 'golden' };
  assert.deepEqual((await k.call('DescribeImageFromFamily', family)).Image, {});
  assert.equal((await k.call('Fsck')).DifferenceCount, 0);
});

test('an image of snapshots that were taken of disks follows the image of the instance', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const InstanceId = await runInstance(k, { ImageId: BARE, 'DataDisk.1.Size': '20' });
  const snapshots: string[] = [];
  for (const { DiskId } of await describeDisks(k, InstanceId))
    snapshots.push((await k.call('CreateSnapshot', { DiskId })).SnapshotId);
  const [system = '', data = ''] = snapshots;
  const one = await k.call('CreateImage', {
    RegionId: REGION,
    SnapshotId: system,
    Platform: 'CentOS',
    Architecture: 'x86_64',
  });
  // As Terraform maps them: each with its snapshot, order, device and size kept.
  const two = await k.call('CreateImage', {
    RegionId: REGION,
    'DiskDeviceMapping.1.SnapshotId': system,
    'DiskDeviceMapping.1.Device': '/dev/xvda',
    'DiskDeviceMapping.1.DiskType': 'system',
    'DiskDeviceMapping.1.Size': '60',
    'DiskDeviceMapping.2.SnapshotId': data,
    'DiskDeviceMapping.2.Device': '/dev/xvdb',
    'DiskDeviceMapping.2.DiskType': 'data',
    'DiskDeviceMapping.2.Size': '20',
  });
  const laundered = await k.refused('CreateImage', {
    RegionId: REGION,
    'DiskDeviceMapping.1.SnapshotId': data,
    'DiskDeviceMapping.1.DiskType': 'system',
    'DiskDeviceMapping.2.SnapshotId': system,
    'DiskDeviceMapping.2.DiskType': 'data',
  });
  assert.equal(laundered.code, 'OperationDenied');
  assert.match(laundered.message, /cannot be a data disk/);
  await k.finishJobs();
  const show = async (ImageId: string) =>
    (await k.call('DescribeImages', { RegionId: REGION, ImageId })).Images.Image[0];
  assert.equal((await show(one.ImageId)).Platform, 'CentOS');
  const image = await show(two.ImageId);
  assert.equal(image.Platform, 'Ubuntu', 'of the instance, not of the image before');
  assert.equal(image.Status, 'Available');
  assert.deepEqual(
    image.DiskDeviceMappings.DiskDeviceMapping.map((disk: Values) => disk.SnapshotId),
    [system, data],
  );
  const usage = { RegionId: REGION, Usage: 'image' };
  assert.equal((await k.call('DescribeSnapshots', usage)).TotalCount, 2);
});
