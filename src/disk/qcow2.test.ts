import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { makeQcow2 } from '../testing/disk-images.ts';
import { inspect } from './inspect.ts';
import { bufferReader } from './reader.ts';
import type { ReasonCode } from './reasons.ts';

const CLUSTER = 4096;
const VIRTUAL_SIZE_BYTES = 2 * 2 ** 20;
/** Where the parts of the base image begin, in clusters. */
const AT = { refcountTable: 1, refcountBlock: 2, l1: 3, l2: 4, data: 5 };

const base = makeQcow2({
  virtualSizeBytes: VIRTUAL_SIZE_BYTES,
  guestData: { seed: 1, sizeBytes: 4 * CLUSTER },
  clusterBits: 12,
});

type Edit = (view: DataView, bytes: Uint8Array) => void;

function edited(edit: Edit): Uint8Array {
  const bytes = new Uint8Array(base);
  edit(new DataView(bytes.buffer), bytes);
  return bytes;
}

const reasonOf = (bytes: Uint8Array): string => {
  const verdict = inspect(bufferReader(bytes), { declaredFormat: 'qcow2' });
  return verdict.verdict === 'refused' ? verdict.reason : 'accepted';
};

const u32 =
  (offset: number, value: number): Edit =>
  (view) =>
    view.setUint32(offset, value);
const u64 =
  (offset: number, value: bigint): Edit =>
  (view) =>
    view.setBigUint64(offset, value);
const extension =
  (type: number, length: number): Edit =>
  (view) => {
    view.setUint32(112, type);
    view.setUint32(116, length);
  };
const COPIED = 1n << 63n;
const l2Entry = (value: bigint) => u64(AT.l2 * CLUSTER, value);
const cluster = (number: number) => BigInt(number * CLUSTER);

