// IP addresses and blocks of them, IPv4 and IPv6, as numbers that can be compared. An IPv4 address that
// is written as IPv6 (`::ffff:192.0.2.1`) is the IPv4 address: a rule must not be passed by the spelling.
import { isIPv4, isIPv6 } from 'node:net';

export interface IpBlock {
  /** 32 or 128: blocks of one kind say nothing of addresses of the other. */
  bits: 32 | 128;
  first: bigint;
  /** Of the addresses in it the first `prefix` bits are equal. */
  prefix: number;
}

const MAPPED = 0xffffn << 32n;

/** One address, or `<address>/<prefix>` with any address of the block; undefined when the text is neither. */
export const parseIpBlock = (text: string): IpBlock | undefined => {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const value = isIPv4(address)
    ? ipv4Value(address)
    : isIPv6(address) && !address.includes('%')
      ? ipv6Value(address)
      : undefined;
  if (value === undefined) return undefined;
  const bits = isIPv4(address) ? 32 : 128;
  const prefixText = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(prefixText) || Number(prefixText) > bits) return undefined;
  return asIpv4({ bits, first: value, prefix: Number(prefixText) });
};

/** Whether the one address lies in the block. */
export const isInBlock = (address: IpBlock, block: IpBlock): boolean => {
  if (address.bits !== block.bits) return false;
  const rest = BigInt(block.bits - block.prefix);
  return address.first >> rest === block.first >> rest;
};

const asIpv4 = (block: IpBlock): IpBlock =>
  block.bits === 128 && block.prefix >= 96 && block.first >> 32n === MAPPED >> 32n
    ? { bits: 32, first: block.first & 0xffffffffn, prefix: block.prefix - 96 }
    : block;

const ipv4Value = (text: string): bigint =>
  text.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);

const ipv6Value = (text: string): bigint => {
  // The last 32 bits may be written as IPv4.
  const [, head = text, dotted] = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const low = dotted === undefined ? undefined : ipv4Value(dotted);
  const plain =
    low === undefined
      ? text
      : `${head}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const [before = '', after] = plain.split('::');
  const left = before === '' ? [] : before.split(':');
  const right = after === undefined || after === '' ? [] : after.split(':');
  const gap: string[] = after === undefined ? [] : Array(8 - left.length - right.length).fill('0');
  return [...left, ...gap, ...right].reduce((sum, part) => (sum << 16n) + BigInt(`0x${part}`), 0n);
};
