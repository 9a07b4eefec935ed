import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAX_READ_BYTES, bufferReader, fileReader, type DiskReader } from './reader.ts';

const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i & 0xff);

function checkBounds(reader: DiskReader): void {
  assert.equal(reader.sizeBytes, 1000);
  assert.deepEqual([...reader.read(10, 3)], [10, 11, 12]);
  assert.equal(reader.read(990, 100).length, 10);
  assert.equal(reader.read(1000, 1).length, 0);
  assert.equal(reader.read(Number.MAX_SAFE_INTEGER, 1).length, 0);
  for (const [offset, length] of [
    [-1, 1],
    [0.5, 1],
    [0, -1],
    [0, MAX_READ_BYTES + 1],
    [2 ** 60, 1],
  ] as const)
    assert.throws(() => reader.read(offset, length), RangeError);
}

test('a buffer is read within its bounds', () => checkBounds(bufferReader(bytes)));

test('a file is read within its bounds, also when it shrinks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-reader-'));
  const path = join(folder, 'image');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  const reader = fileReader(fd, 1000);
  checkBounds(reader);
  truncateSync(path, 500);
  assert.equal(reader.read(490, 20).length, 10);
  closeSync(fd);
  rmSync(folder, { recursive: true });
});
