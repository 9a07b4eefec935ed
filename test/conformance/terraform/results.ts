// The results of the last whole run with each version of the provider, kept in results.json for the page of
// coverage: with which versions, when, and which operations each scenario drove. Written by
// `npm run conformance:terraform` alone, so that no other run changes the tree.
import { readFileSync, writeFileSync } from 'node:fs';
import type { Scenario } from './run-scenario.ts';
import { lacking } from './scenarios.ts';
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
 * Takes the place of the earlier run with that provider. `all` are the scenarios that there are; those that
 * the provider cannot go through are told with the reason.
 */
export const writeRun = (
  programs: Programs,
  ran: readonly ScenarioResult[],
  all: readonly Scenario[],
): void => {
  const version = programs.providerVersion.slice(1);
  const run: Run = {
    client: 'terraform-provider-alicloud',
    version,
    terraformVersion: programs.terraformVersion,
    date: new Date().toISOString().slice(0, 10),
    scenarios: ran.toSorted((a, b) => a.number - b.number),
    notRun: all.flatMap((scenario) => {
      const reason = lacking(scenario, version);
      const { number, title } = scenario;
      return reason === undefined ? [] : [{ number, title, reason }];
    }),
  };
  const others = readRuns().filter((other) => other.version !== version);
  const runs = [...others, run].toSorted((a, b) => (isAtLeast(a.version, b.version) ? 1 : -1));
  writeFileSync(FILE, `${JSON.stringify(runs, null, 2)}\n`);
};
