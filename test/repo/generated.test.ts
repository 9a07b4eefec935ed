import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

test('everything that is generated is fresh', () => {
  const { status, stderr } = spawnSync(process.execPath, ['tools/gen.ts', '--check'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});
