// The errors that RunInstances and CreateInstance share, one case each; for one Kindred that all of them
// run in, with the small catalogue and room for fewer than 17 disks.
import type { makeInstancesErrors } from '../operations/ecs/shared/make-instances-errors.ts';
import { REGION, type Harness } from './harness.ts';
import type { Case } from './operation-tests.ts';
import { BARE, LEAST, putResource, SMALL_CATALOGUE, WINDOWS } from './records.ts';

type Values = Readonly<Record<string, string>>;

const dataDisks = (count: number): Values =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`DataDisk.${i + 1}.Size`, '20']));

const run = (values: Values) => (t: Case) => t.call({ ...LEAST, ...values });
/** Without one of the parameters that are needed. */
const without = (name: string) => (t: Case) =>
  t.call(Object.fromEntries(Object.entries(LEAST).filter(([key]) => key !== name)));

/** A vSwitch of four addresses in a VPC, with a group in it and one outside. */
export const putNetwork = async (k: Harness): Promise<void> => {
  const detail = { zoneId: 'cn-hangzhou-b', cidrBlock: '192.168.0.0/29' };
  await putResource(k, 'vswitch', 'vsw-1', { parentId: 'vpc-1', detail });
  await putResource(k, 'securitygroup', 'sg-vpc', { parentId: 'vpc-1' });
  await putResource(k, 'securitygroup', 'sg-classic');
};
const hasNetwork = async (k: Harness): Promise<boolean> =>
  (await k.store.read((tx) => tx.resource(k.scope, 'vswitch', 'vsw-1', 0))) !== undefined;
const inNetwork = (values: Values) => async (t: Case) => {
  if (!(await hasNetwork(t.k))) await putNetwork(t.k);
  return t.call({ ...LEAST, VSwitchId: 'vsw-1', ...values });
};

type Cases = Record<keyof typeof makeInstancesErrors, (t: Case) => Promise<unknown>>;

/** What the cases need of their Kindred. */
export const CASES_KINDRED = { catalogue: SMALL_CATALOGUE, quotas: { disksPerRegion: 16 } };

