// The result of the last whole run, kept in results.json for the page of coverage: with which versions,
// when, and which operations each scenario drove. Written by `npm run conformance:terraform` alone, so
// that no other run changes the tree.
import { writeFileSync } from 'node:fs';
import type { Programs } from './terraform.ts';

export interface ScenarioResult {
  /** As numbered among the provider's own acceptance tests; 0 for what is none of them. */
  number: number;
  title: string;
  passed: boolean;
  seconds: number;
  operations: string[];
}

export interface Results {
  client: string;
  version: string;
  terraformVersion: string;
  date: string;
  scenarios: readonly ScenarioResult[];
  notRun: readonly { number: number; title: string; reason: string }[];
}

/** Those of the numbered scenarios that this provider cannot run, and why. */
const NOT_RUN: Results['notRun'] = [
  {
    number: 11,
    title: 'the image family changes',
    reason: 'alicloud_image has no image_family before provider 1.227',
  },
];

export const writeResults = (programs: Programs, scenarios: readonly ScenarioResult[]): void => {
  const results: Results = {
    client: 'terraform-provider-alicloud',
    version: programs.providerVersion.slice(1),
    terraformVersion: programs.terraformVersion,
    date: new Date().toISOString().slice(0, 10),
    scenarios: scenarios.toSorted((a, b) => a.number - b.number),
    notRun: NOT_RUN,
  };
  const path = new URL('results.json', import.meta.url);
  writeFileSync(path, `${JSON.stringify(results, null, 2)}\n`);
};
