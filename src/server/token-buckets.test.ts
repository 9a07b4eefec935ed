import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TokenBuckets } from './token-buckets.ts';

test('however many names come, so many are kept, and the one that was used last is among them', () => {
  const clock = { monotonicMs: () => 0 };
  const buckets = new TokenBuckets(1, clock);
  assert.equal(buckets.take('busy'), 0);
  for (let name = 0; name < 30_000; name += 1) {
    buckets.take(`name ${name}`);
    assert.equal(buckets.take('busy'), 1_000);
  }
  assert.equal(buckets.size, 10_000);
  assert.equal(buckets.look('name 29999'), 1_000);
  assert.equal(buckets.look('name 0'), 0, 'the oldest is forgotten');
});

test('without a limit nothing is kept', () => {
  const buckets = new TokenBuckets(0, { monotonicMs: () => 0 });
  for (let call = 0; call < 1_000; call += 1) assert.equal(buckets.take('a'), 0);
  assert.equal(buckets.size, 0);
});
