// The filters of DescribeDisks, from the words of the wire to those of the store, and a predicate for what
// lies in the disk's own part. A filter by something that no disk here has matches nothing.
import { toDisk, type Disk } from '../../../domain/disk.ts';
import type { Resource } from '../../../domain/resource.ts';
import type { RequestTag } from './creation-tags.ts';
import { given } from './given.ts';
import type { ResourceQuery } from './resource-page.ts';
import { tagFilters } from './tag-filters.ts';
import { parseIds } from './ids-of-text.ts';

/** Entries of a list that is a JSON text. */
const MAX_IDS = 100;

export interface DiskQuery {
  DiskIds?: string;
  DiskName?: string;
  DiskType?: string;
  Category?: string;
  Status?: string;
  InstanceId?: string;
  SnapshotId?: string;
  ZoneId?: string;
  ResourceGroupId?: string;
  Portable?: boolean;
  DeleteWithInstance?: boolean;
  DeleteAutoSnapshot?: boolean;
  EnableAutoSnapshot?: boolean;
  EnableAutomatedSnapshotPolicy?: boolean;
  Encrypted?: boolean;
  EnableShared?: boolean;
  DiskChargeType?: string;
  MultiAttach?: string;
  AutoSnapshotPolicyId?: string;
  KMSKeyId?: string;
  LockReason?: string;
  Tag?: RequestTag[];
}

export interface DiskFilterFault {
  fault: 'InvalidDiskIds.Malformed' | 'InvalidTag.Mismatch';
  parameter: string;
}

type Fits = (disk: Disk) => boolean;

export const diskFilter = (query: DiskQuery): DiskFilterFault | ResourceQuery => {
  const ids = query.DiskIds === undefined ? undefined : parseIds(query.DiskIds, MAX_IDS);
  if (ids === null) return { fault: 'InvalidDiskIds.Malformed', parameter: 'DiskIds' };
  const tags = tagFilters(query.Tag ?? []);
  if ('fault' in tags) return tags;
  const fits = [...detailFilter(query), ...neverFits(query)];
  if (ids?.length === 0) fits.push(() => false);
  const { DiskName, Status = 'All' } = query;
  const isPattern = DiskName?.includes('*') === true;
  return {
    filter: {
      resourceType: 'disk',
      tags: tags.tags,
      ...given({
        // An empty list fits nothing, see above; the store is not asked for it.
        resourceIds: ids?.length === 0 ? undefined : ids,
        resourceName: isPattern ? undefined : DiskName,
        resourceNamePattern: isPattern ? DiskName : undefined,
        statuses: Status === 'All' ? undefined : [Status],
        parentId: query.InstanceId,
        resourceGroupId: query.ResourceGroupId,
      }),
    },
    ...(fits.length === 0
      ? {}
      : {
          fits: (resource: Resource) => {
            const disk = toDisk(resource);
            return fits.every((fit) => fit(disk));
          },
        }),
  };
};

const detailFilter = (query: DiskQuery): Fits[] => {
  const { DiskType = 'all', Category = 'all', SnapshotId, ZoneId } = query;
  const { Portable, DeleteWithInstance, DeleteAutoSnapshot } = query;
  const fits: Fits[] = [];
  if (DiskType !== 'all') fits.push(({ detail }) => detail.diskType === DiskType);
  if (Category !== 'all') fits.push(({ detail }) => detail.category === Category);
  if (SnapshotId !== undefined) fits.push(({ detail }) => detail.sourceSnapshotId === SnapshotId);
  if (ZoneId !== undefined) fits.push(({ detail }) => detail.zoneId === ZoneId);
  if (Portable !== undefined) fits.push(({ detail }) => (detail.diskType === 'data') === Portable);
  if (DeleteWithInstance !== undefined)
    fits.push(({ detail }) => detail.deleteWithInstance === DeleteWithInstance);
  if (DeleteAutoSnapshot !== undefined)
    fits.push(({ detail }) => detail.deleteAutoSnapshot === DeleteAutoSnapshot);
  return fits;
};

/** What is asked for and no disk here is or has. */
const neverFits = (query: DiskQuery): Fits[] => {
  const asked = [
    query.EnableAutoSnapshot === true,
    query.EnableAutomatedSnapshotPolicy === true,
    query.Encrypted === true,
    query.EnableShared === true,
    query.DiskChargeType === 'PrePaid',
    query.MultiAttach !== undefined && query.MultiAttach !== 'Disabled',
    query.AutoSnapshotPolicyId !== undefined,
    query.KMSKeyId !== undefined,
    query.LockReason !== undefined,
  ];
  return asked.includes(true) ? [() => false] : [];
};
