import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeVhdDynamic, makeVhdFixed } from '../testing/disk-images.ts';
import { inspect } from './inspect.ts';
import { bufferReader } from './reader.ts';
import { vhdChecksum } from './vhd-checksum.ts';
import { geometrySectors } from './vhd.ts';

const SIZE_BYTES = 8 * 2 ** 20;
const options = { virtualSizeBytes: SIZE_BYTES, guestData: { seed: 2, sizeBytes: 2 ** 21 + 5 } };
const fixed = makeVhdFixed(options);
const dynamic = makeVhdDynamic(options);
const HEADER_AT = 512;
const TABLE_AT = 1536;

const outcome = (bytes: Uint8Array): string => {
  const verdict = inspect(bufferReader(bytes), { declaredFormat: 'vhd' });
  if (verdict.verdict === 'refused') return verdict.reason;
  return verdict.warnings.map((warning) => warning.code).join() || 'accepted';
};

type Edit = (view: DataView) => void;

/** Edits the footer (both copies of a dynamic disk) and mends its checksum. */
function withFooter(image: Uint8Array, edit: Edit): Uint8Array {
  const bytes = new Uint8Array(image);
  const places = image === dynamic ? [0, bytes.length - 512] : [bytes.length - 512];
  for (const at of places) {
    const view = new DataView(bytes.buffer, at, 512);
    edit(view);
    view.setUint32(64, vhdChecksum(bytes.subarray(at, at + 512), 64));
  }
  return bytes;
}

/** Edits the dynamic header or the table, and mends the header's checksum. */
function withHeader(edit: Edit): Uint8Array {
  const bytes = new Uint8Array(dynamic);
  edit(new DataView(bytes.buffer, HEADER_AT));
  const header = bytes.subarray(HEADER_AT, HEADER_AT + 1024);
  new DataView(bytes.buffer, HEADER_AT).setUint32(36, vhdChecksum(header, 36));
  return bytes;
}

const geometry = (cylinders: number, heads: number, perTrack: number) => (view: DataView) => {
  view.setUint16(56, cylinders);
  view.setUint8(58, heads);
  view.setUint8(59, perTrack);
};

test('sound fixed and dynamic disks are accepted', () => {
  for (const image of [fixed, dynamic])
    assert.deepEqual(inspect(bufferReader(image)), {
      verdict: 'accepted',
      format: 'vhd',
      virtualSizeBytes: SIZE_BYTES,
      warnings: [],
    });
});

for (const [kind, image] of [
  ['fixed', fixed],
  ['dynamic', dynamic],
] as const) {
  test(`the footer of a ${kind} disk is checked`, () => {
    const check = (edit: Edit, expected: string) =>
      assert.equal(outcome(withFooter(image, edit)), expected);
    check((view) => view.setUint32(60, 4), 'VHD_DIFFERENCING');
    check((view) => view.setUint32(60, 5), 'VHD_DISK_TYPE');
    check((view) => view.setUint32(12, 0x20000), 'VHD_DISK_TYPE');
    check((view) => view.setUint8(84, 1), 'VHD_SAVED_STATE');
    check((view) => view.setBigUint64(48, 0n), 'VIRTUAL_SIZE_ZERO');
    check((view) => view.setBigUint64(48, 513n), 'VIRTUAL_SIZE_ALIGNMENT');
    check((view) => view.setBigUint64(48, 2n ** 63n), 'VIRTUAL_SIZE_LIMIT');
    check(geometry(240, 4, 17), 'VHD_GEOMETRY_ROUNDED');
    check(geometry(241, 4, 17), 'VHD_GEOMETRY_MISMATCH');
    check(geometry(100, 4, 17), 'VHD_GEOMETRY_MISMATCH');
    check(geometry(0, 0, 0), 'VHD_GEOMETRY_MISMATCH');
  });

  test(`every flipped bit in the footer of a ${kind} disk is refused`, () => {
    const flipped = image.slice();
    const flip = (bit: number) => {
      const place = image.length - 512 + (bit >> 3);
      flipped[place] = (flipped[place] ?? 0) ^ (1 << (bit & 7));
    };
    for (let bit = 0; bit < 512 * 8; bit++) {
      flip(bit);
      assert.notEqual(outcome(flipped), 'accepted', `bit ${bit}`);
      flip(bit);
    }
    assert.equal(outcome(flipped), 'accepted');
  });
}

