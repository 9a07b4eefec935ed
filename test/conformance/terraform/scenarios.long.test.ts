// Terraform and its alicloud provider, both unmodified, against a real Kindred: the scenarios that the
// provider's own acceptance tests go through. Most of their time is the provider's own waiting (a
// minute after each creation), so they run beside one another, each with a server of its own.
// KINDRED_TEST_SCENARIO picks one by its folder.
import { test } from 'node:test';
import { skipOrFail } from '../programs.ts';
import { recordSkip } from '../record.ts';
import { BUILDER_SCENARIOS } from './builder-scenarios.ts';
import { IMAGE_SCENARIOS } from './image-scenarios.ts';
import { INSTANCE_SCENARIOS } from './instance-scenarios.ts';
import { MORE_SCENARIOS } from './more-scenarios.ts';
import { writeResults, type ScenarioResult } from './results.ts';
import { runScenario } from './run-scenario.ts';
import { findPrograms } from './terraform.ts';

const NAME = "Terraform's alicloud provider";
const CONCURRENCY = 6;
const programs = findPrograms();
const skip = typeof programs === 'string' && skipOrFail(NAME, programs);
if (typeof programs === 'string') recordSkip({ client: 'Terraform', version: '' }, programs);
const only = process.env.KINDRED_TEST_SCENARIO;
const scenarios = [
  ...IMAGE_SCENARIOS,
  ...INSTANCE_SCENARIOS,
  ...MORE_SCENARIOS,
  ...BUILDER_SCENARIOS,
].filter(({ folder }) => only === undefined || folder === only);

test(NAME, { skip, concurrency: CONCURRENCY }, async (t) => {
  if (typeof programs === 'string') return;
  const results: ScenarioResult[] = [];
  await Promise.all(
    scenarios.map(({ ...scenario }) =>
      t.test(`${scenario.number}: ${scenario.title}`, async (one) => {
        const startedMs = performance.now();
        const { number, title } = scenario;
        const result = { number, title, passed: false, seconds: 0, operations: [] as string[] };
        results.push(result);
        result.operations = await runScenario(one, programs, scenario);
        result.seconds = Math.round((performance.now() - startedMs) / 1000);
        result.passed = true;
      }),
    ),
  );
  if (process.env.KINDRED_TEST_RECORD && only === undefined) writeResults(programs, results);
});
