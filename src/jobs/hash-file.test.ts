import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreUnavailable } from '../blobs/blob-store.ts';
import { openBlobSource } from '../blobs/byte-source.ts';
import { hashFile, type OpenBlobSource } from './hash-file.ts';

const failure = (code: string): Error => Object.assign(new Error(code), { code });

/** 3 MiB of zeros whose second read ends as `second` says. */
const openWith =
  (second: () => number): OpenBlobSource =>
  async () => ({
    sizeBytes: 3 * 2 ** 20,
    version: () => '',
    read: (bytes, position) => {
      if (position > 0 && position < 2 ** 21) return second();
      return position < 3 * 2 ** 20 ? bytes.length : 0;
    },
    close: () => Promise.resolve(),
  });

const NONE = { kind: 'file', path: '/none' } as const;

const hash = (open: OpenBlobSource, cancel = new Int32Array(new SharedArrayBuffer(4))) =>
  hashFile({ blob: NONE, rateBytes: 2 ** 40 }, { cancel, monotonicMs: () => 0, open });

test('an error of the storage is an answer, want of descriptors or memory is not', async () => {
  for (const code of ['EIO', 'EACCES'])
    assert.deepEqual(
      await hash(
        openWith(() => {
          throw failure(code);
        }),
      ),
      { outcome: 'unreadable', code },
    );
  for (const code of ['EMFILE', 'ENFILE', 'ENOMEM'])
    await assert.rejects(
      hash(() => Promise.reject(failure(code))),
      { code },
    );
  await assert.rejects(
    hash(() => Promise.reject(new StoreUnavailable('away'))),
    StoreUnavailable,
  );
  assert.deepEqual(await hash(openBlobSource), { outcome: 'missing' });
});

test('a cancellation ends it, and the rate is kept', async () => {
  const cancel = new Int32Array(new SharedArrayBuffer(4));
  cancel[0] = 1;
  assert.deepEqual(
    await hash(
      openWith(() => 2 ** 20),
      cancel,
    ),
    { outcome: 'cancelled' },
  );
  cancel[0] = 0;
  const open = openWith(() => 2 ** 20);
  const began = performance.now();
  const monotonicMs = () => performance.now();
  const rateBytes = 30 * 2 ** 20;
  const result = await hashFile({ blob: NONE, rateBytes }, { cancel, monotonicMs, open });
  assert.equal(result.outcome, 'hashed');
  assert.ok(performance.now() - began >= 95);
});
