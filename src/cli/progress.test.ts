import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captureIo } from './captured-io.ts';
import { bytesText, durationText, makeProgress } from './progress.ts';

test('sizes and times are told shortly', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 200 * 1024, 5 * 2 ** 30, 2 ** 50].map(bytesText), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 KiB',
    '200 KiB',
    '5.0 GiB',
    '1024 TiB',
  ]);
  assert.deepEqual([0, 999, 61_000, 3_723_000].map(durationText), [
    '0:00',
    '0:01',
    '1:01',
    '1:02:03',
  ]);
});

test('a bar tells how far it is, how fast, and how long it will take', () => {
  let nowMs = 0;
  const io = captureIo({ isErrTerminal: true, columns: 200 });
  const bar = makeProgress(io, 'pull', 1000, 500, () => nowMs);
  nowMs = 1000;
  bar.at(750);
  assert.match(io.stderr, /pull \[#{18}-{6}\] 75% {2}750 B of 1000 B {2}250 B\/s {2}0:01 left$/);
  nowMs = 1100;
  bar.at(800);
  assert.doesNotMatch(io.stderr, /80%/, 'not more often than a person reads');
  bar.end();
  assert.ok(io.stderr.endsWith('\r\u001b[K'));
});

test('without a terminal there is a line now and then, and none for short work', () => {
  let nowMs = 0;
  const io = captureIo({ isErrTerminal: false });
  const progress = makeProgress(io, 'pull', 1000, 0, () => nowMs);
  progress.at(100);
  progress.end();
  assert.equal(io.stderr, '');
  nowMs = 20_000;
  progress.at(200);
  assert.match(io.stderr, /^pull .*20%.*\n$/);
});
