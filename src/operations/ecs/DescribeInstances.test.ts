// DescribeInstances: each refusal, every filter, both styles of paging, and an instance field by field.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kindred, REGION, type Harness } from '../../testing/harness.ts';
import { testOperation, type Case } from '../../testing/operation-tests.ts';
import {
  LINUX,
  putResource,
  putResourceGroup,
  runInstance,
  runInstances,
  SMALL_CATALOGUE,
  WINDOWS,
} from '../../testing/records.ts';
import { DescribeInstances } from './DescribeInstances.ts';

const list = (values: Readonly<Record<string, string>>) => (t: Case) =>
  t.call({ RegionId: REGION, ...values });

testOperation(
  DescribeInstances,
  {
    MissingRegionId: (t) => t.call({}),
    InvalidParameter: list({ NextToken: 'bm90IG91cnM' }),
    'InvalidInstanceIds.Malformed': list({ InstanceIds: 'i-bp1' }),
    'InvalidHpcClusterId.NotFound': list({ HpcClusterId: 'hpc-1' }),
    'InvalidTag.Mismatch': list({ 'Tag.1.Value': 'test' }),
    InvalidTagCount: list(
      Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`Tag.${i + 1}.Key`, `key-${i}`])),
    ),
    DryRunOperation: list({ DryRun: 'true' }),
    'InvalidRegionId.NotFound': list({ RegionId: 'cn-nowhere' }),
    'InvalidStatus.NotFound': list({ Status: 'Idle' }),
    'InvalidInstanceChargeType.NotFound': list({ InstanceChargeType: 'Free' }),
    'InvalidNetworkType.NotFound': list({ InstanceNetworkType: 'lan' }),
    'InvalidInternetChargeType.ValueNotSupported': list({ InternetChargeType: 'Free' }),
    'InvalidLockReason.NotFound': list({ LockReason: 'lost' }),
    'InvalidFilterKey.NotFound': list({ 'Filter.1.Key': 'Name', 'Filter.1.Value': 'web' }),
  },
  { isShared: true },
);

/** Two instances that differ in everything. */
const makeTwo = async (k: Harness) => {
  const group = await putResourceGroup(k);
  const detail = { zoneId: 'cn-hangzhou-b', cidrBlock: '192.168.0.0/24' };
  await putResource(k, 'vswitch', 'vsw-1', { parentId: 'vpc-1', detail });
  await putResource(k, 'securitygroup', 'sg-1', { parentId: 'vpc-1' });
  await putResource(k, 'keypair', 'kp-1', { resourceName: 'mine' });
  const a = await runInstance(k, {
    InstanceName: 'web-a',
    VSwitchId: 'vsw-1',
    SecurityGroupId: 'sg-1',
    KeyPairName: 'mine',
    'Tag.1.Key': 'env',
    'Tag.1.Value': 'test',
    InternetMaxBandwidthOut: '1',
  });
  k.clock.advance(60_000);
  const b = await runInstance(k, {
    InstanceName: 'db-b',
    ImageId: WINDOWS,
    InstanceType: 'ecs.r8i.xlarge',
    InstanceChargeType: 'PrePaid',
    InternetChargeType: 'PayByBandwidth',
    HttpTokens: 'required',
    ResourceGroupId: group,
  });
  await putResource(k, 'eip', 'eip-1', {
    parentId: b,
    detail: { ipAddress: '198.19.0.1', bandwidth: 5, internetChargeType: 'PayByTraffic' },
  });
  await k.call('StopInstance', { InstanceId: b });
  return { a, b, group };
};

