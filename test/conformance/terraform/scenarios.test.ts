// What holds without Terraform: every folder is a scenario, the committed results are whole and good, and a
// provider that is named is taken as what it is.
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRuns } from './results.ts';
import { lacking, SCENARIOS } from './scenarios.ts';
import { isAtLeast, namedProvider } from './terraform.ts';

const here = new URL('.', import.meta.url);

test('each folder of configuration is one scenario', () => {
  const folders = readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'provider')
    .map(({ name }) => name);
  assert.deepEqual(folders.toSorted(), SCENARIOS.map(({ folder }) => folder).toSorted());
});

test('in the committed results each scenario passed, or the provider lacks what it needs', () => {
  const runs = readRuns();
  const titles = (list: readonly { number: number; title: string }[]) =>
    list.map(({ number, title }) => `${number}: ${title}`).toSorted();
  for (const { version, date, scenarios, notRun } of runs) {
    assert.match(date, /^\d{4}-\d\d-\d\d$/);
    const cannot = SCENARIOS.filter((scenario) => lacking(scenario, version) !== undefined);
    assert.deepEqual(titles(notRun), titles(cannot), version);
    for (const { title, passed, operations } of scenarios) {
      assert.ok(passed, `${version}: ${title}`);
      assert.ok(operations.length > 0, `${version}: ${title}`);
    }
  }
  const newest = runs.at(-1);
  assert.ok(newest && runs.every(({ version }) => isAtLeast(newest.version, version)));
  assert.deepEqual(titles(newest.scenarios), titles(SCENARIOS), 'the newest provider ran them all');
});

test('versions are compared number by number', () => {
  assert.ok(isAtLeast('v1.227.0', '1.227.0'));
  assert.ok(isAtLeast('1.1000.0', '1.227.1'));
  assert.ok(isAtLeast('v2.0.0', '1.227.1'));
  assert.ok(!isAtLeast('v1.227.0', '1.227.1'));
  assert.ok(!isAtLeast('v1.99.5', '1.227.0'));
});

test('a provider that is named is an executable, and says its version by its name', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-provider-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'terraform-provider-alicloud_v1.262.1');
  assert.throws(() => namedProvider(path), /no file that can be executed/);
  writeFileSync(path, '');
  assert.throws(() => namedProvider(path), /no file that can be executed/);
  chmodSync(path, 0o755);
  assert.deepEqual(namedProvider(path), { provider: path, providerVersion: 'v1.262.1' });
  assert.throws(() => namedProvider(join(folder, 'provider')), /called as in the archive/);
  assert.throws(() => namedProvider(folder), /called as in the archive/);
});
