// The results of the last whole run with each version of the provider, kept in results.json for the page of
// coverage: with which versions, when, and which operations each scenario drove. Written by
// `npm run conformance:terraform` alone, so that no other run changes the tree.
import { readFileSync, writeFileSync } from 'node:fs';
import { lacking, SCENARIOS } from './scenarios.ts';
import { isAtLeast, type Programs } from './terraform.ts';

export interface ScenarioResult {
  /** As numbered among the provider's own acceptance tests; 0 for what is none of them. */
  number: number;
  title: string;
  passed: boolean;
  seconds: number;
  operations: string[];
}

export interface Run {
  client: string;
  version: string;
  terraformVersion: string;
  date: string;
  scenarios: readonly ScenarioResult[];
  notRun: readonly { number: number; title: string; reason: string }[];
}

const FILE = new URL('results.json', import.meta.url);

/** One run for each version of the provider, oldest version first. */
export const readRuns = (): Run[] => JSON.parse(readFileSync(FILE, 'utf8')) as Run[];

/**
 * Takes the place of the earlier run with that provider. When only some of the scenarios ran, they take their
 * places in that run, if it is of the same day and the same Terraform; else nothing is written. Scenarios
 * that the provider cannot go through are told with the reason.
 */
export const writeRun = (programs: Programs, ran: readonly ScenarioResult[]): void => {
  const version = programs.providerVersion.slice(1);
  const { terraformVersion } = programs;
  const date = new Date().toISOString().slice(0, 10);
  const runs = readRuns();
  const earlier = runs.find((run) => run.version === version);
  const isSame = earlier?.date === date && earlier.terraformVersion === terraformVersion;
  const titles = new Set(ran.map(({ title }) => title));
  const notRun = SCENARIOS.flatMap((scenario) => {
    const reason = lacking(scenario, version);
    const { number, title } = scenario;
    return reason === undefined ? [] : [{ number, title, reason }];
  });
  const isWhole = titles.size + notRun.length === SCENARIOS.length;
  if (!isWhole && !isSame) return;
  const kept = isWhole ? [] : (earlier?.scenarios ?? []).filter(({ title }) => !titles.has(title));
  const run: Run = {
    client: 'terraform-provider-alicloud',
    version,
    terraformVersion,
    date,
    scenarios: [...kept, ...ran].toSorted((a, b) => a.number - b.number),
    notRun,
  };
  const others = runs.filter((other) => other.version !== version);
  const all = [...others, run].toSorted((a, b) => (isAtLeast(a.version, b.version) ? 1 : -1));
  writeFileSync(FILE, `${JSON.stringify(all, null, 2)}\n`);
};
