// The filters of DescribeSecurityGroups. The store narrows by what has a column; kind of network and of
// group are looked at row by row, for which the groups of the region (a quota) are read whole.
import { everyResource } from '../../../domain/every-resource.ts';
import type { ResourceFilter } from '../../../domain/resource.ts';
import type { SecurityGroup, SecurityGroupDetail } from '../../../domain/security-group.ts';
import type { ReadTx, Scope } from '../../../domain/tx.ts';
import type { CallContext } from '../../../operation.ts';
import type { RequestTag } from './creation-tags.ts';
import { given } from './given.ts';
import { parseIds } from './ids-of-text.ts';
import { requireTagFilters } from './tag-filters.ts';

export interface SecurityGroupQuery {
  SecurityGroupIds?: string;
  SecurityGroupId?: string;
  SecurityGroupName?: string;
  FuzzyQuery?: boolean;
  VpcId?: string;
  NetworkType?: 'vpc' | 'classic';
  SecurityGroupType?: 'normal' | 'enterprise';
  ResourceGroupId?: string;
  ServiceManaged?: boolean;
  Tag?: RequestTag[];
}

interface Wanted {
  filter: ResourceFilter;
  /** What only the detail tells; absent when nothing was asked of it. */
  fits?: (group: SecurityGroup) => boolean;
}

const MAX_IDS = 100;

export const securityGroupFilter = (
  ctx: Pick<CallContext<'InvalidTag.Mismatch'>, 'fail'>,
  query: SecurityGroupQuery,
): Wanted | 'malformed' => {
  const { SecurityGroupId, SecurityGroupName: name } = query;
  const several =
    query.SecurityGroupIds === undefined ? undefined : parseIds(query.SecurityGroupIds, MAX_IDS);
  if (several === null) return 'malformed';
  const resourceIds =
    SecurityGroupId === undefined
      ? several
      : [SecurityGroupId].filter((id) => several?.includes(id) ?? true);
  return {
    filter: {
      resourceType: 'securitygroup',
      tags: requireTagFilters(ctx, query.Tag),
      ...given({
        resourceIds,
        resourceName: query.FuzzyQuery ? undefined : name,
        parentId: query.VpcId,
        resourceGroupId: query.ResourceGroupId,
      }),
    },
    ...(looksInside(query) && { fits: fitsOf(query) }),
  };
};

const looksInside = (query: SecurityGroupQuery): boolean =>
  query.NetworkType !== undefined ||
  query.SecurityGroupType !== undefined ||
  query.FuzzyQuery === true ||
  query.ServiceManaged === true;

const fitsOf =
  (query: SecurityGroupQuery) =>
  ({ parentId, resourceName, detail }: SecurityGroup): boolean =>
    (query.NetworkType === undefined || (query.NetworkType === 'vpc') === (parentId !== '')) &&
    (query.SecurityGroupType ?? detail.securityGroupType) === detail.securityGroupType &&
    (!query.FuzzyQuery || resourceName.includes(query.SecurityGroupName ?? '')) &&
    query.ServiceManaged !== true;

interface Page {
  limit: number;
  offset: number;
  /** Only groups that were accepted before this one. */
  beforeSeq: number | undefined;
}

/** A page, newest first; how many there are, and how many before the place where the page begins. */
export const findSecurityGroups = async (
  tx: ReadTx,
  scope: Scope,
  { filter, fits }: Wanted,
  { limit, offset, beforeSeq }: Page,
  nowMs: number,
): Promise<{ rows: SecurityGroup[]; total: number; left: number }> => {
  if (filter.resourceIds?.length === 0) return { rows: [], total: 0, left: 0 };
  if (fits === undefined) {
    const below = { ...filter, ...given({ beforeSeq }) };
    const page = await tx.resources(scope, below, { limit, offset }, nowMs);
    const none = { limit: 0, offset: 0 };
    const total =
      beforeSeq === undefined ? page.total : (await tx.resources(scope, filter, none, nowMs)).total;
    // The kind of the row says what its detail is.
    return { rows: page.rows as SecurityGroup[], total, left: page.total };
  }
  const all = (await everyResource<SecurityGroupDetail>(tx, scope, filter, nowMs)).filter(fits);
  const left = all.filter(({ seq }) => seq < (beforeSeq ?? Number.MAX_SAFE_INTEGER));
  return { rows: left.slice(offset, offset + limit), total: all.length, left: left.length };
};
