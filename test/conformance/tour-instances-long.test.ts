// Through the records of instances and disks with the current Go SDK: an instance of the newest image of
// a family, its disks, and another image in its place.
import assert from 'node:assert/strict';
import type { Answer, Call } from './clients.ts';
import { until } from './story.ts';
import { REGION } from './story-plans.ts';
import { tour, type Tour } from './tour.ts';

const TYPE = 'ecs.g7.large';
const USER_DATA = Buffer.from('#!/bin/sh').toString('base64');

const instanceIs = (call: Call, InstanceId: string, wanted: string): Promise<true> =>
  until(async () => {
    const seen = await call('DescribeInstanceStatus', {
      RegionId: REGION,
      InstanceId: [InstanceId],
    });
    return seen.InstanceStatuses.InstanceStatus[0].Status === wanted || undefined;
  }, InstanceId);

const looks = async ({ call, name, source }: Tour, InstanceId: string): Promise<void> => {
  const renamed = { InstanceId, InstanceName: `${name}-renamed`, Description: '实例' };
  await call('ModifyInstanceAttribute', renamed);
  const seen = await call('DescribeInstanceAttribute', { InstanceId });
  assert.deepEqual([seen.InstanceName, seen.Description], [renamed.InstanceName, '实例']);
  assert.equal(seen.ImageId, source.imageId);
  const where = { RegionId: REGION, InstanceId };
  assert.equal((await call('DescribeUserData', where)).UserData, USER_DATA);
  const InstanceIds = JSON.stringify([InstanceId]);
  const roles = await call('DescribeInstanceRamRole', { RegionId: REGION, InstanceIds });
  assert.equal(roles.InstanceRamRoleSets.InstanceRamRoleSet[0].RamRoleName, '');
  const kept = { RegionId: REGION, InstanceId: [InstanceId] };
  const { MaintenanceAttributes } = await call('DescribeInstanceMaintenanceAttributes', kept);
  assert.equal(MaintenanceAttributes.MaintenanceAttribute[0].InstanceId, InstanceId);
  const pools = await call('DescribeInstanceAttachmentAttributes', {
    RegionId: REGION,
    InstanceIds,
  });
  assert.equal(pools.Instances.Instance[0].PrivatePoolOptionsMatchCriteria, 'None');
};

const disks = async ({ call, name }: Tour, InstanceId: string, ZoneId: string): Promise<void> => {
  const made = { RegionId: REGION, ZoneId, Size: 20, DiskName: name };
  const { DiskId } = await call('CreateDisk', { ...made, DiskCategory: 'cloud_essd' });
  const disk = async (): Promise<Answer> => {
    const DiskIds = JSON.stringify([DiskId]);
    return (await call('DescribeDisks', { RegionId: REGION, DiskIds })).Disks.Disk[0];
  };
  const diskIs = (wanted: string) =>
    until(async () => (await disk()).Status === wanted || undefined, DiskId);
  await call('ModifyDiskAttribute', { DiskId, Description: '磁盘' });
  await call('ResizeDisk', { DiskId, NewSize: 30 });
  await diskIs('Available');
  await call('AttachDisk', { InstanceId, DiskId });
  await diskIs('In_use');
  const { Size, Description, InstanceId: owner } = await disk();
  assert.deepEqual([Size, Description, owner], [30, '磁盘', InstanceId]);
  await call('DetachDisk', { InstanceId, DiskId });
  await diskIs('Available');
  await call('DeleteDisk', { DiskId });
};

const types = async ({ call, source }: Tour, ZoneId: string): Promise<void> => {
  const { InstanceTypes } = await call('DescribeInstanceTypes', { InstanceTypes: [TYPE] });
  assert.deepEqual(
    InstanceTypes.InstanceType.map((type: Answer) => type.InstanceTypeId),
    [TYPE],
  );
  const fitting = await call('DescribeImageSupportInstanceTypes', {
    RegionId: REGION,
    ImageId: source.imageId,
  });
  const names: string[] = fitting.InstanceTypes.InstanceType.map(
    (type: Answer) => type.InstanceTypeId,
  );
  assert.ok(names.includes(TYPE), names.join(' '));
  const asked = { RegionId: REGION, ZoneId, DestinationResource: 'InstanceType' };
  const { AvailableZones } = await call('DescribeAvailableResource', asked);
  assert.equal(AvailableZones.AvailableZone[0].ZoneId, ZoneId);
};

tour('a tour of instances', async (here) => {
  const { call, name, source } = here;
  const { Zones } = await call('DescribeZones', { RegionId: REGION });
  const ZoneId: string = Zones.Zone[0].ZoneId;
  await types(here, ZoneId);
  const group = await call('CreateSecurityGroup', { RegionId: REGION, SecurityGroupName: name });
  const { InstanceIdSets } = await call('RunInstances', {
    RegionId: REGION,
    ZoneId,
    ImageFamily: name,
    InstanceType: TYPE,
    SecurityGroupId: group.SecurityGroupId,
    InstanceName: name,
    UserData: USER_DATA,
    Amount: 1,
  });
  const [InstanceId]: string[] = InstanceIdSets.InstanceIdSet;
  assert.ok(InstanceId !== undefined);
  await instanceIs(call, InstanceId, 'Running');
  await looks(here, InstanceId);
  await disks(here, InstanceId, ZoneId);
  const all = { RegionId: REGION, InstanceId: [InstanceId] };
  await call('StopInstances', { ...all, ForceStop: true });
  await instanceIs(call, InstanceId, 'Stopped');
  await call('StartInstances', all);
  await instanceIs(call, InstanceId, 'Running');
  await call('RebootInstances', all);
  await instanceIs(call, InstanceId, 'Running');
  await call('StopInstance', { InstanceId, ForceStop: true });
  await instanceIs(call, InstanceId, 'Stopped');
  const replaced = await call('ReplaceSystemDisk', { InstanceId, ImageId: source.imageId });
  assert.match(replaced.DiskId, /^d-/);
  await call('DeleteInstances', { ...all, Force: true });
  await call('DeleteSecurityGroup', { RegionId: REGION, SecurityGroupId: group.SecurityGroupId });
  await call('DeleteImage', { RegionId: REGION, ImageId: source.imageId });
});
