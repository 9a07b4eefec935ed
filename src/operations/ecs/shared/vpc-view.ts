// How VPCs and vSwitches look on the wire, in lists and alone. Fields of things that do not exist here
// (IPv6, access lists, gateways) are empty, with the vendor's types.
import {
  addressCount,
  countIn,
  vpcOf,
  vSwitchesIn,
  type Vpc,
  type VSwitch,
} from '../../../domain/network.ts';
import { formatSeconds } from '../../../lib/clock.ts';
import { boolean, integer, list, object, string, type Static } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';
import { viewVpcTags, vpcTagsView } from './network-parameters.ts';

const vpcFields = {
  VpcId: string(),
  VpcName: string(),
  CidrBlock: string(),
  Status: string({ description: 'Pending, then Available.' }),
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  Description: string(),
  RegionId: string(),
  ResourceGroupId: string(),
  IsDefault: boolean({ description: 'Always false: no VPC is made without a call.' }),
  VRouterId: string(),
  VSwitchIds: object({ VSwitchId: list(string()) }),
  UserCidrs: object({ UserCidr: list(string()) }),
  SecondaryCidrBlocks: object({ SecondaryCidrBlock: list(string()) }),
  Ipv6CidrBlock: string(),
  Tags: vpcTagsView,
};

export const vpcSchema = object({
  ...vpcFields,
  RouterTableIds: object({ RouterTableIds: list(string()) }),
});
export const vpcAttributes = object({
  ...vpcFields,
  ClassicLinkEnabled: boolean(),
  Ipv6CidrBlocks: object({ Ipv6CidrBlock: list(object({ Ipv6CidrBlock: string() })) }),
});

type Context = Pick<ReadContext<never>, 'tx' | 'nowMs'>;

/** What both shapes show of a VPC; its vSwitches are read. */
const viewOfBoth = async ({ tx, nowMs }: Context, vpc: Vpc) => {
  const vSwitches = await vSwitchesIn(tx, vpc, vpc.resourceId, nowMs);
  return {
    VpcId: vpc.resourceId,
    VpcName: vpc.resourceName,
    CidrBlock: vpc.detail.cidrBlock,
    Status: vpc.status,
    CreationTime: formatSeconds(vpc.creationMs),
    Description: vpc.detail.description,
    RegionId: vpc.regionId,
    ResourceGroupId: vpc.resourceGroupId,
    IsDefault: false,
    VRouterId: vpc.detail.vRouterId,
    VSwitchIds: { VSwitchId: vSwitches.map(({ resourceId }) => resourceId) },
    UserCidrs: { UserCidr: [...vpc.detail.userCidrs] },
    SecondaryCidrBlocks: { SecondaryCidrBlock: [] },
    Ipv6CidrBlock: '',
    Tags: viewVpcTags(vpc.tags),
  };
};

export const viewVpc = async (ctx: Context, vpc: Vpc): Promise<Static<typeof vpcSchema>> => ({
  ...(await viewOfBoth(ctx, vpc)),
  RouterTableIds: { RouterTableIds: [vpc.detail.routeTableId] },
});

export const viewVpcAttributes = async (
  ctx: Context,
  vpc: Vpc,
): Promise<Static<typeof vpcAttributes>> => ({
  ...(await viewOfBoth(ctx, vpc)),
  ClassicLinkEnabled: false,
  Ipv6CidrBlocks: { Ipv6CidrBlock: [] },
});

export const vSwitchSchema = object({
  VSwitchId: string(),
  VSwitchName: string(),
  VpcId: string(),
  ZoneId: string(),
  CidrBlock: string(),
  Ipv6CidrBlock: string(),
  Status: string({ description: 'Pending, then Available.' }),
  CreationTime: string({ description: 'UTC, whole seconds.' }),
  Description: string(),
  ResourceGroupId: string({ description: 'That of its VPC.' }),
  IsDefault: boolean({ description: 'Always false.' }),
  RouteTable: object({ RouteTableId: string(), RouteTableType: string() }),
  AvailableIpAddressCount: integer({ description: 'Addresses that no instance has.' }),
  Tags: vpcTagsView,
});

export const viewVSwitch = async (
  { tx, nowMs }: Context,
  vSwitch: VSwitch,
): Promise<Static<typeof vSwitchSchema>> => {
  const vpc = await vpcOf(tx, vSwitch, vSwitch.parentId, nowMs);
  const instances = await countIn(tx, vSwitch, 'instance', vSwitch.resourceId, nowMs);
  return {
    VSwitchId: vSwitch.resourceId,
    VSwitchName: vSwitch.resourceName,
    VpcId: vSwitch.parentId,
    ZoneId: vSwitch.detail.zoneId,
    CidrBlock: vSwitch.detail.cidrBlock,
    Ipv6CidrBlock: '',
    Status: vSwitch.status,
    CreationTime: formatSeconds(vSwitch.creationMs),
    Description: vSwitch.detail.description,
    ResourceGroupId: vSwitch.resourceGroupId,
    IsDefault: false,
    RouteTable: { RouteTableId: vpc?.detail.routeTableId ?? '', RouteTableType: 'System' },
    AvailableIpAddressCount: addressCount(vSwitch) - instances,
    Tags: viewVpcTags(vSwitch.tags),
  };
};
