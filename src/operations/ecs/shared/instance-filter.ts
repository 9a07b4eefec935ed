// The filters of DescribeInstances, from the words of the wire to those of the store, and a predicate for
// what lies in the instance's own part. A filter by something that no instance here has matches nothing.
import { familyOfType } from '../../../domain/instance-type.ts';
import { toInstance, type Instance } from '../../../domain/instance.ts';
import type { Resource } from '../../../domain/resource.ts';
import type { RequestTag } from './creation-tags.ts';
import { given } from './given.ts';
import { NEVER_EXPIRES } from './instance-view.ts';
import { parseInstant } from './parse-instant.ts';
import type { ResourceQuery } from './resource-page.ts';
import { tagFilters } from './tag-filters.ts';
import { parseIds } from './ids-of-text.ts';

/** Entries of a list that is a JSON text. */
const MAX_IDS = 100;

export interface InstanceQuery {
  InstanceIds?: string;
  InstanceName?: string;
  Status?: string;
  ImageId?: string;
  VpcId?: string;
  VSwitchId?: string;
  ZoneId?: string;
  SecurityGroupId?: string;
  InstanceType?: string;
  InstanceTypeFamily?: string;
  InstanceChargeType?: string;
  InstanceNetworkType?: string;
  InternetChargeType?: string;
  KeyPairName?: string;
  ResourceGroupId?: string;
  HttpEndpoint?: string;
  HttpTokens?: string;
  IoOptimized?: boolean;
  LockReason?: string;
  InnerIpAddresses?: string;
  PrivateIpAddresses?: string;
  PublicIpAddresses?: string;
  EipAddresses?: string;
  RdmaIpAddresses?: string;
  Ipv6Address?: string[];
  Filter?: { Key?: string; Value?: string }[];
  Tag?: RequestTag[];
}

export interface InstanceFilterFault {
  fault:
    | 'InvalidInstanceIds.Malformed'
    | 'InvalidParameter'
    | 'InvalidFilterKey.NotFound'
    | 'InvalidTag.Mismatch';
  parameter: string;
}

type Fits = (instance: Instance) => boolean;
type Found = ResourceQuery & {
  /** Elastic addresses to look for; their records say which instances have them. */
  eipAddresses?: readonly string[];
};

/** What is asked for, or the fault of the first value that cannot be honoured. */
export const instanceFilter = (query: InstanceQuery): InstanceFilterFault | Found => {
  const ids = query.InstanceIds === undefined ? undefined : parseIds(query.InstanceIds, MAX_IDS);
  if (ids === null) return { fault: 'InvalidInstanceIds.Malformed', parameter: 'InstanceIds' };
  const tags = tagFilters(query.Tag ?? []);
  if ('fault' in tags) return tags;
  const times = timeFilter(query.Filter ?? []);
  if (typeof times === 'object' && 'fault' in times) return times;
  const addresses = addressFilter(query);
  if ('fault' in addresses) return addresses;
  const { InstanceName, Status, ImageId, VSwitchId, ResourceGroupId } = query;
  const isPattern = InstanceName?.includes('*') === true;
  const fits = [...detailFilter(query), ...addresses.fits, ...(times === undefined ? [] : [times])];
  const isNever = [query.LockReason, query.RdmaIpAddresses, query.Ipv6Address].some(isGiven);
  if (isNever || ids?.length === 0 || query.IoOptimized === false) fits.push(() => false);
  return {
    filter: {
      resourceType: 'instance',
      tags: tags.tags,
      ...given({
        // An empty list fits nothing, see above; the store is not asked for it.
        resourceIds: ids?.length === 0 ? undefined : ids,
        resourceName: isPattern ? undefined : InstanceName,
        resourceNamePattern: isPattern ? InstanceName : undefined,
        statuses: Status === undefined ? undefined : [Status],
        imageId: ImageId,
        parentId: VSwitchId,
        resourceGroupId: ResourceGroupId,
      }),
    },
    ...given({
      fits:
        fits.length === 0
          ? undefined
          : (resource: Resource) => {
              const instance = toInstance(resource);
              return fits.every((fit) => fit(instance));
            },
      eipAddresses: addresses.eip,
    }),
  };
};

const isGiven = (value: unknown): boolean => value !== undefined;

const detailFilter = (query: InstanceQuery): Fits[] => {
  const { SecurityGroupId } = query;
  const equal: [string | undefined, (instance: Instance) => string][] = [
    [query.VpcId, ({ detail }) => detail.vpcId],
    [query.ZoneId, ({ detail }) => detail.zoneId],
    [query.InstanceType, ({ detail }) => detail.instanceType],
    [query.InstanceTypeFamily, ({ detail }) => familyOfType(detail.instanceType)],
    [query.InstanceChargeType, ({ detail }) => detail.instanceChargeType],
    [query.InternetChargeType, ({ detail }) => detail.internetChargeType],
    [query.KeyPairName, ({ detail }) => detail.keyPairName],
    [query.HttpEndpoint, ({ detail }) => detail.httpEndpoint],
    [query.HttpTokens, ({ detail }) => detail.httpTokens],
    [query.InstanceNetworkType, ({ detail }) => (detail.vSwitchId === '' ? 'classic' : 'vpc')],
  ];
  const fits = equal
    .filter(([wanted]) => wanted !== undefined)
    .map(
      ([wanted, read]): Fits =>
        (instance) =>
          read(instance) === wanted,
    );
  if (SecurityGroupId !== undefined)
    fits.push(({ detail }) => detail.securityGroupIds.includes(SecurityGroupId));
  return fits;
};

const addressFilter = (
  query: InstanceQuery,
): InstanceFilterFault | { fits: Fits[]; eip: string[] | undefined } => {
  const fits: Fits[] = [];
  let eip: string[] | undefined;
  for (const name of [
    'InnerIpAddresses',
    'PrivateIpAddresses',
    'PublicIpAddresses',
    'EipAddresses',
  ] as const) {
    const text = query[name];
    if (text === undefined) continue;
    const wanted = parseIds(text, MAX_IDS);
    if (wanted === null) return { fault: 'InvalidParameter', parameter: name };
    if (name === 'EipAddresses') eip = wanted;
    else if (name === 'PublicIpAddresses')
      fits.push(({ detail }) => wanted.includes(detail.publicIpAddress));
    else
      fits.push(
        ({ detail }) =>
          (detail.vSwitchId === '') === (name === 'InnerIpAddresses') &&
          wanted.includes(detail.privateIpAddress),
      );
  }
  return { fits, eip };
};

const timeFilter = (
  filters: readonly { Key?: string; Value?: string }[],
): InstanceFilterFault | undefined | Fits => {
  const bounds: Fits[] = [];
  const expiresMs = parseInstant(NEVER_EXPIRES) ?? 0;
  for (const [i, { Key = '', Value = '' }] of filters.entries()) {
    const [, what, which] = /^(Creation|Expired)(Start|End)Time$/.exec(Key) ?? [];
    if (what === undefined)
      return { fault: 'InvalidFilterKey.NotFound', parameter: `Filter.${i + 1}.Key` };
    const ms = parseInstant(Value);
    if (ms === undefined) return { fault: 'InvalidParameter', parameter: `Filter.${i + 1}.Value` };
    bounds.push(({ creationMs }) => {
      const timeMs = what === 'Creation' ? creationMs : expiresMs;
      return which === 'Start' ? timeMs >= ms : timeMs <= ms;
    });
  }
  if (bounds.length === 0) return undefined;
  return (instance) => bounds.every((fits) => fits(instance));
};
