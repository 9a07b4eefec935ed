// VPCs, vSwitches and what stands in them, as records: no packet goes anywhere. What the parts mean to
// each other is real: blocks of addresses nest and do not overlap, and what is in use is not deleted.
import { contains, overlaps, parseIpv4Block, type Ipv4Block } from '../lib/cidr.ts';
import { everyResource } from './every-resource.ts';
import type { Resource, ResourceType } from './resource.ts';
import type { ReadTx, Scope } from './tx.ts';

/** How long a new VPC or vSwitch is Pending, milliseconds; clients wait for what follows. */
export const NETWORK_SETTLE_MS = 500;

export interface VpcDetail {
  description: string;
  cidrBlock: string;
  vRouterId: string;
  routeTableId: string;
  /** Blocks outside of the private ones that its owner uses; kept as sent. */
  userCidrs: readonly string[];
}
export type Vpc = Resource<VpcDetail>;

/** `parentId` is the VPC; an instance's `parentId` is its vSwitch. */
export interface VSwitchDetail {
  description: string;
  cidrBlock: string;
  zoneId: string;
}
export type VSwitch = Resource<VSwitchDetail>;

// The kind of a row says what its detail is.
export const vpcOf = async (
  tx: ReadTx,
  scope: Scope,
  vpcId: string,
  nowMs: number,
): Promise<Vpc | undefined> => (await tx.resource(scope, 'vpc', vpcId, nowMs)) as Vpc | undefined;

export const vSwitchOf = async (
  tx: ReadTx,
  scope: Scope,
  vSwitchId: string,
  nowMs: number,
): Promise<VSwitch | undefined> =>
  (await tx.resource(scope, 'vswitch', vSwitchId, nowMs)) as VSwitch | undefined;

/** How many records of the kind stand in the parent. */
export const countIn = async (
  tx: ReadTx,
  scope: Scope,
  resourceType: ResourceType,
  parentId: string,
  nowMs: number,
): Promise<number> =>
  (await tx.resources(scope, { resourceType, parentId }, { limit: 0, offset: 0 }, nowMs)).total;

/** How many records of the kind the scope has. */
export const countOf = async (
  tx: ReadTx,
  scope: Scope,
  resourceType: ResourceType,
  nowMs: number,
): Promise<number> =>
  (await tx.resources(scope, { resourceType }, { limit: 0, offset: 0 }, nowMs)).total;

/** Blocks that no VPC may touch: shared, loopback, link-local and multicast addresses. */
const CLOSED = ['100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4'].map((text) =>
  parseIpv4Block(text)!,
);

/** The block of a VPC: /8 to /28, not of those that are closed. Undefined when it cannot be one. */
export const vpcBlock = (text: string): Ipv4Block | undefined => {
  const block = parseIpv4Block(text);
  if (block === undefined || block.prefix < 8 || block.prefix > 28) return undefined;
  return CLOSED.some((closed) => overlaps(closed, block)) ? undefined : block;
};

/** Why a vSwitch cannot have the block. */
export type BlockRefusal = 'malformed' | 'mask' | 'outside' | 'overlapping';

export const refusalOfVSwitchBlock = (
  text: string,
  vpc: Pick<Vpc, 'detail'>,
  others: readonly Pick<VSwitch, 'detail'>[],
): BlockRefusal | undefined => {
  const block = parseIpv4Block(text);
  if (block === undefined) return 'malformed';
  if (block.prefix < 16 || block.prefix > 29) return 'mask';
  if (!contains(parseIpv4Block(vpc.detail.cidrBlock)!, block)) return 'outside';
  const isTaken = others.some(({ detail }) => overlaps(parseIpv4Block(detail.cidrBlock)!, block));
  return isTaken ? 'overlapping' : undefined;
};

/** Addresses that instances can have: not the first and not the last three. */
export const addressCount = ({ detail }: Pick<VSwitch, 'detail'>): number =>
  parseIpv4Block(detail.cidrBlock)!.count - 4;

export const vSwitchesIn = (
  tx: ReadTx,
  scope: Scope,
  vpcId: string,
  nowMs: number,
): Promise<VSwitch[]> =>
  everyResource(tx, scope, { resourceType: 'vswitch', parentId: vpcId }, nowMs);
