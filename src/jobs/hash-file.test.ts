import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileCalls, hashFile, type FileCalls } from './hash-file.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** 3 MiB of zeros whose second read ends as `second` says. */
const callsWith = (second: () => number): FileCalls => ({
  open: () => 3,
  isFile: () => true,
  read: (_fd, bytes, position) => {
    if (position > 0 && position < 2 ** 21) return second();
    return position < 3 * 2 ** 20 ? bytes.length : 0;
  },
  close: () => undefined,
});

const hash = (calls: FileCalls, cancel = new Int32Array(new SharedArrayBuffer(4))) =>
  hashFile({ path: '/none', rateBytes: 2 ** 40 }, { cancel, monotonicMs: () => 0, calls });

test('an error of the storage is an answer, want of descriptors or memory is not', () => {
  for (const code of ['EIO', 'EACCES'])
    assert.deepEqual(
      hash(
        callsWith(() => {
          throw failure(code);
        }),
      ),
      { outcome: 'unreadable', code },
    );
  for (const code of ['EMFILE', 'ENFILE', 'ENOMEM'])
    assert.throws(
      () =>
        hash({
          ...fileCalls,
          open: () => {
            throw failure(code);
          },
        }),
      { code },
    );
  assert.deepEqual(hash(fileCalls), { outcome: 'missing' });
});

test('a cancellation ends it, and the rate is kept', () => {
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  cancel[0] = 1;
  assert.deepEqual(
    hash(
      callsWith(() => 2 ** 20),
      cancel,
    ),
    { outcome: 'cancelled' },
  );
  cancel[0] = 0;
  const calls = callsWith(() => 2 ** 20);
  const began = performance.now();
  const monotonicMs = () => performance.now();
  const rateBytes = 30 * 2 ** 20;
  const result = hashFile({ path: '', rateBytes }, { cancel, monotonicMs, calls });
  assert.equal(result.outcome, 'hashed');
  assert.ok(performance.now() - began >= 95);
});
