// The part of the surface that is kept as records: instances and their disks, from the image to the end.
import type { Answer } from './clients.ts';
import { available } from './prepare.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { HERE, json, look, ZONE, type Teller } from './surface-story.ts';

const instanceIs = ({ raw }: Teller, id: string, status: string): Promise<true> =>
  until(async () => {
    const { Instances } = await raw('DescribeInstances', { ...HERE, InstanceIds: json(id) });
    return Instances.Instance[0]?.Status === status || undefined;
  }, `${id} to be ${status}`);

const diskIs = ({ raw }: Teller, id: string, status: string): Promise<Answer> =>
  until(async () => {
    const { Disks } = await raw('DescribeDisks', { ...HERE, DiskIds: json(id) });
    const disk = Disks.Disk[0];
    return disk?.Status === status ? disk : undefined;
  }, `${id} to be ${status}`);

export interface Place {
  VSwitchId: string;
  SecurityGroupId: string;
}

export const tellInstances = async (teller: Teller, ImageId: string, place: Place) => {
  const { call } = teller;
  const wanted = { ...HERE, ImageId, InstanceType: 'ecs.g7.large', ...place };
  const made = await call('RunInstances', { ...wanted, SystemDisk: { Size: '40' } });
  const InstanceId: string = made.InstanceIdSets.InstanceIdSet[0];
  const one = { ...HERE, InstanceId };
  const byIds = { ...HERE, InstanceIds: json(InstanceId) };
  await instanceIs(teller, InstanceId, 'Running');
  await call('ModifyInstanceAttribute', { InstanceId, InstanceName: 'surface' });
  await call('AllocatePublicIpAddress', { InstanceId });
  await look(teller, 'DescribeInstances', byIds);
  await look(teller, 'DescribeInstanceStatus', { ...HERE, InstanceId: [InstanceId] });
  await look(teller, 'DescribeInstanceAttribute', { InstanceId });
  await look(teller, 'DescribeUserData', one);
  await look(teller, 'DescribeInstanceRamRole', byIds);
  await look(teller, 'DescribeInstanceMaintenanceAttributes', {
    ...HERE,
    InstanceId: [InstanceId],
  });
  await look(teller, 'DescribeInstanceAttachmentAttributes', byIds);
  await call('RebootInstance', { InstanceId });
  await instanceIs(teller, InstanceId, 'Running');
  const image = await call('CreateImage', one);
  await available(teller.raw, image.ImageId);
  await call('StopInstance', { InstanceId, ForceStop: true });
  await instanceIs(teller, InstanceId, 'Stopped');
  await call('ReplaceSystemDisk', { InstanceId, ImageId: image.ImageId });
  await call('StartInstance', { InstanceId });
  await instanceIs(teller, InstanceId, 'Running');
  const several = { ...HERE, InstanceId: [InstanceId] };
  await call('RebootInstances', several);
  await instanceIs(teller, InstanceId, 'Running');
  await call('StopInstances', several);
  await instanceIs(teller, InstanceId, 'Stopped');
  await call('StartInstances', several);
  await instanceIs(teller, InstanceId, 'Running');
  const other = await call('CreateInstance', wanted);
  await instanceIs(teller, other.InstanceId, 'Stopped');
  await call('DeleteInstances', { ...HERE, InstanceId: [other.InstanceId] });
  return { instanceId: InstanceId, madeImageId: image.ImageId as string };
};

export const tellDisks = async (teller: Teller, InstanceId: string): Promise<void> => {
  const { call } = teller;
  const { DiskId } = await call('CreateDisk', { ...HERE, ZoneId: ZONE, Size: 20 });
  await diskIs(teller, DiskId, 'Available');
  await call('AttachDisk', { InstanceId, DiskId });
  await diskIs(teller, DiskId, 'In_use');
  await call('ModifyDiskAttribute', { DiskId, DiskName: 'surface' });
  await call('ResizeDisk', { DiskId, NewSize: 30 });
  await look(teller, 'DescribeDisks', { ...HERE, InstanceId });
  const { SnapshotId } = await call('CreateSnapshot', { DiskId });
  await until(async () => {
    const found = await teller.raw('DescribeSnapshots', { ...HERE, SnapshotIds: json(SnapshotId) });
    return found.Snapshots.Snapshot[0]?.Status === 'accomplished' || undefined;
  }, SnapshotId);
  await call('DetachDisk', { InstanceId, DiskId });
  await diskIs(teller, DiskId, 'Available');
  await call('DeleteDisk', { DiskId });
  await call('DeleteSnapshot', { SnapshotId });
};

/** Takes away what the others made, in the order in which it lets go. */
export const tellTheEnd = async (
  { call, raw }: Teller,
  left: { instanceId: string; imageIds: readonly string[]; SecurityGroupId: string } & Record<
    'VpcId' | 'VSwitchId',
    string
  >,
): Promise<void> => {
  await call('DeleteInstance', { InstanceId: left.instanceId, Force: true });
  await until(async () => {
    const InstanceIds = json(left.instanceId);
    const { TotalCount } = await raw('DescribeInstances', { ...HERE, InstanceIds });
    return TotalCount === 0 || undefined;
  }, left.instanceId);
  for (const ImageId of left.imageIds) await call('DeleteImage', { RegionId: REGION, ImageId });
  await call('DeleteSecurityGroup', { ...HERE, SecurityGroupId: left.SecurityGroupId });
  await call('DeleteVSwitch', { VSwitchId: left.VSwitchId });
  await call('DeleteVpc', { VpcId: left.VpcId });
};
