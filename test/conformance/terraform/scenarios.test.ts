// What holds without Terraform: every folder is a scenario, and the committed result is of the provider
// that is pinned, whole and good.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { BUILDER_SCENARIOS } from './builder-scenarios.ts';
import { IMAGE_SCENARIOS } from './image-scenarios.ts';
import { INSTANCE_SCENARIOS } from './instance-scenarios.ts';
import { MORE_SCENARIOS } from './more-scenarios.ts';
import { pinnedVersion } from './terraform.ts';
import type { Results } from './results.ts';

const here = new URL('.', import.meta.url);
const scenarios = [
  ...IMAGE_SCENARIOS,
  ...INSTANCE_SCENARIOS,
  ...MORE_SCENARIOS,
  ...BUILDER_SCENARIOS,
];

test('each folder of configuration is one scenario', () => {
  const folders = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'provider')
    .map(({ name }) => name);
  assert.deepEqual(folders.toSorted(), scenarios.map(({ folder }) => folder).toSorted());
});

test('the committed result is of the pinned provider, and each scenario passed', () => {
  const results = JSON.parse(readFileSync(new URL('results.json', here), 'utf8')) as Results;
  assert.equal(`v${results.version}`, pinnedVersion());
  assert.match(results.date, /^\d{4}-\d\d-\d\d$/);
  const titles = (list: readonly { number: number; title: string }[]) =>
    list.map(({ number, title }) => `${number}: ${title}`).toSorted();
  assert.deepEqual(titles(results.scenarios), titles(scenarios));
  for (const { title, passed, operations } of results.scenarios) {
    assert.ok(passed, title);
    assert.ok(operations.length > 0, title);
  }
});