const cases: readonly [name: string, edit: Edit, reason: ReasonCode][] = [
  ['version 1', u32(4, 1), 'QCOW2_VERSION'],
  ['version 4', u32(4, 4), 'QCOW2_VERSION'],
  ['backing file', (view) => view.setBigUint64(8, 0x200n), 'QCOW2_BACKING_FILE'],
  ['backing name length alone', u32(16, 9), 'QCOW2_BACKING_FILE'],
  ['backing format', extension(0xe2792aca, 5), 'QCOW2_BACKING_FILE'],
  ['data file bit', u64(72, 4n), 'QCOW2_DATA_FILE'],
  ['data file name without its bit', extension(0x44415441, 8), 'QCOW2_DATA_FILE'],
  ['cluster bits 8', u32(20, 8), 'QCOW2_CLUSTER_BITS'],
  ['cluster bits 22', u32(20, 22), 'QCOW2_CLUSTER_BITS'],
  ['cluster bits 2^32-1', u32(20, 0xffff_ffff), 'QCOW2_CLUSTER_BITS'],
  ['size 0', u64(24, 0n), 'VIRTUAL_SIZE_ZERO'],
  ['odd size', u64(24, 1_000_001n), 'VIRTUAL_SIZE_ALIGNMENT'],
  ['size over 2048 GiB', u64(24, 2n ** 41n + 512n), 'VIRTUAL_SIZE_LIMIT'],
  ['size 2^53 + 512', u64(24, 2n ** 53n + 512n), 'VIRTUAL_SIZE_LIMIT'],
  ['size 2^64 - 1', u64(24, 2n ** 64n - 1n), 'VIRTUAL_SIZE_LIMIT'],
  ['AES', u32(32, 1), 'QCOW2_ENCRYPTED'],
  ['LUKS header extension', extension(0x0537be77, 16), 'QCOW2_ENCRYPTED'],
  ['L1 too small', u32(36, 0), 'QCOW2_L1_SIZE'],
  ['L1 of 32 GiB', u32(36, 0xffff_ffff), 'QCOW2_L1_SIZE'],
  ['L1 over its neighbours', u32(36, 513), 'QCOW2_OVERLAP'],
  ['L1 at 0', u64(40, 0n), 'QCOW2_TABLE_OFFSET'],
  ['L1 unaligned', u64(40, 0x3008n), 'QCOW2_TABLE_OFFSET'],
  ['L1 beyond the file', u64(40, 2n ** 63n), 'QCOW2_TABLE_OFFSET'],
  ['L1 on the refcount table', u64(40, 0x1000n), 'QCOW2_OVERLAP'],
  ['refcount table at 0', u64(48, 0n), 'QCOW2_TABLE_OFFSET'],
  ['refcount table of no cluster', u32(56, 0), 'QCOW2_REFCOUNT_TABLE'],
  ['refcount table of 16 TiB', u32(56, 0xffff_ffff), 'QCOW2_REFCOUNT_TABLE'],
  ['snapshots', u32(60, 1), 'QCOW2_SNAPSHOTS'],
  ['dirty', u64(72, 1n), 'QCOW2_DIRTY'],
  ['corrupt', u64(72, 2n), 'QCOW2_CORRUPT'],
  ['extended L2', u64(72, 16n), 'QCOW2_UNKNOWN_FEATURE'],
  ['feature 63', u64(72, 1n << 63n), 'QCOW2_UNKNOWN_FEATURE'],
  ['zstd bit without type', u64(72, 8n), 'QCOW2_COMPRESSION_TYPE'],
  ['zstd type without bit', (view) => view.setUint8(104, 1), 'QCOW2_COMPRESSION_TYPE'],
  ['refcount order 7', u32(96, 7), 'QCOW2_REFCOUNT_ORDER'],
  ['header length 96', u32(100, 96), 'QCOW2_HEADER_LENGTH'],
  ['header length 105', u32(100, 105), 'QCOW2_HEADER_LENGTH'],
  ['header length over a cluster', u32(100, 8192), 'QCOW2_HEADER_LENGTH'],
  ['extension too long', extension(0x1234, 0xffff_ffff), 'QCOW2_HEADER_EXT'],
  ['feature names cut', extension(0x6803f857, 47), 'QCOW2_HEADER_EXT'],
  ['bitmaps of no length', extension(0x23852875, 0), 'QCOW2_HEADER_EXT'],
  ['L1 entry reserved bits', u64(AT.l1 * CLUSTER, COPIED | 0x4001n), 'QCOW2_ENTRY_OFFSET'],
  ['L1 entry on the header', u64(AT.l1 * CLUSTER, COPIED), 'QCOW2_ENTRY_OFFSET'],
  ['L2 entry unaligned', l2Entry(COPIED | 0x5200n), 'QCOW2_ENTRY_OFFSET'],
  ['L2 entry reserved bits', l2Entry(COPIED | (1n << 61n)), 'QCOW2_ENTRY_OFFSET'],
  ['L2 entry beyond the file', l2Entry(COPIED | (2n ** 40n)), 'QCOW2_ENTRY_OFFSET'],
  ['L2 entry on the L1 table', l2Entry(COPIED | cluster(AT.l1)), 'QCOW2_OVERLAP'],
  ['two L2 entries, one cluster', l2Entry(COPIED | cluster(AT.data + 1)), 'QCOW2_OVERLAP'],
  ['refcount block on L2', u64(CLUSTER, cluster(AT.l2)), 'QCOW2_OVERLAP'],
  ['refcount block unaligned', u64(CLUSTER, 0x2001n), 'QCOW2_ENTRY_OFFSET'],
  ['compressed junk', l2Entry((1n << 62n) | cluster(AT.data)), 'QCOW2_COMPRESSED_DATA'],
  ['compressed beyond the file', l2Entry((1n << 62n) | (2n ** 50n)), 'QCOW2_ENTRY_OFFSET'],
  ['boot record in the header', (view) => view.setUint16(510, 0x55aa), 'AMBIGUOUS_FORMAT'],
  [
    'guest begins like VMDK',
    (_, bytes) => bytes.set(Buffer.from('KDMV'), AT.data * CLUSTER),
    'NESTED_FORMAT',
  ],
];

for (const [name, edit, reason] of cases)
  test(`qcow2 with ${name} is refused: ${reason}`, () => {
    assert.equal(reasonOf(edited(edit)), reason);
  });

