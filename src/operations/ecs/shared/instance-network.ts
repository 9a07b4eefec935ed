// Where an instance is: zone, vSwitch, security groups, key pair and addresses. Each thing that the
// request names is a record of the caller, or is not found; they must belong together. Reads only.
import {
  blockOfVSwitch,
  CLASSIC_BLOCK,
  freeAddresses,
  isInBlock,
  PUBLIC_BLOCK,
  type AddressBlock,
} from '../../../domain/addresses.ts';
import { toInstance } from '../../../domain/instance.ts';
import { everyResource } from '../../../domain/every-resource.ts';
import { vSwitchOf } from '../../../domain/network.ts';
import { zonesOf } from '../../../domain/region.ts';
import type { Scope } from '../../../domain/tx.ts';
import { parseIpv4 } from '../../../lib/cidr.ts';
import type { ReadContext } from '../../../operation.ts';
import type { InstanceRequest } from './instance-form.ts';

export type InstanceNetworkFault =
  | 'MissingParameter'
  | 'InvalidZoneId.NotFound'
  | 'InvalidVSwitchId.NotFound'
  | 'InvalidSecurityGroupId.NotFound'
  | 'InvalidKeyPairName.NotFound'
  | 'InvalidParameter.Conflict'
  | 'InvalidParameter.Mismatch'
  | 'InvalidPrivateIpAddress'
  | 'InvalidPrivateIpAddress.Malformed'
  | 'InvalidPrivateIpAddress.Duplicated';

type Context = Pick<ReadContext<InstanceNetworkFault>, 'tx' | 'fail' | 'nowMs' | 'settings'>;

export type NetworkRequest = Pick<
  InstanceRequest,
  'ZoneId' | 'VSwitchId' | 'SecurityGroupId' | 'PrivateIpAddress' | 'KeyPairName'
> & { SecurityGroupIds?: string[] };

export interface Network {
  zoneId: string;
  vpcId: string;
  vSwitchId: string;
  /** The block of the vSwitch; undefined in the classic network. */
  block: AddressBlock | undefined;
  securityGroupIds: string[];
  keyPairName: string;
}

export const findNetwork = async (
  ctx: Context,
  scope: Scope,
  wanted: NetworkRequest,
): Promise<Network> => {
  const region = ctx.settings.regions.get(scope.regionId);
  const zones = region === undefined ? [] : zonesOf(region);
  if (wanted.ZoneId !== undefined && !zones.includes(wanted.ZoneId))
    throw ctx.fail('InvalidZoneId.NotFound');
  const vSwitch =
    wanted.VSwitchId === undefined
      ? undefined
      : await vSwitchOf(ctx.tx, scope, wanted.VSwitchId, ctx.nowMs);
  if (wanted.VSwitchId !== undefined && vSwitch === undefined)
    throw ctx.fail('InvalidVSwitchId.NotFound');
  const zoneOfVSwitch = vSwitch?.detail.zoneId;
  if (wanted.ZoneId !== undefined && zoneOfVSwitch && zoneOfVSwitch !== wanted.ZoneId)
    throw ctx.fail('InvalidParameter.Mismatch', {
      message: 'The vSwitch is in another zone than ZoneId.',
    });
  const vpcId = vSwitch?.parentId ?? '';
  return {
    zoneId: zoneOfVSwitch || (wanted.ZoneId ?? zones[0] ?? ''),
    vpcId,
    vSwitchId: vSwitch?.resourceId ?? '',
    block: vSwitch && blockOfVSwitch(vSwitch.detail.cidrBlock),
    securityGroupIds: await findGroups(ctx, scope, wanted, vpcId),
    keyPairName: await findKeyPair(ctx, scope, wanted.KeyPairName),
  };
};

const findGroups = async (
  ctx: Context,
  scope: Scope,
  { SecurityGroupId, SecurityGroupIds }: NetworkRequest,
  vpcId: string,
): Promise<string[]> => {
  if (SecurityGroupId !== undefined && SecurityGroupIds !== undefined)
    throw ctx.fail('InvalidParameter.Conflict', {
      message: 'SecurityGroupId and SecurityGroupIds cannot be given together.',
    });
  const ids = SecurityGroupIds ?? (SecurityGroupId === undefined ? [] : [SecurityGroupId]);
  for (const id of ids) {
    const group = await ctx.tx.resource(scope, 'securitygroup', id, ctx.nowMs);
    if (group === undefined) throw ctx.fail('InvalidSecurityGroupId.NotFound');
    if (vpcId === '' && group.parentId !== '')
      throw ctx.fail('MissingParameter', { parameter: 'VSwitchId' });
    if (group.parentId !== vpcId)
      throw ctx.fail('InvalidParameter.Mismatch', {
        message: 'The security group is not of the VPC of the vSwitch.',
      });
  }
  return [...new Set(ids)];
};

export const findKeyPair = async (
  ctx: Pick<ReadContext<'InvalidKeyPairName.NotFound'>, 'tx' | 'fail' | 'nowMs'>,
  scope: Scope,
  resourceName: string | undefined,
): Promise<string> => {
  if (resourceName === undefined) return '';
  const filter = { resourceType: 'keypair', resourceName } as const;
  const { total } = await ctx.tx.resources(scope, filter, { limit: 1, offset: 0 }, ctx.nowMs);
  if (total === 0) throw ctx.fail('InvalidKeyPairName.NotFound');
  return resourceName;
};

/** Addresses that instances of the account have already, in the block of the vSwitch or anywhere. */
const takenAddresses = async (
  ctx: Pick<Context, 'tx' | 'nowMs'>,
  scope: Scope,
  vSwitchId: string | undefined,
): Promise<Set<string>> => {
  const filter = {
    resourceType: 'instance',
    ...(vSwitchId === undefined ? {} : { parentId: vSwitchId }),
  } as const;
  const instances = await everyResource(ctx.tx, scope, filter, ctx.nowMs);
  return new Set(
    instances
      .map(toInstance)
      .flatMap(({ detail }) => [detail.privateIpAddress, detail.publicIpAddress])
      .filter((address) => address !== ''),
  );
};

/** One private address for each instance. */
export const privateAddresses = async (
  ctx: Context,
  scope: Scope,
  { block, vSwitchId }: Network,
  wanted: string | undefined,
  amount: number,
): Promise<string[]> => {
  if (wanted !== undefined && parseIpv4(wanted) === undefined)
    throw ctx.fail('InvalidPrivateIpAddress.Malformed');
  if (wanted !== undefined && (block === undefined || !isInBlock(wanted, block)))
    throw ctx.fail('InvalidPrivateIpAddress');
  const taken = await takenAddresses(ctx, scope, vSwitchId);
  if (wanted !== undefined && taken.has(wanted))
    throw ctx.fail('InvalidPrivateIpAddress.Duplicated');
  const found = freeAddresses(block ?? CLASSIC_BLOCK, taken, amount, wanted);
  if (found.length < amount)
    throw ctx.fail('InvalidPrivateIpAddress', {
      message: 'The vSwitch has too few free addresses.',
    });
  return found;
};

/** One public address for each instance. */
export const publicAddresses = async (
  ctx: Pick<Context, 'tx' | 'nowMs'>,
  scope: Scope,
  amount: number,
): Promise<string[]> =>
  freeAddresses(PUBLIC_BLOCK, await takenAddresses(ctx, scope, undefined), amount);
