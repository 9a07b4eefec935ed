// Judged by tar itself.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { tarHeader } from './tar-header.ts';

/** What tar says of an archive that breaks off after the header. */
const listed = (header: Buffer): string =>
  spawnSync('tar', ['--utc', '-tvf', '-'], { input: header, encoding: 'utf8' }).stdout;

test('tar reads name, size, time and owner, also of a file of many GiB', () => {
  const modifiedMs = Date.UTC(2026, 10, 24, 12, 30);
  for (const sizeBytes of [1, 8 ** 11 - 1, 8 ** 11, 2 ** 46 + 7])
    assert.match(
      listed(tarHeader('a_m-1_system.raw', sizeBytes, modifiedMs)),
      new RegExp(`^-rw-r--r-- root/root +${sizeBytes} 2026-11-24 12:30 a_m-1_system.raw$`, 'm'),
    );
});

test('a name that does not fit is refused, not cut', () => {
  assert.equal(tarHeader('x'.repeat(100), 0, 0).length, 512);
  assert.throws(() => tarHeader('x'.repeat(101), 0, 0), RangeError);
  assert.throws(() => tarHeader('镜'.repeat(40), 0, 0), RangeError);
});