test('a fixed disk is as long as its footer says, and one disk only', () => {
  const longer = withFooter(fixed, (view) => view.setBigUint64(48, BigInt(SIZE_BYTES + 512)));
  assert.equal(outcome(longer), 'VHD_SIZE_MISMATCH');
  const nested = new Uint8Array(fixed);
  nested.set(Buffer.from('QFI\xfb', 'latin1'));
  assert.equal(outcome(nested), 'AMBIGUOUS_FORMAT');
  assert.equal(outcome(fixed.subarray(0, -512)), 'FORMAT_MISMATCH');
});

test('the header and the block table of a dynamic disk are checked', () => {
  const check = (edit: Edit, expected: string) => assert.equal(outcome(withHeader(edit)), expected);
  const entry = (index: number) => TABLE_AT - HEADER_AT + index * 4;
  check((view) => view.setBigUint64(16, 512n), 'VHD_BAT_OFFSET');
  check((view) => view.setBigUint64(16, 2n ** 63n), 'VHD_BAT_OFFSET');
  check((view) => view.setBigUint64(16, 1537n), 'VHD_BAT_OFFSET');
  check((view) => view.setUint32(24, 1), 'VHD_DISK_TYPE');
  check((view) => view.setUint32(28, 3), 'VHD_BAT_SIZE');
  check((view) => view.setUint32(28, 0xffff_ffff), 'VHD_BAT_SIZE');
  check((view) => view.setUint32(32, 0), 'VHD_BLOCK_SIZE');
  check((view) => view.setUint32(32, 3 * 2 ** 20), 'VHD_BLOCK_SIZE');
  check((view) => view.setUint8(40, 1), 'VHD_PARENT_LOCATOR');
  check((view) => view.setUint8(64, 1), 'VHD_PARENT_LOCATOR');
  check((view) => view.setUint32(576, 0x57326b75), 'VHD_PARENT_LOCATOR');
  check((view) => view.setUint32(entry(0), 0), 'VHD_BLOCK_OFFSET');
  check((view) => view.setUint32(entry(0), 3), 'VHD_BLOCK_OFFSET');
  check((view) => view.setUint32(entry(0), 0xffff_fffe), 'VHD_BLOCK_OFFSET');
  check((view) => view.setUint32(entry(0), 5), 'VHD_BLOCK_OFFSET'); // one sector into the next
  check((view) => view.setUint32(entry(1), 4), 'VHD_BLOCK_OFFSET'); // shared
  check((view) => view.setUint32(entry(1), 5000), 'VHD_BLOCK_OFFSET');
  const copy = new Uint8Array(dynamic);
  copy[30] = 1;
  assert.equal(outcome(copy), 'VHD_CHECKSUM');
  new DataView(copy.buffer).setUint32(64, vhdChecksum(copy.subarray(0, 512), 64));
  assert.equal(outcome(copy), 'VHD_FOOTER_MISMATCH');
  assert.equal(outcome(dynamic.subarray(0, -512)), 'TRUNCATED');
  const header = new Uint8Array(dynamic);
  header[HEADER_AT + 800] = 1;
  assert.equal(outcome(header), 'VHD_CHECKSUM');
});

test('a guest that begins like a qcow2 image is refused', () => {
  const bytes = new Uint8Array(dynamic);
  bytes.set(Buffer.from('QFI\xfb', 'latin1'), 4 * 512 + 512);
  assert.equal(outcome(bytes), 'NESTED_FORMAT');
});

test('geometrySectors follows the specification', () => {
  assert.equal(geometrySectors(65_535 * 16 * 255 + 7), 65_535 * 16 * 255);
  assert.equal(geometrySectors(20_480), 301 * 4 * 17); // 10 MiB
});
