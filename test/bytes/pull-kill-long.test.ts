import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pullAndKill } from './pull-kill.ts';

const SIZE_BYTES = 128 * 2 ** 20;
const VICTIMS = ['client', 'server', 'client', 'server', 'client'] as const;

test('a pull that is killed five times, client and server, is the image', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-bytes-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'disk.raw');
  writeFileSync(path, randomBytes(SIZE_BYTES));
  const report = await pullAndKill({ after: (end) => t.after(end) }, path, VICTIMS);
  t.diagnostic(JSON.stringify(report));
  assert.equal(report.pulled, report.sha256);
  // A kill costs at most the blocks that were on their way, whatever the size of the file.
  assert.ok(report.receivedBytes - report.sizeBytes < 40 * 2 ** 20, `${report.receivedBytes}`);
});
