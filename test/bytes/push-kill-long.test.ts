import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pushAndKill } from './push-kill.ts';

const SIZE_BYTES = 128 * 2 ** 20;
const VICTIMS = ['client', 'server', 'client', 'server', 'client'] as const;

test('a push that is killed five times, client and server, is one whole image', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-bytes-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'disk.raw');
  const bytes = randomBytes(SIZE_BYTES);
  bytes.fill(0, SIZE_BYTES / 4, SIZE_BYTES / 2);
  writeFileSync(path, bytes);
  const report = await pushAndKill({ after: (end) => t.after(end) }, path, VICTIMS);
  t.diagnostic(JSON.stringify(report));
  assert.equal(report.digest, report.sha256);
  assert.equal(report.served, report.sha256);
  assert.equal(report.images, 1);
  // What is on its way when a process dies is a few MiB, whatever the size of the file.
  assert.ok(report.sentBytes - report.sizeBytes < 24 * 2 ** 20, `${report.sentBytes}`);
});
