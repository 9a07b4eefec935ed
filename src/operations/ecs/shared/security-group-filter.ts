// The filters of DescribeSecurityGroups. The store narrows by what has a column; kind of network and of
// group are looked at row by row. A region holds few groups (a quota), so that they are read whole.
import { everyResource } from '../../../domain/every-resource.ts';
import type { ResourceFilter } from '../../../domain/resource.ts';
import type { SecurityGroup, SecurityGroupDetail } from '../../../domain/security-group.ts';
import type { ReadTx, Scope } from '../../../domain/tx.ts';
import type { RequestTag } from './creation-tags.ts';
import { given } from './given.ts';
import { parseIds } from './ids-of-text.ts';
import { tagFilter } from './tag-filter.ts';

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
  fits(group: SecurityGroup): boolean;
}

const MAX_IDS = 100;

export const securityGroupFilter = (query: SecurityGroupQuery): Wanted | 'malformed' => {
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
      tags: tagFilter(query.Tag),
      ...given({
        resourceIds,
        resourceName: query.FuzzyQuery ? undefined : name,
        parentId: query.VpcId,
        resourceGroupId: query.ResourceGroupId,
      }),
    },
    fits: ({ parentId, resourceName, detail }) =>
      (query.NetworkType === undefined || (query.NetworkType === 'vpc') === (parentId !== '')) &&
      (query.SecurityGroupType ?? detail.securityGroupType) === detail.securityGroupType &&
      (!query.FuzzyQuery || resourceName.includes(name ?? '')) &&
      query.ServiceManaged !== true,
  };
};

/** Every match, newest first. */
export const findSecurityGroups = async (
  tx: ReadTx,
  scope: Scope,
  { filter, fits }: Wanted,
  nowMs: number,
): Promise<SecurityGroup[]> => {
  if (filter.resourceIds?.length === 0) return [];
  const groups = await everyResource<SecurityGroupDetail>(tx, scope, filter, nowMs);
  return groups.filter(fits);
};
