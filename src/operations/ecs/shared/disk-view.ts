// How a disk looks on the wire. What only real storage could tell (throughput, serial number) is 0 or
// empty, with the vendor's types.
import type { Disk } from '../../../domain/disk.ts';
import { formatMinutes, formatSeconds } from '../../../lib/clock.ts';
import { boolean, integer, list, object, string, type Static } from '../../../lib/schema.ts';
import { NEVER_EXPIRES } from './instance-view.ts';
import { partial } from './partial.ts';

const attachment = () =>
  list(object({ AttachedTime: string(), Device: string(), InstanceId: string() }));

export const diskSchema = object({
  AttachedTime: string({ description: 'UTC, whole minutes; empty while it never was.' }),
  Attachments: object({ Attachment: attachment() }),
  AutoSnapshotPolicyId: string(),
  BdfId: string(),
  BurstingEnabled: boolean(),
  Category: string(),
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  DataSource: partial({ Id: string(), Type: string() }),
  DeleteAutoSnapshot: boolean(),
  DeleteWithInstance: boolean(),
  Description: string(),
  DetachedTime: string({ description: 'UTC, whole minutes; empty while it never was.' }),
  Device: string({ description: 'Empty while it is attached to nothing.' }),
  DiskChargeType: string(),
  DiskId: string(),
  DiskName: string(),
  EnableAutoSnapshot: boolean(),
  EnableAutomatedSnapshotPolicy: boolean(),
  Encrypted: boolean(),
  ExpiredTime: string(),
  IOPS: integer(),
  IOPSRead: integer(),
  IOPSWrite: integer(),
  ImageId: string({ description: 'The image that it was made from.' }),
  InstanceId: string({ description: 'Empty while it is attached to nothing.' }),
  KMSKeyId: string(),
  MountInstanceNum: integer(),
  MountInstances: object({ MountInstance: attachment() }),
  MultiAttach: string(),
  OperationLocks: object({ OperationLock: list(object({ LockReason: string() })) }),
  PerformanceLevel: string(),
  Placement: partial({ ZoneIds: string() }),
  Portable: boolean({ description: 'Whether it can be detached: data disks can.' }),
  ProductCode: string(),
  ProvisionedIops: integer(),
  RegionId: string(),
  ResourceGroupId: string(),
  SerialNumber: string(),
  Size: integer({ description: 'GiB.' }),
  SourceDiskId: string(),
  SourceSnapshotId: string({ description: 'The snapshot that it was made from.' }),
  Status: string({ description: 'In_use or Available.' }),
  StorageClusterId: string(),
  StorageSetId: string(),
  StorageSetPartitionNumber: integer(),
  Tags: object({ Tag: list(object({ TagKey: string(), TagValue: string() })) }),
  Throughput: integer(),
  ThroughputRead: integer(),
  ThroughputWrite: integer(),
  Type: string({ description: 'system or data.' }),
  ZoneId: string(),
});

/** Of everything that no disk here has. */
const nothing = () => ({
  AutoSnapshotPolicyId: '',
  BdfId: '',
  BurstingEnabled: false,
  DataSource: {},
  DiskChargeType: 'PostPaid',
  EnableAutoSnapshot: false,
  EnableAutomatedSnapshotPolicy: false,
  Encrypted: false,
  ExpiredTime: NEVER_EXPIRES,
  IOPS: 0,
  IOPSRead: 0,
  IOPSWrite: 0,
  KMSKeyId: '',
  MountInstances: { MountInstance: [] },
  MultiAttach: 'Disabled',
  OperationLocks: { OperationLock: [] },
  Placement: {},
  ProductCode: '',
  ProvisionedIops: 0,
  SerialNumber: '',
  SourceDiskId: '',
  StorageClusterId: '',
  StorageSetId: '',
  StorageSetPartitionNumber: 0,
  Throughput: 0,
  ThroughputRead: 0,
  ThroughputWrite: 0,
});

const minutes = (ms: number): string => (ms === 0 ? '' : formatMinutes(ms));

export const viewDisk = (disk: Disk): Static<typeof diskSchema> => {
  const { detail, parentId } = disk;
  const AttachedTime = minutes(detail.attachedMs);
  const attached =
    parentId === '' ? [] : [{ AttachedTime, Device: detail.device, InstanceId: parentId }];
  return {
    ...nothing(),
    AttachedTime,
    Attachments: { Attachment: attached },
    Category: detail.category,
    CreationTime: formatSeconds(disk.creationMs),
    DeleteAutoSnapshot: detail.deleteAutoSnapshot,
    DeleteWithInstance: detail.deleteWithInstance,
    Description: detail.description,
    DetachedTime: minutes(detail.detachedMs),
    Device: detail.device,
    DiskId: disk.resourceId,
    DiskName: disk.resourceName,
    ImageId: detail.sourceImageId,
    InstanceId: parentId,
    MountInstanceNum: attached.length,
    PerformanceLevel: detail.performanceLevel,
    Portable: detail.diskType === 'data',
    RegionId: disk.regionId,
    ResourceGroupId: disk.resourceGroupId,
    Size: detail.sizeGib,
    SourceSnapshotId: detail.sourceSnapshotId,
    Status: disk.status,
    Tags: { Tag: disk.tags.map((tag) => ({ TagKey: tag.tagKey, TagValue: tag.tagValue })) },
    Type: detail.diskType,
    ZoneId: detail.zoneId,
  };
};
