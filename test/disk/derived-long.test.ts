// The mutations that take seconds: every bit of a dynamic VHD's headers and of a VMDK's first kilobyte,
// the whole corpus a byte at a time, and many random edits at once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect, type DiskFormat } from '../../src/disk/inspect.ts';
import { bufferReader, positionedReader } from '../../src/disk/reader.ts';
import { corpus } from './corpus/corpus.ts';
import { qcow2Image } from './corpus/qcow2-image.ts';
import type { SparseImage } from './corpus/sparse-image.ts';
import { dynamicVhd } from './corpus/vhd-image.ts';
import { VMDK_BYTES, sparseVmdk, streamVmdk } from './corpus/vmdk-image.ts';
import { Chance, mutate } from './mutate.ts';

const MAX_MS = 100;
const RANDOM_EDITS = 20_000;
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 2 ** 31);

const bytesOf = (image: SparseImage): Buffer => Buffer.from(image.read(0, image.sizeBytes));

/** Calls `see` with the image under each single flipped bit of `[from, to)`. */
function eachFlip(bytes: Buffer, from: number, to: number, see: (bit: number) => void): void {
  for (let bit = from * 8; bit < to * 8; bit++) {
    const mask = 1 << (bit & 7);
    bytes[bit >>> 3]! ^= mask;
    see(bit);
    bytes[bit >>> 3]! ^= mask;
  }
}

const verdictOf = (bytes: Uint8Array, declaredFormat: DiskFormat) =>
  inspect(bufferReader(bytes), { declaredFormat });

test('no bit of both footers and the header of a dynamic disk may be flipped', () => {
  const bytes = bytesOf(dynamicVhd());
  for (const [from, to] of [
    [0, 1536],
    [bytes.length - 512, bytes.length],
  ] as const)
    eachFlip(bytes, from, to, (bit) =>
      assert.equal(verdictOf(bytes, 'vhd').verdict, 'refused', `bit ${bit}`),
    );
});

for (const [name, image] of [
  ['sparse', sparseVmdk()],
  ['stream', streamVmdk()],
] as const)
  test(`no flipped bit of the start of a ${name} vmdk changes its size or names another file`, () => {
    const bytes = bytesOf(image);
    let accepted = 0;
    eachFlip(bytes, 0, 1024, (bit) => {
      const verdict = verdictOf(bytes, 'vmdk');
      if (verdict.verdict === 'refused') return;
      accepted += 1;
      assert.equal(verdict.virtualSizeBytes, VMDK_BYTES, `bit ${bit}`);
      assert.doesNotMatch(
        bytes.toString('latin1', 512, 1024),
        /SPARSE "[^"]*[/\\:]|parentFileName/,
      );
    });
    assert.ok(accepted > 0 && accepted < 8192, `${accepted} accepted`);
  });

test('the verdict does not depend on how the reader cuts what it reads, a byte at a time', () => {
  for (const { name, image, declaredFormat } of corpus()) {
    if (image.sizeBytes > 2 ** 21) continue;
    const reader = positionedReader(image.sizeBytes, (bytes, offset) => {
      bytes.set(image.read(offset, 1));
      return 1;
    });
    const found = inspect(reader, { declaredFormat });
    assert.deepEqual(found, inspect(image, { declaredFormat }), name);
  }
});

for (const [format, image] of [
  ['qcow2', qcow2Image()],
  ['vhd', dynamicVhd({ blockBytes: 2 ** 15, size: 68 * 512 * 4 })],
  ['vmdk', streamVmdk()],
] as const)
  test(`random edits of a ${format} never throw and never hang`, (t) => {
    t.diagnostic(`KINDRED_TEST_SEED=${seed}`);
    const chance = new Chance(seed);
    const bytes = bytesOf(image);
    const scratch = Buffer.alloc(bytes.length);
    let slowestMs = 0;
    for (let i = 0; i < RANDOM_EDITS; i++) {
      bytes.copy(scratch);
      const edited = mutate(scratch, chance);
      // A busy machine interrupts a run; a hang is slow again.
      const tookMs = () => {
        const startMs = performance.now();
        verdictOf(edited, format);
        return performance.now() - startMs;
      };
      const firstMs = tookMs();
      const confirmedMs = firstMs <= MAX_MS ? firstMs : Math.min(tookMs(), tookMs(), tookMs());
      slowestMs = Math.max(slowestMs, confirmedMs);
    }
    assert.ok(slowestMs < MAX_MS, `the slowest took ${slowestMs} ms`);
  });
