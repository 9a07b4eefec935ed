// A short run of the fuzzer, in a process of its own: `npm run fuzz` makes long ones.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const fuzzer = fileURLToPath(new URL('fuzz.ts', import.meta.url));
const seed = process.env.KINDRED_TEST_SEED ?? String(Date.now() % 2 ** 31);

test('200,000 executions of the fuzzer find nothing', (t) => {
  t.diagnostic(`KINDRED_TEST_SEED=${seed}`);
  const out = mkdtempSync(join(tmpdir(), 'kindred-fuzz-'));
  t.after(() => rmSync(out, { recursive: true }));
  const limits = ['--executions', '200000', '--seconds', '600', '--seed', seed, '--out', out];
  const { status, stdout, stderr } = spawnSync(process.execPath, [fuzzer, ...limits], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  assert.match(stdout, /executions: 200000/);
});
