import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkDirectory } from './doctor-directory.ts';
import { checkRuntime } from './doctor-runtime.ts';

const levels = (findings: readonly { level: string }[]): string[] =>
  findings.map(({ level }) => level);

test('an old Node.js and an old SQLite fail, another platform is a warning', () => {
  const good = { node: '24.15.0', sqlite: '3.51.3' };
  assert.deepEqual(levels(checkRuntime(good, 'linux arm64')), ['ok', 'ok', 'ok']);
  assert.deepEqual(levels(checkRuntime({ node: '26.0.0', sqlite: '4.0.0' }, 'darwin arm64')), [
    'ok',
    'ok',
    'warn',
  ]);
  const old = checkRuntime({ node: '24.9.1', sqlite: '3.51.2' }, 'linux x64');
  assert.deepEqual(levels(old), ['fail', 'fail', 'ok']);
  assert.match(old[0]!.advice!, /24\.15/);
});

test('secrets that others can read are a warning with the command to run', (t) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'kindred-doctor-'));
  t.after(() => rmSync(dataDir, { recursive: true, force: true }));
  writeFileSync(join(dataDir, 'kindred.json'), '{}');
  writeFileSync(join(dataDir, 'master.key'), 'x', { mode: 0o600 });
  assert.ok(!checkDirectory(dataDir).some(({ text }) => text.includes('open to other users')));
  chmodSync(join(dataDir, 'master.key'), 0o644);
  const open = checkDirectory(dataDir).filter(({ text }) => text.includes('open to other users'));
  assert.deepEqual(
    open.map(({ advice }) => advice),
    [`chmod go= ${join(dataDir, 'master.key')}`],
  );
});