test('filters find what they say, and combine', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const { a, group } = await makeTwo(k);
  const found = async (values: Readonly<Record<string, string>>): Promise<string> => {
    const { Instances, TotalCount } = await k.call('DescribeInstances', {
      RegionId: REGION,
      ...values,
    });
    const ids: string[] = Instances.Instance.map((row: { InstanceId: string }) => row.InstanceId);
    assert.equal(TotalCount, ids.length);
    return ids.map((id) => (id === a ? 'a' : 'b')).join('');
  };
  const cases: [Readonly<Record<string, string>>, string][] = [
    [{}, 'ba'],
    [{ InstanceIds: JSON.stringify([a, 'i-unknown']) }, 'a'],
    [{ InstanceIds: '[]' }, ''],
    [{ InstanceName: 'web-a' }, 'a'],
    [{ InstanceName: '*b*' }, 'ba'],
    [{ InstanceName: 'db*' }, 'b'],
    [{ Status: 'Stopping' }, 'b'],
    [{ ImageId: LINUX }, 'a'],
    [{ VpcId: 'vpc-1' }, 'a'],
    [{ VSwitchId: 'vsw-1' }, 'a'],
    [{ ZoneId: 'cn-hangzhou-a' }, 'b'],
    [{ SecurityGroupId: 'sg-1' }, 'a'],
    [{ InstanceType: 'ecs.r8i.xlarge' }, 'b'],
    [{ InstanceTypeFamily: 'ecs.g7' }, 'a'],
    [{ InstanceChargeType: 'PrePaid' }, 'b'],
    [{ InternetChargeType: 'PayByTraffic' }, 'a'],
    [{ InstanceNetworkType: 'classic' }, 'b'],
    [{ KeyPairName: 'mine' }, 'a'],
    [{ ResourceGroupId: group }, 'b'],
    [{ HttpTokens: 'required' }, 'b'],
    [{ HttpEndpoint: 'enabled' }, 'ba'],
    [{ IoOptimized: 'false' }, ''],
    [{ IoOptimized: 'true' }, 'ba'],
    [{ LockReason: 'security' }, ''],
    [{ PrivateIpAddresses: '["192.168.0.1"]' }, 'a'],
    [{ InnerIpAddresses: '["192.168.0.1"]' }, ''],
    [{ InnerIpAddresses: '["10.0.0.1"]' }, 'b'],
    [{ PublicIpAddresses: '["198.18.0.1"]' }, 'a'],
    [{ EipAddresses: '["198.19.0.1"]' }, 'b'],
    [{ EipAddresses: '["198.19.0.1"]', ZoneId: 'cn-hangzhou-b' }, ''],
    [{ RdmaIpAddresses: '["10.0.0.1"]' }, ''],
    [{ 'Ipv6Address.1': '::1' }, ''],
    [{ 'Filter.1.Key': 'CreationStartTime', 'Filter.1.Value': '2026-11-24T12:01Z' }, 'b'],
    [{ 'Filter.1.Key': 'CreationEndTime', 'Filter.1.Value': '2026-11-24T12:00Z' }, 'a'],
    [{ 'Filter.1.Key': 'ExpiredEndTime', 'Filter.1.Value': '2027-01-01T00:00Z' }, ''],
    [{ 'Tag.1.Key': 'env' }, 'a'],
    [{ 'Tag.1.Key': 'env', 'Tag.1.Value': 'live' }, ''],
    [{ 'Tag.1.Key': 'env', ZoneId: 'cn-hangzhou-b' }, 'a'],
  ];
  for (const [values, expected] of cases)
    assert.equal(await found(values), expected, JSON.stringify(values));
  const bad = await k.refused('DescribeInstances', { RegionId: REGION, EipAddresses: 'here' });
  assert.equal(bad.code, 'InvalidParameter');
});

test('both styles of paging give every instance once', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const made = (await runInstances(k, { Amount: '5' })).toReversed();
  for (const filter of [{}, { InstanceNetworkType: 'classic' }] as Record<string, string>[]) {
    const query = { RegionId: REGION, ...filter };
    const idsOf = (page: { Instances: { Instance: { InstanceId: string }[] } }) =>
      page.Instances.Instance.map(({ InstanceId }) => InstanceId);
    const second = { ...query, PageSize: '2', PageNumber: '2' };
    const page = await k.call('DescribeInstances', second);
    assert.deepEqual(idsOf(page), made.slice(2, 4));
    assert.equal(page.TotalCount, 5);
    assert.equal(page.NextToken, '');
    const walked: string[] = [];
    let NextToken = '';
    do {
      const next: Record<string, string> = NextToken === '' ? {} : { NextToken };
      const part = await k.call('DescribeInstances', { ...query, MaxResults: '2', ...next });
      assert.equal(part.TotalCount, 5);
      walked.push(...idsOf(part));
      NextToken = part.NextToken;
    } while (NextToken !== '');
    assert.deepEqual(walked, made);
  }
});

test('an instance, field by field, and in XML', async (t) => {
  const k = await kindred(t, { catalogue: SMALL_CATALOGUE });
  const id = await runInstance(k, { InstanceName: 'web', 'Tag.1.Key': 'env', HostName: 'web' });
  const query = { RegionId: REGION, InstanceIds: JSON.stringify([id]) };
  const { Instances } = await k.call('DescribeInstances', query);
  const [instance] = Instances.Instance;
  assert.deepEqual(instance.Tags, { Tag: [{ TagKey: 'env', TagValue: '' }] });
  assert.equal(instance.CreationTime, '2026-11-24T12:00Z');
  assert.equal(instance.OSNameEn, 'Ubuntu  24.04 64 bit');
  assert.equal(instance.InstanceTypeFamily, 'ecs.g7');
  assert.deepEqual([instance.Cpu, instance.Memory], [2, 8192]);
  assert.equal(instance.IoOptimized, true);
  assert.deepEqual(instance.OperationLocks, { LockReason: [] });
  const xml = await k.call('DescribeInstances', query, { format: 'XML' });
  assert.match(xml, /<Instance>.*<InstanceId>i-bp1.*<\/Instance>/s);
});
