// Elastic addresses as records. Nothing answers at them: they are of 198.19.0.0/16, which belongs to
// nobody and is routed nowhere (RFC 2544), so that a mistake reaches no stranger's machine.
import { everyResource } from './every-resource.ts';
import { ipv4Text } from '../lib/cidr.ts';
import type { Resource } from './resource.ts';
import type { ReadTx, Scope, Tx } from './tx.ts';

/** How long an address is Associating or Unassociating, milliseconds. */
export const EIP_SETTLE_MS = 500;

export interface EipDetail {
  ipAddress: string;
  description: string;
  /** Mbit/s. */
  bandwidth: number;
  internetChargeType: 'PayByBandwidth' | 'PayByTraffic';
  isp: string;
}

/** `parentId` is its instance, empty for none. */
export type Eip = Resource<EipDetail>;

export const eipOf = async (
  tx: ReadTx,
  scope: Scope,
  allocationId: string,
  nowMs: number,
): Promise<Eip | undefined> =>
  // The kind of the row says what its detail is.
  (await tx.resource(scope, 'eip', allocationId, nowMs)) as Eip | undefined;

/** The address that an instance has. */
export const eipOfInstance = async (
  tx: ReadTx,
  scope: Scope,
  instanceId: string,
  nowMs: number,
): Promise<Eip | undefined> => {
  const filter = { resourceType: 'eip', parentId: instanceId } as const;
  const { rows } = await tx.resources(scope, filter, { limit: 1, offset: 0 }, nowMs);
  return rows[0] as Eip | undefined;
};

/** Takes the address away from an instance that goes: it is Available at once. */
export const freeEipOf = async (
  tx: Tx,
  instance: Scope & { resourceId: string },
): Promise<void> => {
  const eip = await eipOfInstance(tx, instance, instance.resourceId, tx.actor.nowMs);
  if (eip !== undefined)
    await tx.updateResource(eip.resourceId, { status: 'Available', parentId: '' });
};

const FIRST = ((198 * 256 + 19) * 256 + 0) * 256;
/** 198.19.0.1 to 198.19.255.254. */
const COUNT = 65_534;

/** A text as a number that is spread over all addresses: the same text gives the same one. */
const spread = (text: string): number =>
  [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % COUNT, 7);

/** An address that no other of the account and region has; the id says where the search begins. */
export const freeAddress = async (
  tx: ReadTx,
  scope: Scope,
  allocationId: string,
  nowMs: number,
): Promise<string | undefined> => {
  const all = await everyResource<EipDetail>(tx, scope, { resourceType: 'eip' }, nowMs);
  const taken = new Set(all.map(({ detail }) => detail.ipAddress));
  const begin = spread(allocationId);
  for (let i = 0; i < COUNT; i++) {
    const address = ipv4Text(FIRST + 1 + ((begin + i) % COUNT));
    if (!taken.has(address)) return address;
  }
  return undefined;
};

const MOVES = {
  associate: { via: 'Associating', to: 'InUse' },
  unassociate: { via: 'Unassociating', to: 'Available' },
} as const;

/** Gives the address to the instance, or takes it away; the caller has looked at both. */
export const moveEip = (
  tx: Tx,
  { resourceId }: Eip,
  move: keyof typeof MOVES,
  instanceId: string,
): Promise<void> =>
  tx.updateResource(resourceId, {
    status: MOVES[move].via,
    settling: { settledStatus: MOVES[move].to, settleMs: tx.actor.nowMs + EIP_SETTLE_MS },
    parentId: instanceId,
  });
