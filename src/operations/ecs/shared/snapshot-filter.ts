// The filters of DescribeSnapshots, from the words of the wire to those of the store. A filter by
// something that no snapshot here has (a key, a policy) is honoured: nothing matches it.
import type { SnapshotFilter } from '../../../domain/tx.ts';
import type { RequestTag } from './creation-tags.ts';
import { given } from './given.ts';
import { parseInstant } from './parse-instant.ts';
import { tagFilters } from './tag-filters.ts';
import { parseIds } from './ids-of-text.ts';

export interface SnapshotQuery {
  SnapshotIds?: string;
  SnapshotName?: string;
  SnapshotLinkId?: string;
  SnapshotType?: 'auto' | 'user' | 'all';
  Status?: 'progressing' | 'accomplished' | 'failed' | 'all';
  SourceDiskType?: string;
  Usage?: 'image' | 'disk' | 'image_disk' | 'none';
  Category?: string;
  Encrypted?: boolean;
  InstanceId?: string;
  DiskId?: string;
  KMSKeyId?: string;
  ResourceGroupId?: string;
  Filter?: { Key?: string; Value?: string }[];
  Tag?: RequestTag[];
}

export type FilterFault = {
  fault:
    | 'InvalidSnapshotIds.Malformed'
    | 'InvalidSnapshotCategory.Malformed'
    | 'InvalidSourceDiskType'
    | 'InvalidSnapshotLinkId.NotFound'
    | 'InvalidFilterKey.NotFound'
    | 'InvalidFilterValue'
    | 'InvalidTag.Mismatch';
  parameter: string;
};

/** What the store must be asked before: which snapshots disks were made from, and the instance's disks. */
export interface DiskFacts {
  usedByDisks: ReadonlySet<string>;
  /** Set with `InstanceId`. */
  disksOfInstance?: readonly string[];
}

const MAX_IDS = 100;

/** The filter, or `matches: 'nothing'`, or the fault of the first value that cannot be honoured. */
export const snapshotFilter = (
  query: SnapshotQuery,
  { usedByDisks, disksOfInstance }: DiskFacts,
): FilterFault | { matches: SnapshotFilter | 'nothing' } => {
  const sourceDiskType = query.SourceDiskType?.toLowerCase();
  if (sourceDiskType !== undefined && !/^(system|data)$/.test(sourceDiskType))
    return { fault: 'InvalidSourceDiskType', parameter: 'SourceDiskType' };
  const category = query.Category?.toLowerCase();
  if (category !== undefined && !/^(standard|flash|archive)$/.test(category))
    return { fault: 'InvalidSnapshotCategory.Malformed', parameter: 'Category' };
  if (query.SnapshotLinkId !== undefined)
    return { fault: 'InvalidSnapshotLinkId.NotFound', parameter: 'SnapshotLinkId' };
  const snapshotIds =
    query.SnapshotIds === undefined ? undefined : parseIds(query.SnapshotIds, MAX_IDS);
  if (snapshotIds === null || snapshotIds?.length === 0)
    return { fault: 'InvalidSnapshotIds.Malformed', parameter: 'SnapshotIds' };
  const creationFromMs = creationStart(query.Filter ?? []);
  if (typeof creationFromMs === 'object') return creationFromMs;
  const tags = tagFilters(query.Tag ?? []);
  if ('fault' in tags) return tags;

  const status = query.Status === 'all' ? undefined : query.Status;
  const usage = usageFilter(query.Usage, snapshotIds, usedByDisks);
  const sourceDiskIds = disksOf(query.DiskId, disksOfInstance);
  const matchesNothing =
    query.SnapshotType === 'auto' ||
    query.Encrypted === true ||
    usage.snapshotIds?.length === 0 ||
    sourceDiskIds?.length === 0 ||
    query.KMSKeyId !== undefined;
  if (matchesNothing) return { matches: 'nothing' };
  const { SnapshotName: snapshotName, ResourceGroupId: group } = query;
  return {
    matches: {
      tags: tags.tags,
      ...given({
        ...usage,
        snapshotName,
        status,
        sourceDiskType,
        sourceDiskIds,
        category,
        resourceGroupId: group,
        creationFromMs,
      }),
    },
  };
};

/** Both together name a disk of the instance, or nothing. */
const disksOf = (
  diskId: string | undefined,
  ofInstance: readonly string[] | undefined,
): readonly string[] | undefined => {
  if (diskId === undefined) return ofInstance;
  return ofInstance === undefined || ofInstance.includes(diskId) ? [diskId] : [];
};

const usageFilter = (
  usage: SnapshotQuery['Usage'],
  snapshotIds: readonly string[] | undefined,
  usedByDisks: ReadonlySet<string>,
): Pick<SnapshotFilter, 'usedByImage' | 'exceptSnapshotIds' | 'snapshotIds'> => {
  if (usage === undefined) return given({ snapshotIds });
  const usedByImage = usage === 'image' || usage === 'image_disk';
  const used = [...usedByDisks];
  if (usage === 'image' || usage === 'none')
    return { usedByImage, exceptSnapshotIds: used, ...given({ snapshotIds }) };
  return { usedByImage, snapshotIds: snapshotIds?.filter((id) => usedByDisks.has(id)) ?? used };
};

const creationStart = (
  filters: readonly { Key?: string; Value?: string }[],
): number | undefined | FilterFault => {
  const [filter] = filters;
  if (filter === undefined) return undefined;
  if (filter.Key !== 'CreationStartTime')
    return { fault: 'InvalidFilterKey.NotFound', parameter: 'Filter.1.Key' };
  const ms = parseInstant(filter.Value ?? '');
  return ms ?? { fault: 'InvalidFilterValue', parameter: 'Filter.1.Value' };
};
