// What the three tag operations of VPC have in common: the types of the vendor's list, the ids, the rows
// behind them. Types that Kindred has none of are known words; their ids are never found.
import type { Tagged } from '../../../domain/tagging.ts';
import type { Scope } from '../../../domain/tx.ts';
import { choice } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

const KINDS = { VPC: 'vpc', VSWITCH: 'vswitch', EIP: 'eip' } as const;

const TYPES = [
  'VPC',
  'VSWITCH',
  'EIP',
  'ROUTETABLE',
  'VPNGATEWAY',
  'VPNCONNECTION',
  'CUSTOMERGATEWAY',
  'COMMONBANDWIDTHPACKAGE',
  'NATGATEWAY',
  'NETWORKACL',
  'DHCPOPTIONSSET',
  'HAVIP',
  'IPV4GATEWAY',
  'IPV6GATEWAY',
  'FLOWLOG',
  'PREFIXLIST',
] as const;
export type NetworkType = (typeof TYPES)[number];

export const networkType = choice(TYPES, {
  description: 'VPC, VSWITCH or EIP; the vendor has more, of which nothing exists here.',
  missing: 'MissingParameter.ResourceType',
  invalid: 'InvalidResourceType.NotFound',
});

export const kindOf = (type: NetworkType): (typeof KINDS)[keyof typeof KINDS] | undefined =>
  type in KINDS ? KINDS[type as keyof typeof KINDS] : undefined;

/** All the resources, or undefined when one of the ids does not exist in the scope. */
export const findTaggedNetworks = async (
  { tx, nowMs }: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  scope: Scope,
  type: NetworkType,
  ids: readonly string[],
): Promise<Tagged[] | undefined> => {
  const resourceType = kindOf(type);
  if (resourceType === undefined) return undefined;
  const resourceIds = [...new Set(ids)];
  const page = { limit: resourceIds.length, offset: 0 };
  const { rows } = await tx.resources(scope, { resourceType, resourceIds }, page, nowMs);
  if (rows.length < resourceIds.length) return undefined;
  return rows.map(({ resourceId, tags }) => ({ resourceType, resourceId, tags, image: undefined }));
};
