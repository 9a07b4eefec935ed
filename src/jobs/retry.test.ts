import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SyncFailure } from '../blobs/folders.ts';
import { Pauses } from './pauses.ts';
import { StoreUnavailable } from '../blobs/blob-store.ts';
import { backOffMs, failureOf, MAX_ATTEMPTS, MAX_UNAVAILABLE_ATTEMPTS } from './retry.ts';

test('pauses double from the first to the longest', () => {
  const retry = { firstMs: 500, mostMs: 60_000 };
  const delays = [1, 2, 3, 7, 8, 9, 1_000].map((attempts) => backOffMs(attempts, retry));
  assert.deepEqual(delays, [500, 1_000, 2_000, 32_000, 60_000, 60_000, 60_000]);
});

test('a failed sync is never tried again, and want of room is told as such', () => {
  const full = Object.assign(new Error('no room'), { code: 'ENOSPC' });
  assert.equal(failureOf(new SyncFailure('x'), 1)?.errorCode, 'SYNC_FAILED');
  assert.equal(failureOf(full, 1)?.errorCode, 'NO_SPACE');
  assert.equal(failureOf(new Error('x'), MAX_ATTEMPTS - 1), undefined);
  assert.equal(failureOf(new Error('x'), MAX_ATTEMPTS)?.errorCode, 'INTERNAL');
});

test('what the system has no right to is told at once, by its end', () => {
  const denied = (code: string, syscall: string) =>
    failureOf(Object.assign(new Error('closed'), { code, syscall }), 1)?.errorCode;
  assert.equal(denied('EACCES', 'open'), 'SOURCE_UNREADABLE');
  assert.equal(denied('EPERM', 'rename'), 'TARGET_UNWRITABLE');
  assert.equal(denied('EROFS', 'open'), 'TARGET_UNWRITABLE');
  assert.equal(denied('EBUSY', 'rename'), undefined);
});

test('a store that does not answer is asked for longer, and then named', () => {
  const away = new StoreUnavailable('x');
  assert.equal(failureOf(away, MAX_UNAVAILABLE_ATTEMPTS - 1), undefined);
  assert.equal(failureOf(away, MAX_UNAVAILABLE_ATTEMPTS)?.errorCode, 'STORE_UNAVAILABLE');
});

test('a pause ends by the monotonic clock, and what is unknown is due', () => {
  let nowMs = 1_000;
  const pauses = new Pauses(
    { firstMs: 100, mostMs: 1_000 },
    {
      wallMs: () => nowMs,
      monotonicMs: () => nowMs,
    },
  );
  pauses.afterFailure('a', 1);
  pauses.set('b', 0, 50);
  assert.deepEqual([pauses.isDue('a'), pauses.isDue('b'), pauses.isDue('c')], [false, false, true]);
  assert.deepEqual([pauses.nextMs(() => false), pauses.nextMs((id) => id === 'b')], [50, 100]);
  nowMs += 70;
  assert.deepEqual([pauses.isDue('a'), pauses.isDue('b'), pauses.attempts('a')], [false, true, 1]);
  pauses.keepOnly(new Set(['b']));
  assert.deepEqual([pauses.isDue('a'), pauses.nextMs(() => false)], [true, 0]);
  pauses.end('b');
  assert.equal(
    pauses.nextMs(() => false),
    undefined,
  );
});

test('a pause that waits for the wall clock is not looked at before, however long it waits', () => {
  let [wallMs, monotonicMs] = [1_000, 0];
  const clocks = { wallMs: () => wallMs, monotonicMs: () => monotonicMs };
  const pauses = new Pauses({ firstMs: 100, mostMs: 1_000 }, clocks);
  pauses.set('a', 0, 1_000, 61_000);
  monotonicMs = 5_000;
  wallMs = 6_000;
  assert.deepEqual([pauses.isDue('a'), pauses.nextMs(() => false)], [false, 55_000]);
  assert.deepEqual([pauses.wallOf('a'), pauses.nextWallMs()], [61_000, 61_000]);
  wallMs = 61_000;
  assert.deepEqual([pauses.isDue('a'), pauses.nextMs(() => false)], [true, 0]);
  assert.deepEqual([pauses.wallOf('a'), pauses.nextWallMs()], [undefined, undefined]);
});
