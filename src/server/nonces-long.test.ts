import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Nonces, WINDOW_MS } from './nonces.ts';

const COUNT = 1_000_000;
const MOST_BYTES = 100;

/** Different for every number, and spread like the digits of a hash. */
const fingerprint = (i: number): string =>
  (Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') +
  (Math.imul(i + 1, 0x85ebca6b) >>> 0).toString(16).padStart(8, '0');

test('a million nonces take at most 100 bytes each, and none is forgotten before its time', (t) => {
  const nowMs = Date.UTC(2026, 10, 24, 12);
  const nonces = new Nonces();
  const timestampOf = (i: number) => nowMs - WINDOW_MS + (i % 31) * 60_000;
  const memory = () => process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
  const before = memory();
  let used = 0;
  for (let i = 0; i < COUNT; i += 1)
    if (nonces.use(fingerprint(i), timestampOf(i), nowMs) !== 'new') used += 1;
  const bytes = (memory() - before) / COUNT;
  assert.equal(used, 0);
  assert.ok(bytes < MOST_BYTES, `${bytes.toFixed(0)} bytes a nonce`);
  t.diagnostic(`${bytes.toFixed(0)} bytes a nonce`);
  for (let i = 0; i < COUNT; i += 97)
    assert.equal(nonces.use(fingerprint(i), timestampOf(i), nowMs), 'used', String(i));
});

test('what is full is full for everybody, until minutes have passed', () => {
  const nowMs = Date.UTC(2026, 10, 24, 12);
  const nonces = new Nonces(undefined, 3);
  for (let i = 0; i < 3; i += 1) assert.equal(nonces.use(fingerprint(i), nowMs, nowMs), 'new');
  assert.equal(nonces.use(fingerprint(3), nowMs, nowMs), 'full');
  // Nothing was thrown out for it.
  const laterMs = nowMs + WINDOW_MS;
  assert.equal(nonces.use(fingerprint(3), laterMs, laterMs), 'full');
  const afterMs = nowMs + WINDOW_MS + 120_000;
  assert.equal(nonces.use(fingerprint(3), afterMs, afterMs), 'new');
});
