import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sweepLeftovers } from './bucket-leftovers.ts';

test('only bodies that nobody has written for a day are removed', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'kindred-leftovers-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const bucket = join(root, 'images');
  mkdirSync(bucket);
  for (const name of ['.kindred-put-old', '.kindred-put-new', '.kindred-upload-old', 'object'])
    writeFileSync(join(bucket, name), 'x');
  const nowMs = Date.now();
  for (const name of ['.kindred-put-old', '.kindred-upload-old', 'object'])
    utimesSync(join(bucket, name), nowMs / 1000, nowMs / 1000 - 2 * 86_400);
  assert.equal(await sweepLeftovers(root, nowMs), 1);
  const left = ['.kindred-put-new', '.kindred-upload-old', 'object'];
  assert.deepEqual(readdirSync(bucket).toSorted(), left);
  assert.equal(await sweepLeftovers(join(root, 'none'), nowMs), 0);
});
