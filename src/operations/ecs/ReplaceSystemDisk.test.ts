import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  BARE,
  describeDisks,
  describeInstance,
  LINUX,
  putResource,
  runInstance,
  settle,
  SMALL_CATALOGUE,
  stoppedInstance,
  WINDOWS,
  pendingInstance,
} from '../../testing/records.ts';
import { ReplaceSystemDisk } from './ReplaceSystemDisk.ts';

const replace = (values: Readonly<Record<string, string>>) => async (t: Case) =>
  t.call({ InstanceId: await stoppedInstance(t.k), ImageId: LINUX, ...values });

testOperation(
  ReplaceSystemDisk,
  {
    MissingParameter: async (t) => t.call({ InstanceId: await stoppedInstance(t.k) }),
    InvalidParameter: replace({ ClientToken: 'x'.repeat(65) }),
    IdempotentParameterMismatch: async (t) => {
      const call = { InstanceId: await stoppedInstance(t.k), ClientToken: 'once' };
      await t.call({ ...call, ImageId: LINUX });
      return t.call({ ...call, ImageId: BARE });
    },
    'InvalidParameter.Conflict': replace({ ImageId: WINDOWS, KeyPairName: 'mine' }),
    'InvalidParameter.EncryptedIllegal': replace({ Encrypted: 'true' }),
    'InvalidKeyPairName.NotFound': replace({ KeyPairName: 'mine' }),
    'InvalidPassword.Malformed': replace({ Password: 'alllowercase' }),
    'InvalidPasswordParam.Mismatch': replace({ Password: 'Secret-123', PasswordInherit: 'true' }),
    'InvalidSystemDiskSize.ValueNotSupported': replace({ 'SystemDisk.Size': '4096' }),
    OperationDenied: async (t) => {
      const { snapshotId } = await t.k.importImage();
      const { ImageId } = await t.k.call('CreateImage', {
        RegionId: REGION,
        'DiskDeviceMapping.1.SnapshotId': snapshotId,
        'DiskDeviceMapping.2.SnapshotId': snapshotId,
        'DiskDeviceMapping.2.DiskType': 'data',
      });
      await t.k.finishJobs();
      return replace({ ImageId })(t);
    },
    ImageNotSupportInstanceType: async (t) => {
      const { imageId } = await t.k.importImage({ Architecture: 'arm64' });
      return replace({ ImageId: imageId })(t);
    },
    IncorrectInstanceStatus: async (t) => replace({ InstanceId: await runInstance(t.k) })(t),
    'OperationDenied.ImageNotValid': async (t) => {
      const { imageId } = await t.k.startImport();
      return replace({ ImageId: imageId })(t);
    },
    'OperationDenied.InstanceCreating': async (t) => {
      const InstanceId = await pendingInstance(t.k);
      return t.call({ InstanceId, ImageId: LINUX });
    },
    'InvalidImageId.NotFound': replace({ ImageId: 'm-bp146shijn7hujku9exp' }),
    'InvalidInstanceId.NotFound': replace({ InstanceId: 'i-bp1g6zv0ce8oghu7k2qp' }),
    'InvalidRegionId.NotFound': replace({ RegionId: 'cn-nowhere' }),
    'InvalidSystemDiskSize.LessThanImageSize': replace({ ImageId: BARE, 'SystemDisk.Size': '50' }),
    'InvalidSystemDiskSize.LessThanMinSize': replace({ 'SystemDisk.Size': '30' }),
  },
  { isShared: true, kindred: { catalogue: SMALL_CATALOGUE } },
);

test('the instance has another disk and another image; the old one is free', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  await putResource(k, 'keypair', 'kp-1', { resourceName: 'mine' });
  const { imageId } = await k.image();
  const InstanceId = await stoppedInstance(k, {
    ImageId: imageId,
    'SystemDisk.DiskName': 'root',
    'SystemDisk.Category': 'cloud_ssd',
  });
  const [old] = await describeDisks(k, InstanceId);
  const image = { RegionId: REGION, ImageId: imageId };
  assert.equal((await k.refused('DeleteImage', image)).code, 'ImageUsingByInstance');

  const { DiskId } = await k.call('ReplaceSystemDisk', {
    InstanceId,
    ImageId: BARE,
    KeyPairName: 'mine',
  });
  assert.notEqual(DiskId, old.DiskId);
  const disks = await describeDisks(k, InstanceId);
  assert.equal(disks.length, 1);
  assert.deepEqual(
    [disks[0].DiskId, disks[0].DiskName, disks[0].Category, disks[0].Size, disks[0].ImageId],
    [DiskId, 'root', 'cloud_ssd', 60, BARE],
  );
  const instance = await describeInstance(k, InstanceId);
  assert.equal(instance.ImageId, BARE);
  assert.equal(instance.Status, 'Stopped');
  assert.equal(instance.KeyPairName, 'mine');
  assert.equal(instance.OSNameEn, 'Ubuntu  24.04 64 bit');
  await k.call('DeleteImage', image);

  // Back to an image with bytes: the disk has them.
  const other = await k.image();
  await k.call('ReplaceSystemDisk', { InstanceId, ImageId: other.imageId });
  const [disk] = await describeDisks(k, InstanceId);
  assert.equal(disk.SourceSnapshotId, other.snapshotId);
  await k.call('StartInstance', { InstanceId });
  settle(k);
  assert.equal((await describeInstance(k, InstanceId)).OSNameEn, 'Others Linux  64 bit');
});
