// IPv4 addresses of records. Nothing answers at them; they are told apart and stay within the block that
// they belong to, so that clients which read them find what they expect.
import { ipv4Text, parseIpv4, parseIpv4Block } from '../lib/cidr.ts';

/** Consecutive addresses as numbers. */
export interface AddressBlock {
  first: number;
  count: number;
}

/** The addresses of a vSwitch that instances can have: not the first and not the last three. */
export const blockOfVSwitch = (cidrBlock: string): AddressBlock | undefined => {
  const block = parseIpv4Block(cidrBlock);
  return block && { first: block.first + 1, count: block.count - 4 };
};

/** Of the classic network. */
export const CLASSIC_BLOCK: AddressBlock = {
  first: parseIpv4('10.0.0.1') ?? 0,
  count: 2 ** 24 - 2,
};

/**
 * Public addresses: 198.18.0.0/16, which belongs to nobody and is routed nowhere (RFC 2544). Elastic ones
 * have the block behind it.
 */
export const PUBLIC_BLOCK: AddressBlock = { first: parseIpv4('198.18.0.1') ?? 0, count: 65_534 };

export const isInBlock = (text: string, { first, count }: AddressBlock): boolean => {
  const address = parseIpv4(text);
  return address !== undefined && address >= first && address < first + count;
};

/** Up to `amount` addresses that are free, in order, from `start` on where it is given. */
export const freeAddresses = (
  block: AddressBlock,
  taken: ReadonlySet<string>,
  amount: number,
  start?: string,
): string[] => {
  const free: string[] = [];
  const begin = (start === undefined ? undefined : parseIpv4(start)) ?? block.first;
  // Ends after the taken ones and the wanted ones at the latest.
  for (let address = begin; address < block.first + block.count; address += 1) {
    if (free.length === amount) break;
    const text = ipv4Text(address);
    if (!taken.has(text)) free.push(text);
  }
  return free;
};
