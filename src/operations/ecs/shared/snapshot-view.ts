// How a snapshot looks on the wire. Fields of things that do not exist here (encryption, instant
// access, chains) are empty or zero, with the vendor's types.
import type { Snapshot } from '../../../domain/snapshot.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { boolean, integer, list, object, string, type Static } from '../../../lib/schema.ts';

export const snapshotSchema = object({
  Available: boolean({ description: 'Whether an image can be made from the snapshot.' }),
  Category: string({ description: 'standard or flash.' }),
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  Description: string(),
  Encrypted: boolean({ description: 'Always false: bytes are stored as they came.' }),
  FullSnapshotSizeInBytes: integer({
    description: 'Bytes stored; 0 until they are, and of a disk that has none here.',
  }),
  InstantAccess: boolean(),
  InstantAccessRetentionDays: integer(),
  KMSKeyId: string(),
  LastModifiedTime: string({ description: 'UTC, whole seconds.' }),
  ProductCode: string(),
  Progress: string({ description: 'Percent, as text: 100%.' }),
  RegionId: string(),
  RemainTime: integer({ description: 'Seconds; always 0, no forecast is made.' }),
  ResourceGroupId: string(),
  RetentionDays: integer({ description: '0: kept until deleted.' }),
  SnapshotId: string(),
  SnapshotLinkId: string(),
  SnapshotName: string(),
  SnapshotSN: string(),
  SnapshotType: string({ description: 'Always user: made by a call, not by a policy.' }),
  SourceDiskId: string({ description: 'The disk that it was taken of; empty after an import.' }),
  SourceDiskSize: string({ description: 'GiB, as text.' }),
  SourceDiskType: string({ description: 'system or data.' }),
  SourceRegionId: string(),
  SourceSnapshotId: string(),
  SourceStorageType: string(),
  Status: string({ description: 'progressing, accomplished or failed.' }),
  Tags: object({ Tag: list(object({ TagKey: string(), TagValue: string() })) }),
  Usage: string({
    description:
      'image while an image refers to it, disk while a disk made from it is there, image_disk, none.',
  }),
});

const usageOf = (isUsedByImage: boolean, isUsedByDisk: boolean): string => {
  if (isUsedByImage) return isUsedByDisk ? 'image_disk' : 'image';
  return isUsedByDisk ? 'disk' : 'none';
};

export const viewSnapshot = (
  snapshot: Snapshot,
  usedByDisks: ReadonlySet<string>,
): Static<typeof snapshotSchema> => ({
  SnapshotId: snapshot.snapshotId,
  SnapshotName: snapshot.snapshotName,
  Description: snapshot.description,
  Status: snapshot.status,
  Progress: `${snapshot.progress}%`,
  Available: snapshot.status === 'accomplished',
  Usage: usageOf(snapshot.imageCount > 0, usedByDisks.has(snapshot.snapshotId)),
  CreationTime: formatSeconds(snapshot.creationMs),
  LastModifiedTime: formatSeconds(snapshot.lastModifiedMs),
  RegionId: snapshot.regionId,
  SourceDiskSize: String(snapshot.sizeGib),
  SourceDiskType: snapshot.sourceDiskType,
  FullSnapshotSizeInBytes: snapshot.sizeBytes,
  SnapshotType: 'user',
  Category: snapshot.category,
  Encrypted: false,
  InstantAccess: false,
  InstantAccessRetentionDays: 0,
  KMSKeyId: '',
  ProductCode: '',
  RemainTime: 0,
  ResourceGroupId: snapshot.resourceGroupId,
  RetentionDays: snapshot.retentionDays,
  SnapshotLinkId: '',
  SnapshotSN: '',
  SourceDiskId: snapshot.sourceDiskId,
  SourceRegionId: snapshot.sourceRegionId,
  SourceSnapshotId: snapshot.sourceSnapshotId,
  SourceStorageType: '',
  Tags: { Tag: snapshot.tags.map((tag) => ({ TagKey: tag.tagKey, TagValue: tag.tagValue })) },
});
