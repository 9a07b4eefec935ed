// The box by itself: what comes out of it when the source, the bound or the program is not right.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findProgram } from '../lib/find-program.ts';
import { canConvert, convertInBox, type Boxed } from './box.ts';

const skip = (await canConvert()) ? false : 'qemu-img is not installed';

const boxOf = (t: TestContext, bytes: Uint8Array, wanted: Partial<Boxed> = {}): Boxed => {
  const folder = mkdtempSync(join(tmpdir(), 'kindred-box-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'source'), bytes);
  return {
    folder,
    from: 'raw',
    to: 'qcow2',
    virtualSizeBytes: bytes.length,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...wanted,
  };
};

test(
  'bytes that are not of the named format end with a reason and a clean sentence',
  { skip },
  async (t) => {
    const boxed = boxOf(t, Buffer.from('no qcow2 \u001b[31m at all'.padEnd(4096)), {
      from: 'qcow2',
    });
    const ended = await convertInBox(boxed);
    assert.equal(ended.outcome, 'failed');
    assert.equal(ended.reason, 'CONVERSION_FAILED');
    assert.match(ended.said, /^[\x20-\x7e]{1,4096}$/);
    assert.ok(!ended.said.includes(boxed.folder));
  },
);

test('a target that outgrows its bound is cut off', { skip }, async (t) => {
  const boxed = boxOf(t, Buffer.alloc(64 * 2 ** 20, 1), { to: 'raw', virtualSizeBytes: 512 });
  const ended = await convertInBox(boxed);
  assert.deepEqual(
    [ended.outcome, 'reason' in ended && ended.reason],
    ['failed', 'CONVERSION_LIMIT'],
  );
});

test('a conversion that is cancelled is dead at once', { skip }, async (t) => {
  const abort = new AbortController();
  const boxed = boxOf(t, Buffer.alloc(512), { virtualSizeBytes: 2 ** 40, signal: abort.signal });
  abort.abort();
  assert.deepEqual(await convertInBox(boxed), { outcome: 'cancelled' });
});

test('without the program the reason says so', async (t) => {
  const path = process.env.PATH;
  process.env.PATH = '';
  t.after(() => (process.env.PATH = path));
  assert.equal(await canConvert(), false);
  assert.equal(await findProgram('qemu-img'), undefined);
  const ended = await convertInBox(boxOf(t, Buffer.alloc(512)));
  assert.deepEqual(ended, { outcome: 'failed', reason: 'CONVERTER_MISSING', said: '' });
});
