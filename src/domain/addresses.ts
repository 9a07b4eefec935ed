// IPv4 addresses of records. Nothing answers at them; they are told apart and stay within the block that
// they belong to, so that clients which read them find what they expect.

/** Consecutive addresses as numbers. */
export interface AddressBlock {
  first: number;
  count: number;
}

const numberOf = (text: string): number | undefined => {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

const textOf = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

export const isAddress = (text: string): boolean => numberOf(text) !== undefined;

/** The addresses of a vSwitch that instances can have: not the first and not the last three. */
export const blockOfVSwitch = (cidrBlock: string): AddressBlock | undefined => {
  const [network = '', bits = ''] = cidrBlock.split('/');
  const first = numberOf(network);
  if (first === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) return undefined;
  return { first: first + 1, count: 2 ** (32 - Number(bits)) - 4 };
};

/** Of the classic network. */
export const CLASSIC_BLOCK: AddressBlock = { first: 10 * 2 ** 24 + 1, count: 2 ** 24 - 2 };

/** Public addresses: 198.18.0.0/15, which belongs to nobody and is routed nowhere (RFC 2544). */
export const PUBLIC_BLOCK: AddressBlock = { first: (198 * 256 + 18) * 65_536 + 1, count: 131_070 };

export const isInBlock = (text: string, { first, count }: AddressBlock): boolean => {
  const address = numberOf(text);
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
  const begin = (start === undefined ? undefined : numberOf(start)) ?? block.first;
  // Ends after the taken ones and the wanted ones at the latest.
  for (let address = begin; address < block.first + block.count; address += 1) {
    if (free.length === amount) break;
    const text = textOf(address);
    if (!taken.has(text)) free.push(text);
  }
  return free;
};
