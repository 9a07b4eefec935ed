// Once through everything that is served of ECS, as one typed client tells it: each operation with
// success, in the order in which somebody would use it. What the client's model made of an answer is
// compared with the same answer as plain JSON: a value of another type, or in another place, differs.
// What the operations do is not tested here, but beside them.
import assert from 'node:assert/strict';
import type { Call } from './clients.ts';
import type { Input } from '../wire/corpus.ts';
import { available, prepareDisk } from './prepare.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import type { Conformance } from './target.ts';

export interface Teller {
  /** The client under test. */
  call: Call;
  /** The same server without a client: the JSON as it came. */
  raw: Call;
  server: Conformance;
  /** Lower-case letters, digits and hyphens; not used before on this server. */
  run: string;
  accountId: string;
  resourceGroupId: string;
}

const AWAY = 'cn-beijing';
export const ZONE = `${REGION}-a`;
export const HERE = { RegionId: REGION };
const TAG = [{ Key: 'env', Value: 'prod' }];
const RULE = { IpProtocol: 'tcp', PortRange: '22/22', NicType: 'intranet' };

/** Asks both ways. The model of an older SDK may lack a field, and has no other one. */
export const look = async ({ call, raw }: Teller, action: string, input: Input): Promise<void> => {
  const { RequestId, ...typed } = await call(action, input);
  assert.match(RequestId, /^[0-9A-F-]{36}$/);
  const plain = await raw(action, input);
  assert.deepEqual(typed, asModelled(plain, typed), action);
};

/** Of the plain answer the members that the typed one has. */
const asModelled = (plain: unknown, typed: unknown): unknown => {
  if (Array.isArray(plain) && Array.isArray(typed))
    return plain.map((item, i) => asModelled(item, typed[i]));
  if (!isObject(plain) || !isObject(typed)) return plain;
  const members = Object.entries(plain).filter(([name]) => Object.hasOwn(typed, name));
  return Object.fromEntries(members.map(([name, value]) => [name, asModelled(value, typed[name])]));
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const json = (...ids: string[]): string => JSON.stringify(ids);

export const tellImages = async (teller: Teller) => {
  const { call, raw, server, run, accountId, resourceGroupId } = teller;
  // Its endpoints are the address that the client called, which is not that of the other.
  await call('DescribeRegions', {});
  await look(teller, 'DescribeZones', HERE);
  const imported = await call('ImportImage', {
    ...HERE,
    ImageName: `surface-${run}`,
    DiskDeviceMapping: [prepareDisk(server, `surface-${run}`)],
  });
  const imageId: string = imported.ImageId;
  const image = await available(raw, imageId);
  const snapshotId: string = image.DiskDeviceMappings.DiskDeviceMapping[0].SnapshotId;
  const finished = (taskId: string) =>
    until(async () => {
      const { TaskSet } = await raw('DescribeTasks', { ...HERE, TaskIds: taskId });
      return TaskSet.Task[0].TaskStatus === 'Finished' || undefined;
    }, taskId);
  await finished(imported.TaskId);
  await look(teller, 'DescribeTasks', { ...HERE, TaskIds: imported.TaskId });
  await look(teller, 'DescribeTaskAttribute', { ...HERE, TaskId: imported.TaskId });
  const family = { ...HERE, ImageFamily: `surface:${run}` };
  await call('ModifyImageAttribute', { ...family, ImageId: imageId });
  await call('ModifySnapshotAttribute', { SnapshotId: snapshotId, SnapshotName: 'surface' });
  await look(teller, 'DescribeSnapshots', { ...HERE, SnapshotIds: json(snapshotId) });
  const share = { ...HERE, ImageId: imageId };
  await call('ModifyImageSharePermission', { ...share, AddAccount: [accountId] });
  await look(teller, 'DescribeImageSharePermission', share);
  await call('JoinResourceGroup', {
    ...HERE,
    ResourceType: 'image',
    ResourceId: imageId,
    ResourceGroupId: resourceGroupId,
  });
  await look(teller, 'DescribeImageFromFamily', family);
  await look(teller, 'DescribeImages', share);
  await call('ModifyImageSharePermission', { ...share, RemoveAccount: [accountId] });
  const away = { RegionId: AWAY };
  const copy = await call('CopyImage', { ...share, DestinationRegionId: AWAY });
  await available(raw, copy.ImageId, AWAY);
  await raw('DeleteImage', { ...away, ImageId: copy.ImageId });
  server.putObject(`surface-${run}`, 'exports/.keep', new Uint8Array());
  const exported = await call('ExportImage', { ...share, OSSBucket: `surface-${run}` });
  await finished(exported.TaskId);
  return { imageId, snapshotId };
};

export const tellTags = async (teller: Teller, imageId: string): Promise<void> => {
  const { call } = teller;
  const one = { ...HERE, ResourceType: 'image', ResourceId: imageId };
  const many = { ...one, ResourceId: [imageId] };
  await call('TagResources', { ...many, Tag: TAG });
  await look(teller, 'ListTagResources', many);
  await call('UntagResources', { ...many, TagKey: ['env'] });
  await call('AddTags', { ...one, Tag: TAG });
  await look(teller, 'DescribeTags', one);
  await call('RemoveTags', { ...one, Tag: TAG });
};

export const tellNetwork = async (teller: Teller) => {
  const { call } = teller;
  const { VpcId } = await call('CreateVpc', { ...HERE, CidrBlock: '172.16.0.0/12' });
  const vpc = { ...HERE, VpcId };
  await until(async () => {
    const { Vpcs } = await teller.raw('DescribeVpcs', vpc);
    return Vpcs.Vpc[0]?.Status === 'Available' || undefined;
  }, VpcId);
  await call('ModifyVpcAttribute', { VpcId, VpcName: 'surface' });
  const { VSwitchId } = await call('CreateVSwitch', {
    VpcId,
    ZoneId: ZONE,
    CidrBlock: '172.16.0.0/24',
  });
  await until(async () => {
    const { VSwitches } = await teller.raw('DescribeVSwitches', { ...vpc, VSwitchId });
    return VSwitches.VSwitch[0]?.Status === 'Available' || undefined;
  }, VSwitchId);
  await call('ModifyVSwitchAttribute', { VSwitchId, VSwitchName: 'surface' });
  await look(teller, 'DescribeVpcs', vpc);
  await look(teller, 'DescribeVSwitches', vpc);
  const { SecurityGroupId } = await call('CreateSecurityGroup', vpc);
  const group = { ...HERE, SecurityGroupId };
  await call('ModifySecurityGroupAttribute', { ...group, SecurityGroupName: 'surface' });
  await call('ModifySecurityGroupPolicy', { ...group, InnerAccessPolicy: 'Drop' });
  const inward = { ...group, ...RULE, SourceCidrIp: '10.0.0.0/8' };
  const outward = { ...group, ...RULE, DestCidrIp: '10.0.0.0/8' };
  await call('AuthorizeSecurityGroup', inward);
  await call('AuthorizeSecurityGroupEgress', outward);
  await call('ModifySecurityGroupRule', { ...inward, Description: 'shell' });
  await look(teller, 'DescribeSecurityGroupAttribute', group);
  await look(teller, 'DescribeSecurityGroups', group);
  await call('RevokeSecurityGroup', inward);
  await call('RevokeSecurityGroupEgress', outward);
  return { VpcId, VSwitchId, SecurityGroupId };
};
