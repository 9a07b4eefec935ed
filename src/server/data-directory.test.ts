// The mark of a directory that was made for tests: who sets it, what it opens, and that it stays.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemRandom } from '../lib/random.ts';
import { openDataDirectory, type DataDirectoryOptions } from './data-directory.ts';

const fresh = (t: TestContext): string => {
  const path = mkdtempSync(join(tmpdir(), 'kindred-mark-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const openAs = (path: string, options: DataDirectoryOptions): boolean => {
  const { isForTests, release } = openDataDirectory(path, systemRandom(), options);
  release();
  return isForTests;
};

for (const [name, options] of Object.entries({
  'test controls': { hasTestControls: true },
  ephemeral: { isEphemeral: true },
}))
  test(`a directory that is new with ${name} is for tests, and stays so`, (t) => {
    const path = fresh(t);
    assert.equal(openAs(path, options), true);
    assert.equal(openAs(path, {}), true);
    assert.equal(openAs(path, { hasTestControls: true }), true);
    assert.equal(JSON.parse(readFileSync(join(path, 'kindred.json'), 'utf8')).forTests, true);
  });

test('a directory of a registry never opens to the test controls', (t) => {
  const path = fresh(t);
  assert.equal(openAs(path, {}), false);
  assert.equal(openAs(path, { isEphemeral: true }), false);
  assert.throws(() => openAs(path, { hasTestControls: true }), {
    name: 'StartRefused',
    message: /was not made for tests/,
  });
  // The lock is free again.
  assert.equal(openAs(path, {}), false);
});
