// Terraform and its alicloud provider, both unmodified, against a real Kindred: the scenarios that the
// provider's own acceptance tests go through. Most of their time is the provider's own waiting (a
// minute after each creation), so they run beside one another, each with a server of its own.
// KINDRED_TEST_SCENARIO picks one by its folder, KINDRED_TEST_TERRAFORM_PROVIDER names a provider.
import { test } from 'node:test';
import { skipOrFail } from '../programs.ts';
import { recordSkip } from '../record.ts';
import { writeRun, type ScenarioResult } from './results.ts';
import { runScenario } from './run-scenario.ts';
import { lacking, SCENARIOS } from './scenarios.ts';
import { findPrograms } from './terraform.ts';

const NAME = "Terraform's alicloud provider";
const CONCURRENCY = 6;
const programs = findPrograms();
const skip = typeof programs === 'string' && skipOrFail(NAME, programs);
if (typeof programs === 'string') recordSkip({ client: 'Terraform', version: '' }, programs);
const only = process.env.KINDRED_TEST_SCENARIO;
const scenarios = SCENARIOS.filter(({ folder }) => only === undefined || folder === only);

test(NAME, { skip, concurrency: CONCURRENCY }, async (t) => {
  if (typeof programs === 'string') return;
  const results: ScenarioResult[] = [];
  await Promise.all(
    scenarios.map((scenario) => {
      const { number, title } = scenario;
      const name = `${number}: ${title}`;
      const lacks = lacking(scenario, programs.providerVersion);
      const how = `${lacks}, and this is ${programs.providerVersion}: name one in KINDRED_TEST_TERRAFORM_PROVIDER`;
      const skip = lacks !== undefined && skipOrFail(name, how);
      return t.test(name, { skip }, async (one) => {
        const startedMs = performance.now();
        const result = { number, title, passed: false, seconds: 0, operations: [] as string[] };
        results.push(result);
        result.operations = await runScenario(one, programs, scenario);
        result.seconds = Math.round((performance.now() - startedMs) / 1000);
        result.passed = true;
      });
    }),
  );
  if (process.env.KINDRED_TEST_RECORD) writeRun(programs, results);
});