export const makeInstancesCases: Cases = {
  MissingRegionId: without('RegionId'),
  MissingParameter: without('ImageId'),
  InvalidParameter: run({ UserData: 'not base64' }),
  'InvalidParameter.Conflict': run({ ImageFamily: 'acs:linux_x64' }),
  'InvalidParameter.Mismatch': inNetwork({ SecurityGroupId: 'sg-classic' }),
  'InvalidParameter.EncryptedIllegal': run({ 'DataDisk.1.Encrypted': 'true' }),
  DryRunOperation: run({ DryRun: 'true' }),
  'InvalidClientToken.ValueNotSupported': async (t) => {
    await t.call({ ...LEAST, ClientToken: 'once' });
    return t.call({ ...LEAST, ClientToken: 'once', Description: 'other' });
  },
  'InvalidImageFamily.Malformed': (t) =>
    t.call({ RegionId: REGION, InstanceType: 'ecs.g7.large', ImageFamily: '1st' }),
  ImageNotSupportCloudInit: run({ ImageId: BARE, UserData: 'aGk=' }),
  'InvalidInstanceType.ValueNotSupported': run({ InstanceType: 'large' }),
  'InvalidInstanceName.Malformed': run({ InstanceName: '1st' }),
  'InvalidHostName.Malformed': run({ HostName: 'web-' }),
  'InvalidDescription.Malformed': run({ Description: 'http://example.com' }),
  'InvalidPassword.Malformed': run({ Password: 'alllowercase' }),
  'InvalidPasswordParam.Mismatch': run({ Password: 'Secret-123', PasswordInherit: 'true' }),
  'InvalidUserData.SizeExceeded': run({ UserData: 'A'.repeat(44_000) }),
  'InvalidSystemDiskCategory.ValueNotSupported': run({ 'SystemDisk.Category': 'floppy' }),
  'InvalidSystemDiskSize.ValueNotSupported': run({ 'SystemDisk.Size': '4096' }),
  'InvalidDataDiskCategory.ValueNotSupported': run({ 'DataDisk.1.Category': 'floppy' }),
  'InvalidDataDiskSize.ValueNotSupported': run({ 'DataDisk.1.Size': '70000' }),
  'InvalidDataDevice.Malformed': run({ 'DataDisk.1.Device': '/dev/xvda' }),
  'InvalidDiskName.Malformed': run({ 'SystemDisk.DiskName': '1st' }),
  'InvalidDiskDescription.Malformed': run({ 'DataDisk.1.Description': 'https://example.com' }),
  'InstanceDiskNumber.LimitExceed': run(dataDisks(17)),
  'InvalidInternetChargeType.ValueNotSupported': run({ InternetChargeType: 'Free' }),
  'InvalidHttpEndpoint.NotSupported': run({ HttpEndpoint: 'maybe' }),
  'InvalidHttpTokens.NotSupported': run({ HttpTokens: 'maybe' }),
  InvalidPrivateIpAddress: inNetwork({ PrivateIpAddress: '192.168.1.1' }),
  'InvalidPrivateIpAddress.Malformed': inNetwork({ PrivateIpAddress: '192.168.0.256' }),
  'InvalidPrivateIpAddress.Duplicated': async (t) => {
    if (!(await hasNetwork(t.k))) await putNetwork(t.k);
    const values = { ...LEAST, VSwitchId: 'vsw-1', PrivateIpAddress: '192.168.0.2' };
    await t.call(values);
    return t.call(values);
  },
  'Duplicate.TagKey': run({ 'Tag.1.Key': 'env', 'Tag.2.Key': 'env' }),
  'InvalidTagKey.Malformed': run({ 'Tag.1.Key': 'acs:env' }),
  'InvalidTagValue.Malformed': run({ 'Tag.1.Key': 'env', 'Tag.1.Value': 'http://a' }),
  'InvalidImageFamily.MissingAvailableImage': (t) =>
    t.call({ RegionId: REGION, InstanceType: 'ecs.g7.large', ImageFamily: 'none-such' }),
  'OperationDenied.ImageNotValid': async (t) => {
    const { imageId } = await t.k.startImport();
    return t.call({ ...LEAST, ImageId: imageId });
  },
  'InvalidSnapshotId.NotReady': async (t) => {
    const { imageId } = await t.k.startImport();
    const image = await t.k.store.read((tx) => tx.image(t.k.scope, imageId));
    return t.call({ ...LEAST, 'DataDisk.1.SnapshotId': image?.disks[0]?.snapshotId ?? '' });
  },
  'InvalidSnapshotId.NotDataDiskSnapshot': async (t) => {
    const { snapshotId } = await t.k.importImage();
    return t.call({ ...LEAST, 'DataDisk.1.SnapshotId': snapshotId });
  },
  'InvalidDiskSize.TooSmall': async (t) => {
    const { snapshotId } = await t.k.importImage();
    const { ImageId } = await t.k.call('CreateImage', {
      RegionId: REGION,
      'DiskDeviceMapping.1.SnapshotId': snapshotId,
      'DiskDeviceMapping.2.Size': '30',
      'DiskDeviceMapping.2.Device': '/dev/xvdb',
    });
    await t.k.finishJobs();
    return t.call({
      ...LEAST,
      ImageId,
      'DataDisk.1.Device': '/dev/xvdb',
      'DataDisk.1.Size': '20',
    });
  },
  'InvalidDevice.InUse': run({
    'DataDisk.1.Device': '/dev/xvdb',
    'DataDisk.2.Device': '/dev/xvdb',
  }),
  'DependencyViolation.WindowsInstance': run({ ImageId: WINDOWS, KeyPairName: 'mine' }),
  ImageNotSupportInstanceType: run({ InstanceType: 'ecs.g8y.large' }),
  'QuotaExceed.ElasticQuota': run(dataDisks(16)),
  'QuotaExceed.Tags': run(
    Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `key-${i}`])),
  ),
  'InvalidRegionId.NotFound': run({ RegionId: 'cn-nowhere' }),
  'InvalidImageId.NotFound': run({ ImageId: 'm-bp146shijn7hujku9exp' }),
  'InvalidZoneId.NotFound': run({ ZoneId: 'cn-beijing-a' }),
  'InvalidVSwitchId.NotFound': run({ VSwitchId: 'vsw-2' }),
  'InvalidSecurityGroupId.NotFound': run({ SecurityGroupId: 'sg-1' }),
  'InvalidKeyPairName.NotFound': run({ KeyPairName: 'mine' }),
  'InvalidRamRole.NotFound': run({ RamRoleName: 'admin' }),
  'InvalidResourceGroup.NotFound': run({ ResourceGroupId: 'default' }),
  'InvalidInstanceChargeType.NotFound': run({ InstanceChargeType: 'Free' }),
  'InvalidDataDiskSnapshotId.NotFound': run({ 'DataDisk.1.SnapshotId': 's-bp1' }),
  'InvalidSystemDiskSize.LessThanImageSize': run({ 'SystemDisk.Size': '10' }),
};
