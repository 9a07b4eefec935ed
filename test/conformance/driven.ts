// test/conformance/driven.json: which operation which official client drives, as it was last seen. It
// feeds the page of coverage, and a run in which a client no longer drives what stands there fails.
import { readFileSync, writeFileSync } from 'node:fs';
import type { ClientId, Recorded } from './record.ts';

/** What one client drives in one suite. */
export interface Driven extends ClientId {
  suite: string;
  /** The day of the run. */
  date: string;
  /** Answered with success at least once; in order. */
  operations: string[];
}

const FILE = new URL('driven.json', import.meta.url);

export const readDriven = (): Driven[] => JSON.parse(readFileSync(FILE, 'utf8')) as Driven[];

export const writeDriven = (driven: readonly Driven[]): void =>
  writeFileSync(FILE, `${JSON.stringify(driven, null, 2)}\n`);

const keyOf = ({ client, suite }: { client: string; suite: string }): string =>
  `${client} in ${suite}`;

/** One entry for each client and suite whose every test passed. */
export const drivenIn = (records: readonly Recorded[], date: string): Driven[] => {
  const groups = Map.groupBy(records, keyOf);
  return [...groups.values()]
    .filter((group) => group.every(({ passed }) => passed))
    .map((group) => {
      const { client, suite } = group[0]!;
      const version = [...new Set(group.map((record) => record.version))].toSorted().join(', ');
      return { client, version, suite, date, operations: successes(group) };
    })
    .filter(({ operations }) => operations.length > 0);
};

/** What was answered with success. */
export const successes = (records: readonly Recorded[]): string[] => {
  const all = records.flatMap(({ operations }) =>
    Object.entries(operations)
      .filter(([, codes]) => codes.OK !== undefined)
      .map(([name]) => name),
  );
  return [...new Set(all)].toSorted();
};

/** The file after a run: what was seen replaces what stood there, the rest stays. */
export const refreshed = (
  claimed: readonly Driven[],
  seen: readonly Driven[],
  suites: ReadonlySet<string>,
): Driven[] => {
  const all = new Map(claimed.map((entry) => [keyOf(entry), entry]));
  for (const entry of seen) all.set(keyOf(entry), entry);
  return [...all.values()]
    .filter(({ suite, operations }) => suites.has(suite) && operations.length > 0)
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
};

/** What the file claims and the run did not show, in words; clients that were skipped claim nothing. */
export const broken = (
  claimed: readonly Driven[],
  records: readonly Recorded[],
  suites: ReadonlySet<string>,
): string[] => {
  const groups = Map.groupBy(records, keyOf);
  return claimed.flatMap((entry) => {
    if (!suites.has(entry.suite)) return [];
    const group = groups.get(keyOf(entry)) ?? [];
    if (group.some(({ skipped }) => skipped !== undefined)) return [];
    const seen = new Set(successes(group));
    const lost = entry.operations.filter((operation) => !seen.has(operation));
    return lost.length === 0 ? [] : [`${keyOf(entry)} no longer drives ${lost.join(', ')}`];
  });
};
