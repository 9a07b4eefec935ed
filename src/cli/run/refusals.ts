// What a run kept from leaving, and what it could not serve: counted while it runs, told at its end.
import { METADATA_ADDRESS, SERVED_WORDS } from './cloud-host.ts';

/** Why a call was not let through, or not answered. */
export type Reason = 'cloud' | 'offline' | 'distrust';

export interface Refusals {
  count(reason: Reason, host: string): void;
  /** How many hosts of the cloud were called in vain. */
  readonly cloudCalls: number;
  /** Empty when there is nothing to tell. */
  text(): string;
}

/** Names told for each reason; what comes after is counted together. */
const MAX_NAMES = 100;
const REST = 'other hosts';

const HEADS: Readonly<Record<Reason, (calls: number) => string>> = {
  cloud: (calls) =>
    `kindred run refused ${times(calls, 'call')} to Alibaba hosts that Kindred does not serve:`,
  offline: (calls) => `kindred run --offline refused ${times(calls, 'call')} to other hosts:`,
  distrust: (calls) =>
    `${times(calls, 'client connection')} broke off in the TLS handshake: that client does not trust the CA of this run:`,
};

const TAILS: Readonly<Record<Reason, string>> = {
  cloud: `Kindred serves ${SERVED_WORDS}. --allow HOST lets a host through.`,
  offline: 'Without --offline, or with --allow HOST, they are let through.',
  distrust: 'kindred run --help says which variables clients read it from.',
};

const times = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const shown = (host: string): string =>
  host === METADATA_ADDRESS ? `${host} (metadata of an ECS instance)` : host;

export const makeRefusals = (): Refusals => {
  const counts: Record<Reason, Map<string, number>> = {
    cloud: new Map(),
    offline: new Map(),
    distrust: new Map(),
  };
  const total = (reason: Reason): number =>
    [...counts[reason].values()].reduce((sum, count) => sum + count, 0);
  const section = (reason: Reason): string => {
    const found = [...counts[reason]].toSorted(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    if (found.length === 0) return '';
    const lines = found.map(([host, count]) => `  ${String(count).padStart(5)}  ${shown(host)}\n`);
    return `${HEADS[reason](total(reason))}\n${lines.join('')}${TAILS[reason]}\n`;
  };
  return {
    count(reason, host) {
      const of = counts[reason];
      const name = of.has(host) || of.size < MAX_NAMES ? host : REST;
      of.set(name, (of.get(name) ?? 0) + 1);
    },
    get cloudCalls() {
      return total('cloud');
    },
    text: () => `${section('cloud')}${section('offline')}${section('distrust')}`,
  };
};
