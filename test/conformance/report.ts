// The end of a run of the conformance suites: one table of the clients, and what makes the run fail beyond
// its tests: an operation that a client no longer drives, a parameter that nothing in the server read.
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { broken, drivenIn, readDriven, refreshed, successes, writeDriven } from './driven.ts';
import type { Recorded } from './record.ts';

/** A parameter that a client sends and that has no effect here, with the reason why that is right. */
interface KnownIgnored {
  client: string;
  operation: string;
  parameter: string;
  reason: string;
}

export interface ReportOptions {
  /** Where the suites left their records. */
  folder: string;
  /** The test files that were run. */
  files: readonly string[];
  /** Writes what was seen to driven.json instead of comparing it with the file. */
  refresh: boolean;
}

const suiteOf = (path: string): string => basename(path, '.test.ts');

/** Prints the table. @returns whether all is as it should be */
export const reportConformance = ({ folder, files, refresh }: ReportOptions): boolean => {
  const records = globSync(join(folder, '*.json')).map(
    (path) => JSON.parse(readFileSync(path, 'utf8')) as Recorded,
  );
  if (records.length === 0) return true;
  console.log(`\n${table(records)}`);
  const here = new URL('.', import.meta.url);
  const known = JSON.parse(readFileSync(new URL('ignored.json', here), 'utf8')) as KnownIgnored[];
  const faults = unlisted(records, known);
  if (refresh) {
    const suites = new Set(globSync('test/conformance/**/*.test.ts').map(suiteOf));
    const date = new Date().toISOString().slice(0, 10);
    writeDriven(refreshed(readDriven(), drivenIn(records, date), suites));
  } else faults.push(...broken(readDriven(), records, new Set(files.map(suiteOf))));
  for (const fault of faults) console.log(`conformance: ${fault}`);
  return faults.length === 0;
};

/** One row a client; the names of the operations stand in driven.json. */
export const table = (records: readonly Recorded[]): string => {
  const groups = Map.groupBy(records, ({ client, version }) => `${client}\n${version}`);
  const rows = [...groups.values()].map((group) => {
    const { client, version } = group[0]!;
    const ran = group.filter(({ skipped }) => skipped === undefined);
    const passed = ran.filter((record) => record.passed).length;
    const outcome =
      ran.length === 0
        ? `skipped: ${group[0]!.skipped}`
        : passed === ran.length
          ? 'passed'
          : `FAILED: ${ran.length - passed} of ${ran.length} tests`;
    return [client, version, String(successes(ran).length), String(callsOf(ran)), outcome];
  });
  const lines = [
    ['client', 'version', 'operations', 'calls', 'outcome'],
    ...rows.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  ];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) => line.map((cell, i) => cell.padEnd(widths[i]!)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
};

const callsOf = (records: readonly Recorded[]): number =>
  records
    .flatMap(({ operations }) => Object.values(operations))
    .flatMap((codes) => Object.values(codes))
    .reduce((sum, count) => sum + count, 0);

/** Parameters that were sent, read by nothing, and are not listed with a reason. */
export const unlisted = (
  records: readonly Recorded[],
  known: readonly KnownIgnored[],
): string[] => {
  const listed = new Set(
    known.map(({ client, operation, parameter }) => `${client}\n${operation} ${parameter}`),
  );
  const faults = records.flatMap(({ client, ignored }) =>
    Object.keys(ignored)
      .filter((key) => !listed.has(`${client}\n${key}`))
      .map(
        (key) =>
          `${client} sends ${key.replace(/ (\S+)$/, ' the parameter $1')}, which nothing read`,
      ),
  );
  return [...new Set(faults)];
};
