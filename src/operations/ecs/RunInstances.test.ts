// RunInstances: each refusal, and what the records of instances and their disks are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toDisk } from '../../domain/disk.ts';
import { kindred, REGION, type Parameters } from '../../testing/harness.ts';
import {
  CASES_KINDRED,
  makeInstancesCases,
  putNetwork,
} from '../../testing/make-instances-cases.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  describeInstance,
  LEAST,
  LINUX,
  runInstance,
  runInstances,
  settle,
  SMALL_CATALOGUE,
} from '../../testing/records.ts';
import { RunInstances } from './RunInstances.ts';

const run = (values: Parameters) => (t: Case) => t.call({ ...LEAST, ...values });

testOperation(
  RunInstances,
  {
    ...makeInstancesCases,
    'InvalidMaxAmount.Malformed': run({ Amount: '101' }),
    'InvalidMinAmount.Malformed': run({ MinAmount: '0' }),
    'InvalidInternetMaxBandwidthOut.Malformed': run({ InternetMaxBandwidthOut: '101' }),
    'InvalidInternetMaxBandwidthIn.Malformed': run({ InternetMaxBandwidthIn: '201' }),
    'InvalidIoOptimize.ValueNotSupported': run({ IoOptimized: 'true' }),
    'InvalidParam.Amount': run({ MinAmount: '2' }),
    'InvalidParams.InstanceNameExceed': run({
      InstanceName: 'n'.repeat(126),
      Amount: '2',
      UniqueSuffix: 'true',
    }),
    'InvalidParams.HostnameExceed': run({
      HostName: 'n'.repeat(62),
      Amount: '2',
      UniqueSuffix: 'true',
    }),
    'InvalidLaunchTemplate.NotFound': run({ LaunchTemplateName: 'web' }),
  },
  { isShared: true, kindred: CASES_KINDRED },
);

test('an instance is Pending, then Running, and its image is in use', async (t) => {
  const k = await kindred(t);
  const { imageId } = await k.image({ ImageFamily: 'web' });
  const parameters = { RegionId: REGION, InstanceType: 'ecs.g7.large', ImageFamily: 'web' };
  const made = await k.call('RunInstances', parameters);
  const [id] = made.InstanceIdSets.InstanceIdSet;
  assert.match(id, /^i-bp1[0-9a-z]{17}$/);
  assert.equal((await describeInstance(k, id)).Status, 'Pending');
  settle(k);
  const instance = await describeInstance(k, id);
  assert.equal(instance.Status, 'Running');
  assert.equal(instance.ImageId, imageId);
  assert.equal(instance.InstanceName, id);
  assert.equal(instance.InstanceNetworkType, 'classic');
  assert.deepEqual(instance.InnerIpAddress.IpAddress, ['10.0.0.1']);
  assert.deepEqual(instance.PublicIpAddress.IpAddress, []);
  const image = { RegionId: REGION, ImageId: imageId };
  const usage = async () => (await k.call('DescribeImages', image)).Images.Image[0].Usage;
  assert.equal(await usage(), 'instance');
  assert.equal((await k.refused('DeleteImage', image)).code, 'ImageUsingByInstance');

  // A newer image of the family changes nothing about the instance.
  await k.image({ ImageFamily: 'web' });
  assert.equal((await describeInstance(k, id)).ImageId, imageId);
  await k.call('DeleteInstance', { InstanceId: id, Force: 'true' });
  assert.equal(await usage(), 'none');
  await k.call('DeleteImage', image);
});

test('families are resolved as DescribeImageFromFamily does, whose ever they are', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const parameters = { RegionId: REGION, InstanceType: 'ecs.g7.large' };
  const imageOf = async (ImageFamily: string, as = k.rootKey) => {
    const made = await k.call('RunInstances', { ...parameters, ImageFamily }, { as });
    const [id] = made.InstanceIdSets.InstanceIdSet;
    const found = await k.call(
      'DescribeInstances',
      { RegionId: REGION, InstanceIds: JSON.stringify([id]) },
      { as },
    );
    return found.Instances.Instance[0];
  };
  const system = await imageOf('acs:linux_x64');
  assert.equal(system.ImageId, LINUX);
  assert.equal(system.OSName, 'Ubuntu  24.04 64位');
  assert.equal(system.OSType, 'linux');

  const receiver = await k.newAccount();
  const { imageId } = await k.image({ ImageFamily: 'web' });
  const shared = `acs:${k.accountId}:web`;
  const refused = await k.refused(
    'RunInstances',
    { ...parameters, ImageFamily: shared },
    { as: receiver },
  );
  assert.equal(refused.code, 'InvalidImageFamily.MissingAvailableImage');
  const share = { RegionId: REGION, ImageId: imageId, 'AddAccount.1': receiver.accountId };
  await k.call('ModifyImageSharePermission', share);
  assert.equal((await imageOf(shared, receiver)).ImageId, imageId);
  const disks = await k.store.read((tx) =>
    tx.resources(
      { ...k.scope, accountId: receiver.accountId as typeof k.accountId },
      { resourceType: 'disk' },
      { limit: 9, offset: 0 },
      0,
    ),
  );
  const [disk] = disks.rows.map(toDisk);
  assert.match(disk?.detail.digest ?? '', /^sha256:/, 'the bytes are held');
  assert.equal(disk?.detail.sourceSnapshotId, '', 'the snapshot is the owner’s to know');
});

