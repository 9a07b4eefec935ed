// Hostile bytes: flips, overwrites and cuts of sound images, from a printed seed (to repeat a run,
// set KINDRED_TEST_SEED). The inspection never throws, is quick, and never accepts another size
// than the header can hold.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  makeQcow2,
  makeRaw,
  makeVhdDynamic,
  makeVhdFixed,
  makeVmdk,
} from '../testing/disk-images.ts';
import { inspect } from './inspect.ts';
import { bufferReader } from './reader.ts';

const seed = Number(process.env['KINDRED_TEST_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = 2000;
/** One inspection of a tiny image; wide enough for a busy machine. */
const MAX_MS = 2000;
const MAX_VIRTUAL_SIZE_BYTES = 2 ** 41;

const options = { virtualSizeBytes: 2 ** 20, guestData: { seed: 5, sizeBytes: 20_000 } };
const images = {
  qcow2: makeQcow2({ ...options, clusterBits: 9 }),
  'qcow2 of large clusters': makeQcow2(options),
  raw: makeRaw(options),
  'fixed vhd': makeVhdFixed(options),
  'dynamic vhd': makeVhdDynamic(options),
  vmdk: makeVmdk(options),
};

/** Places that matter are near the start; values that matter are extreme. */
const edit = fc.record({
  place: fc.oneof(
    { weight: 4, arbitrary: fc.nat(127) },
    { weight: 2, arbitrary: fc.nat(4095) },
    { weight: 2, arbitrary: fc.nat(65_535) },
    { weight: 1, arbitrary: fc.integer({ min: -1536, max: -1 }) },
  ),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc
      .constantFrom(0, 1, 0x7f, 0x80, 0xff)
      .chain((byte) =>
        fc.integer({ min: 1, max: 8 }).map((length) => new Uint8Array(length).fill(byte)),
      ),
  ),
});
const edits = fc.array(edit, { minLength: 0, maxLength: 6 });
const cut = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 });

function hostile(image: Uint8Array, changes: readonly { place: number; bytes: Uint8Array }[]) {
  const bytes = image.slice();
  for (const change of changes) {
    const place = change.place < 0 ? bytes.length + change.place : change.place;
    for (const [i, byte] of change.bytes.entries())
      if (place + i < bytes.length) bytes[place + i] = byte;
  }
  return bytes;
}

for (const [name, image] of Object.entries(images)) {
  test(`a hostile ${name} never throws and never hangs`, (t) => {
    t.diagnostic(`KINDRED_TEST_SEED=${seed}`);
    let slowestMs = 0;
    fc.assert(
      fc.property(edits, cut, (changes, share) => {
        const whole = hostile(image, changes);
        const bytes = share === null ? whole : whole.subarray(0, Math.floor(whole.length * share));
        const startMs = performance.now();
        const verdict = inspect(bufferReader(bytes));
        slowestMs = Math.max(slowestMs, performance.now() - startMs);
        if (verdict.verdict === 'refused') return;
        assert.ok(verdict.virtualSizeBytes > 0);
        assert.ok(verdict.virtualSizeBytes <= MAX_VIRTUAL_SIZE_BYTES);
        assert.equal(verdict.virtualSizeBytes % 512, 0);
      }),
      { seed, numRuns: RUNS },
    );
    assert.ok(slowestMs < MAX_MS, `the slowest took ${slowestMs} ms`);
  });
}

test('any bytes behind any signature never throw', (t) => {
  t.diagnostic(`KINDRED_TEST_SEED=${seed}`);
  const magic = fc.constantFrom(
    'QFI\xfb\0\0\0\x03',
    'KDMV\x01\0\0\0',
    'conectix',
    '# Disk Descr',
    '',
  );
  fc.assert(
    fc.property(magic, fc.uint8Array({ maxLength: 3000 }), (start, rest) => {
      inspect(bufferReader(Buffer.concat([Buffer.from(start, 'latin1'), rest])));
    }),
    { seed, numRuns: RUNS },
  );
});
