// Through the products beside ECS with pop-core, which knows no product and is told a version: who one
// is, where the endpoints are, resource groups, and networks under the VPC product's own version.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { POP_CORE_GET, POP_CORE_ID, popCoreOf, type Answer, type Target } from './clients.ts';
import { prepareImage, type Prepared } from './prepare.ts';
import { recorded } from './record.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { conformance } from './target.ts';

const whoAndWhere = async (seen: Target): Promise<void> => {
  const sts = popCoreOf('2015-04-01')(seen);
  const { IdentityType, AccountId, Arn } = await sts('GetCallerIdentity', {});
  assert.deepEqual([IdentityType, Arn], ['Account', `acs:ram::${AccountId}:root`]);
  const location = popCoreOf('2015-06-12')(seen);
  const { Endpoints } = await location('DescribeEndpoints', {
    Id: REGION,
    ServiceCode: 'ecs',
    Type: 'openAPI',
  });
  assert.deepEqual(
    Endpoints.Endpoint.map((found: Answer) => found.Endpoint),
    [`${seen.host}:${seen.port}`],
  );
};

const groups = async (seen: Target, name: string, image: Prepared): Promise<void> => {
  const manager = popCoreOf('2020-03-31')(seen);
  const made = await manager('CreateResourceGroup', { Name: name, DisplayName: '资源组' });
  const ResourceGroupId: string = made.ResourceGroup.Id;
  const { ResourceGroup } = await manager('GetResourceGroup', { ResourceGroupId });
  assert.deepEqual([ResourceGroup.Name, ResourceGroup.DisplayName], [name, '资源组']);
  const { ResourceGroups } = await manager('ListResourceGroups', { PageSize: 100 });
  const ids: string[] = ResourceGroups.ResourceGroup.map((group: Answer) => group.Id);
  assert.ok(ids.includes(ResourceGroupId), ids.join(' '));
  const ecs = POP_CORE_GET.connect(seen);
  const joined = { RegionId: REGION, ResourceType: 'image', ResourceId: image.imageId };
  await ecs('JoinResourceGroup', { ...joined, ResourceGroupId });
  const found = { RegionId: REGION, ImageId: image.imageId, ResourceGroupId };
  assert.equal((await ecs('DescribeImages', found)).TotalCount, 1);
  await ecs('DeleteImage', { RegionId: REGION, ImageId: image.imageId });
  await ecs('DeleteSnapshot', { SnapshotId: image.snapshotId });
  await manager('DeleteResourceGroup', { ResourceGroupId });
};

/** An instance of ECS in the vSwitch, with an elastic address for a while. */
const associate = async (seen: Target, image: Prepared, VSwitchId: string): Promise<void> => {
  const vpc = popCoreOf('2016-04-28')(seen);
  const ecs = POP_CORE_GET.connect(seen);
  const { InstanceIdSets } = await ecs('RunInstances', {
    RegionId: REGION,
    ImageId: image.imageId,
    InstanceType: 'ecs.g7.large',
    VSwitchId,
  });
  const [InstanceId]: string[] = InstanceIdSets.InstanceIdSet;
  const instances = { RegionId: REGION, InstanceIds: JSON.stringify([InstanceId]) };
  await until(async () => {
    const { Instances } = await ecs('DescribeInstances', instances);
    return Instances.Instance[0].Status === 'Running' || undefined;
  }, 'an instance');
  const { AllocationId } = await vpc('AllocateEipAddress', { RegionId: REGION, Bandwidth: '5' });
  const address = { RegionId: REGION, AllocationId };
  const addressIs = (wanted: string) =>
    until(async () => {
      const { EipAddresses } = await vpc('DescribeEipAddresses', address);
      return EipAddresses.EipAddress[0].Status === wanted || undefined;
    }, AllocationId);
  await vpc('ModifyEipAddressAttribute', { ...address, Bandwidth: '10' });
  await vpc('AssociateEipAddress', { ...address, InstanceId: InstanceId ?? '' });
  await addressIs('InUse');
  await vpc('UnassociateEipAddress', { ...address, InstanceId: InstanceId ?? '' });
  await addressIs('Available');
  await vpc('ReleaseEipAddress', address);
  await ecs('DeleteInstance', { InstanceId: InstanceId ?? '', Force: true });
};

const networks = async (seen: Target, name: string, image: Prepared): Promise<void> => {
  const vpc = popCoreOf('2016-04-28')(seen);
  const CidrBlock = '192.168.0.0/16';
  const { VpcId } = await vpc('CreateVpc', { RegionId: REGION, CidrBlock });
  const found = (): Promise<Answer> => vpc('DescribeVpcAttribute', { RegionId: REGION, VpcId });
  await until(async () => (await found()).Status === 'Available' || undefined, VpcId);
  await vpc('ModifyVpcAttribute', { RegionId: REGION, VpcId, VpcName: name });
  assert.equal((await found()).VpcName, name);
  const { Zones } = await POP_CORE_GET.connect(seen)('DescribeZones', { RegionId: REGION });
  const { VSwitchId } = await vpc('CreateVSwitch', {
    RegionId: REGION,
    VpcId,
    ZoneId: Zones.Zone[0].ZoneId,
    CidrBlock: '192.168.1.0/24',
  });
  const part = { RegionId: REGION, VSwitchId };
  const vSwitch = (): Promise<Answer> => vpc('DescribeVSwitchAttributes', part);
  await until(async () => (await vSwitch()).Status === 'Available' || undefined, VSwitchId);
  await vpc('ModifyVSwitchAttribute', { ...part, VSwitchName: name });
  assert.equal((await vSwitch()).VSwitchName, name);
  const { Vpcs } = await vpc('DescribeVpcs', { RegionId: REGION, VpcId });
  assert.deepEqual(Vpcs.Vpc[0].VSwitchIds.VSwitchId, [VSwitchId]);
  const { VSwitches } = await vpc('DescribeVSwitches', { RegionId: REGION, VpcId });
  assert.equal(VSwitches.VSwitch[0].VSwitchId, VSwitchId);
  const tables = await vpc('DescribeRouteTableList', { RegionId: REGION, VpcId });
  assert.equal(tables.RouterTableList.RouterTableListType[0].VpcId, VpcId);
  await associate(seen, image, VSwitchId);
  const tagged = { RegionId: REGION, ResourceType: 'VPC', ResourceId: [VpcId] };
  await vpc('TagResources', { ...tagged, Tag: [{ Key: 'env', Value: '生产' }] });
  const { TagResources } = await vpc('ListTagResources', tagged);
  assert.equal(TagResources.TagResource[0].TagValue, '生产');
  await vpc('UnTagResources', { ...tagged, TagKey: ['env'] });
  await vpc('DeleteVSwitch', part);
  await vpc('DeleteVpc', { RegionId: REGION, VpcId });
};

test('a tour of the products beside ECS', { timeout: 110_000 }, async (t) => {
  const server = await conformance(t);
  const name = `tour-${randomBytes(3).toString('hex')}`;
  const image = await prepareImage(server, name);
  const seen = await recorded(t, server.target, POP_CORE_ID);
  await whoAndWhere(seen);
  await networks(seen, name, image);
  await groups(seen, name, image);
});
