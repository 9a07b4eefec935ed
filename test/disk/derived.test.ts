// Mutations of honest images, made at test time: single bits, cuts and chunks. What is left here is
// quick; derived-long.test.ts does the rest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect, type DiskFormat } from '../../src/disk/inspect.ts';
import { bufferReader, positionedReader } from '../../src/disk/reader.ts';
import { corpus } from './corpus/corpus.ts';
import { qcow2Image } from './corpus/qcow2-image.ts';
import type { SparseImage } from './corpus/sparse-image.ts';
import { fixedVhd } from './corpus/vhd-image.ts';

const bytesOf = (image: SparseImage): Buffer => Buffer.from(image.read(0, image.sizeBytes));

const isAccepted = (bytes: Uint8Array, declaredFormat: DiskFormat): boolean =>
  inspect(bufferReader(bytes), { declaredFormat }).verdict === 'accepted';

/** Which bits may be turned round, one at a time: byte → how many of its eight. */
function acceptedFlips(bytes: Buffer, from: number, to: number, format: DiskFormat) {
  const accepted = new Map<number, number>();
  for (let bit = from * 8; bit < to * 8; bit++) {
    const mask = 1 << (bit & 7);
    bytes[bit >>> 3]! ^= mask;
    if (isAccepted(bytes, format)) accepted.set(bit >>> 3, (accepted.get(bit >>> 3) ?? 0) + 1);
    bytes[bit >>> 3]! ^= mask;
  }
  return accepted;
}

test('of the 896 bits of a qcow2 header exactly the 266 harmless ones may be flipped', () => {
  const accepted = acceptedFlips(bytesOf(qcow2Image()), 0, 112, 'qcow2');
  const within = (from: number, to: number) =>
    [...accepted].reduce((sum, [at, bits]) => sum + (at >= from && at <= to ? bits : 0), 0);
  const counts = [
    within(7, 7),
    within(38, 39),
    within(64, 71),
    within(80, 95),
    within(99, 99),
    within(102, 103),
    within(105, 111),
    within(0, 111),
  ];
  assert.deepEqual(counts, [1, 8, 64, 128, 3, 6, 56, 266]);
});

test('a qcow2 image cut anywhere is refused', () => {
  const bytes = bytesOf(qcow2Image());
  const cuts = Array.from({ length: 513 }, (_, i) => i);
  for (let at = 1024; at < bytes.length; at += 512) cuts.push(at);
  for (const at of cuts) assert.equal(isAccepted(bytes.subarray(0, at), 'qcow2'), false, `${at}`);
});

test('no bit of a fixed disk footer may be flipped', () => {
  const bytes = bytesOf(fixedVhd());
  assert.deepEqual(acceptedFlips(bytes, bytes.length - 512, bytes.length, 'vhd'), new Map());
});

test('the verdict does not depend on how the reader cuts what it reads', () => {
  const small = corpus().filter(({ image }) => image.sizeBytes <= 32_768);
  assert.ok(small.length > 150);
  for (const { name, image, declaredFormat } of small) {
    const expected = inspect(image, { declaredFormat });
    for (const chunk of [7, 512, 4096, 65_536]) {
      const reader = positionedReader(image.sizeBytes, (bytes, offset) => {
        const part = image.read(offset, Math.min(bytes.length, chunk));
        bytes.set(part);
        return part.length;
      });
      assert.deepEqual(inspect(reader, { declaredFormat }), expected, `${name} in ${chunk}`);
    }
  }
});