test('a sound qcow2 is accepted with its virtual size', () => {
  assert.deepEqual(inspect(bufferReader(base), { declaredFormat: 'qcow2' }), {
    verdict: 'accepted',
    format: 'qcow2',
    virtualSizeBytes: VIRTUAL_SIZE_BYTES,
    warnings: [],
  });
});

test('a compressed first cluster is looked into', () => {
  const packed = (guest: string) =>
    edited((view, bytes) => {
      const plain = Buffer.alloc(CLUSTER);
      plain.write(guest, 0, 'latin1');
      bytes.set(deflateRawSync(plain), AT.data * CLUSTER);
      view.setBigUint64(AT.l2 * CLUSTER, (1n << 62n) | cluster(AT.data));
    });
  assert.equal(reasonOf(packed('hello')), 'accepted');
  assert.equal(reasonOf(packed('QFI\xfb')), 'NESTED_FORMAT');
});

test('every cut is refused', () => {
  for (let length = 0; length < base.length; length += length < 513 ? 1 : 512)
    assert.notEqual(reasonOf(base.subarray(0, length)), 'accepted', `cut at ${length}`);
  assert.notEqual(reasonOf(base.subarray(0, base.length - 1)), 'accepted');
});

test('of all single bits of the header only harmless ones may flip', () => {
  const accepted = new Map<number, number>();
  for (let bit = 0; bit < 112 * 8; bit++) {
    const bytes = edited((view) =>
      view.setUint8(bit >> 3, view.getUint8(bit >> 3) ^ (1 << (bit & 7))),
    );
    if (reasonOf(bytes) === 'accepted') accepted.set(bit >> 3, (accepted.get(bit >> 3) ?? 0) + 1);
  }
  const count = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => accepted.get(from + i) ?? 0).reduce(
      (sum, bits) => sum + bits,
      0,
    );
  assert.equal(count(7, 7), 1, 'version 3 becomes 2');
  assert.equal(count(38, 39), 8, 'the L1 table is a little longer');
  assert.equal(count(64, 71), 64, 'place of no snapshots');
  assert.equal(count(80, 95), 128, 'compatible and autoclear features');
  assert.equal(count(99, 99), 3, 'narrower or wider refcounts');
  assert.equal(count(102, 103), 6, 'a longer header');
  assert.equal(count(105, 111), 56, 'padding');
  assert.equal(count(0, 111), 266, 'nothing else');
});

test('a bomb of one L2 table under a whole terabyte is refused at once', () => {
  const clusterBytes = 65_536;
  const image = makeQcow2({
    virtualSizeBytes: 2 ** 40,
    guestData: { seed: 3, sizeBytes: clusterBytes },
  });
  const view = new DataView(image.buffer);
  const l1At = Number(view.getBigUint64(40));
  const entry = view.getBigUint64(l1At);
  for (let i = 0; i < view.getUint32(36); i++) view.setBigUint64(l1At + i * 8, entry);
  const startMs = performance.now();
  assert.equal(reasonOf(image), 'QCOW2_OVERLAP');
  assert.ok(performance.now() - startMs < 100);
});

test('an image that expands a hundredfold is accepted with a warning', () => {
  const clusterBytes = 65_536;
  const count = 8000; // of one L2 table
  const tables = makeQcow2({ virtualSizeBytes: 2 ** 29, guestData: { seed: 1, sizeBytes: 512 } });
  const image = Buffer.alloc(tables.length + count * 512);
  image.set(tables);
  const packed = deflateRawSync(Buffer.alloc(clusterBytes));
  for (let i = 0; i < count; i++) {
    const offset = tables.length + i * 512;
    image.set(packed, offset);
    image.writeBigUInt64BE((1n << 62n) | BigInt(offset), 4 * clusterBytes + (i + 1) * 8);
  }
  const verdict = inspect(bufferReader(image));
  assert.equal(verdict.verdict, 'accepted', JSON.stringify(verdict));
  assert.equal(verdict.verdict === 'accepted' && verdict.warnings[0]?.code, 'EXPANSION_RATIO');
});
