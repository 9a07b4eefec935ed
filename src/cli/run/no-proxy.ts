// NO_PROXY: what the user's own names, without those that would lead past the proxy to the cloud; and
// whether it names a host, for what the proxy passes on itself.
import { BlockList, isIP } from 'node:net';
import { CLOUD_DOMAINS, isBelow, METADATA_ADDRESS } from './cloud-host.ts';

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** @param keeps the user's own entries too */
export const noProxyFor = (given: string | undefined, keeps: boolean): string => {
  const own = keeps ? entriesOf(given).filter((entry) => !leadsToCloud(entry)) : [];
  return [...new Set([...LOOPBACK, ...own])].join(',');
};

export const isNamed = (given: string | undefined, host: string): boolean =>
  entriesOf(given).some((entry) => entry === '*' || isBelow(host, suffixOf(entry)));

const entriesOf = (given = ''): string[] =>
  given
    .split(/[\s,]+/)
    .map((entry) => entry.toLowerCase())
    .filter((entry) => entry !== '');

/** `*.lab`, `.lab`, `lab:8080` → `lab` */
const suffixOf = (entry: string): string =>
  entry.replace(/^\*?\./, '').replace(/(?<=^[^:]*):\d+$/, '');

const leadsToCloud = (entry: string): boolean => {
  const suffix = suffixOf(entry);
  if (suffix.includes('*') || suffix === '') return true;
  const [address = '', bits] = suffix.split('/');
  if (bits !== undefined && isIP(address) === 4) return covers(address, Number(bits));
  const isOfCloud = CLOUD_DOMAINS.some(
    (domain) => isBelow(domain, suffix) || isBelow(suffix, domain),
  );
  return isOfCloud || isBelow(METADATA_ADDRESS, suffix);
};

const covers = (address: string, bits: number): boolean => {
  // What is no network leads nowhere.
  if (!Number.isInteger(bits) || bits < 0 || bits > 32) return false;
  const block = new BlockList();
  block.addSubnet(address, bits);
  return block.check(METADATA_ADDRESS);
};
