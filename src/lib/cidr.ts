// Blocks of IP addresses as texts: `10.0.0.0/8`. IPv4 blocks can be compared, IPv6 blocks only be told
// from other texts. Pure arithmetic on numbers below 2^33; no bit operators, whose 32 bits are signed.
import { isIPv6 } from 'node:net';

export interface Ipv4Block {
  /** The first address, as a number. */
  first: number;
  /** 0 to 32. */
  prefix: number;
  /** Addresses in it. */
  count: number;
}

const PART = '(?:0|[1-9]\\d{0,2})';
const IPV4 = new RegExp(`^(${PART})\\.(${PART})\\.(${PART})\\.(${PART})$`);

/** The address as a number; undefined when the text is none. Leading zeros are refused: they are octal to some. */
export const parseIpv4 = (text: string): number | undefined => {
  const parts = IPV4.exec(text)?.slice(1).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
};

export const ipv4Text = (address: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');

/** A block; undefined when the text is none, or names an address inside of the block. */
export const parseIpv4Block = (text: string): Ipv4Block | undefined => {
  const [, address = '', bits = ''] = /^([\d.]+)\/(0|[1-9]\d?)$/.exec(text) ?? [];
  const first = parseIpv4(address);
  const prefix = Number(bits);
  if (first === undefined || bits === '' || prefix > 32) return undefined;
  const count = 2 ** (32 - prefix);
  return first % count === 0 ? { first, prefix, count } : undefined;
};

export const contains = (outer: Ipv4Block, inner: Ipv4Block): boolean =>
  inner.first >= outer.first && inner.first + inner.count <= outer.first + outer.count;

export const overlaps = (a: Ipv4Block, b: Ipv4Block): boolean =>
  a.first < b.first + b.count && b.first < a.first + a.count;

/** An IPv4 address, alone or with a prefix; firewalls take addresses inside of the block as well. */
export const isIpv4Source = (text: string): boolean => {
  const [, address = '', bits] = /^([\d.]+)(?:\/(0|[1-9]\d?))?$/.exec(text) ?? [];
  return parseIpv4(address) !== undefined && (bits === undefined || Number(bits) <= 32);
};

/** An IPv6 address, alone or with a prefix. */
export const isIpv6Source = (text: string): boolean => {
  const [, address = '', bits] = /^([\da-fA-F:.]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  return isIPv6(address) && (bits === undefined || Number(bits) <= 128);
};