test('the disks are those of the image, changed and added to', async (t) => {
  const k = await kindred(t);
  const { snapshotId } = await k.importImage();
  const { ImageId } = await k.call('CreateImage', {
    RegionId: REGION,
    'DiskDeviceMapping.1.SnapshotId': snapshotId,
    'DiskDeviceMapping.2.Size': '30',
    'DiskDeviceMapping.2.Device': '/dev/xvdc',
  });
  await k.finishJobs();
  const id = await runInstance(k, {
    ImageId,
    'SystemDisk.Size': '50',
    'SystemDisk.Category': 'cloud_essd',
    'DataDisk.1.Device': '/dev/xvdc',
    'DataDisk.1.Size': '31',
    'DataDisk.1.DeleteWithInstance': 'false',
    'DataDisk.2.Category': 'cloud_ssd',
  });
  const filter = { resourceType: 'disk', parentId: id } as const;
  const { rows } = await k.store.read((tx) =>
    tx.resources(k.scope, filter, { limit: 9, offset: 0 }, k.clock.wallMs()),
  );
  const shown = rows
    .map(toDisk)
    .map(
      ({ detail: d, status }) => `${d.device} ${d.diskType} ${d.sizeGib} ${d.category} ${status}`,
    );
  assert.deepEqual(shown.toSorted(), [
    '/dev/xvda system 50 cloud_essd In_use',
    '/dev/xvdb data 20 cloud_ssd In_use',
    '/dev/xvdc data 31 cloud_efficiency In_use',
  ]);
});

test('Amount makes as many, with numbered names and addresses of their own', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  await putNetwork(k);
  const network = { VSwitchId: 'vsw-1', 'SecurityGroupIds.1': 'sg-vpc' };
  const ids = await runInstances(k, {
    ...network,
    Amount: '2',
    UniqueSuffix: 'true',
    InstanceName: 'web-',
    HostName: 'web-[7,3]',
    InternetMaxBandwidthOut: '5',
    'ImageOptions.LoginAsNonRoot': 'true',
  });
  const [first, second] = await Promise.all(ids.map((id) => describeInstance(k, id)));
  assert.deepEqual([first.InstanceName, second.InstanceName], ['web-001', 'web-002']);
  assert.deepEqual([first.HostName, second.HostName], ['web-007', 'web-008']);
  assert.equal(first.ZoneId, 'cn-hangzhou-b', 'of the vSwitch');
  assert.equal(first.InstanceNetworkType, 'vpc');
  assert.deepEqual(first.VpcAttributes, {
    NatIpAddress: '',
    PrivateIpAddress: { IpAddress: ['192.168.0.1'] },
    VSwitchId: 'vsw-1',
    VpcId: 'vpc-1',
  });
  assert.deepEqual(second.PublicIpAddress.IpAddress, ['198.18.0.2']);
  assert.deepEqual(first.SecurityGroupIds.SecurityGroupId, ['sg-vpc']);
  assert.equal(first.ImageOptions.LoginAsNonRoot, true);

  // A /29 has four addresses for instances.
  const full = await k.refused('RunInstances', { ...LEAST, ...network, Amount: '3' });
  assert.equal(full.code, 'InvalidPrivateIpAddress');
  const lost = await k.refused('RunInstances', { ...LEAST, SecurityGroupId: 'sg-vpc' });
  assert.equal(lost.code, 'MissingParameter', 'a group of a VPC needs a vSwitch');
  const elsewhere = { ...LEAST, ...network, ZoneId: 'cn-hangzhou-a' };
  assert.equal((await k.refused('RunInstances', elsewhere)).code, 'InvalidParameter.Mismatch');
});

test('a token has one effect, and other accounts and regions see nothing of it', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const once = await runInstances(k, { ClientToken: 'once', Amount: '2' });
  assert.deepEqual(await runInstances(k, { ClientToken: 'once', Amount: '2' }), once);
  const list = { RegionId: REGION };
  assert.equal((await k.call('DescribeInstances', list)).TotalCount, 2);
  const as = await k.newAccount();
  assert.equal((await k.call('DescribeInstances', list, { as })).TotalCount, 0);
  const beijing = { RegionId: 'cn-beijing' };
  assert.equal((await k.call('DescribeInstances', beijing)).TotalCount, 0);
  const gone = await k.refused('StopInstance', { InstanceId: once[0] ?? '' }, { as });
  assert.equal(gone.code, 'InvalidInstanceId.NotFound');
});
