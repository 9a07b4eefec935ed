import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { makeQcow2, makeRaw, makeVhdFixed } from '../testing/disk-images.ts';
import { inspect, type DiskFormat } from './inspect.ts';
import { bufferReader } from './reader.ts';

const options = { virtualSizeBytes: 2 ** 20, guestData: { seed: 9, sizeBytes: 65_536 } };
const raw = makeRaw(options);

function outcome(bytes: Uint8Array, declaredFormat?: DiskFormat): string {
  const verdict = inspect(bufferReader(bytes), declaredFormat ? { declaredFormat } : {});
  if (verdict.verdict === 'refused') return `${verdict.reason} ${verdict.format}`;
  return [verdict.format, ...verdict.warnings.map((warning) => warning.code)].join(' ');
}

function placed(offset: number, magic: string, onto: Uint8Array = Buffer.alloc(65_536)) {
  const bytes = new Uint8Array(onto);
  bytes.set(Buffer.from(magic, 'latin1'), offset < 0 ? bytes.length + offset : offset);
  return bytes;
}

test('a raw disk is what nothing else claims', () => {
  assert.equal(outcome(raw, 'raw'), 'raw');
  assert.equal(outcome(raw), 'raw');
  assert.equal(outcome(new Uint8Array(4096)), 'raw');
  assert.equal(outcome(raw.subarray(0, -1)), 'raw RAW_SIZE_NOT_SECTOR_MULTIPLE');
  assert.equal(outcome(new Uint8Array(0)), 'EMPTY unknown');
  assert.equal(outcome(new Uint8Array(511)), 'TRUNCATED raw');
  assert.equal(outcome(raw, 'qcow2'), 'FORMAT_MISMATCH raw');
  assert.equal(outcome(makeQcow2(options), 'raw'), 'FORMAT_MISMATCH qcow2');
  assert.equal(outcome(makeVhdFixed(options), 'raw'), 'FORMAT_MISMATCH vhd');
});

test('an odd partition table is a warning', () => {
  assert.equal(outcome(placed(446, '\x01', raw)), 'raw PARTITION_TABLE');
  assert.equal(outcome(placed(458, '\xff\xff\xff\x7f', raw)), 'raw PARTITION_TABLE');
  assert.equal(outcome(placed(450, '\xee', raw)), 'raw PARTITION_TABLE');
});

test('what is no disk is refused, by its own name', () => {
  const foreign: readonly [number, string, string][] = [
    [64, '\x7f\x10\xda\xbe', 'vdi'],
    [0, 'QED\0', 'qed'],
    [0, 'LUKS\xba\xbe', 'luks'],
    [0, 'WithouFreSpacExt', 'parallels'],
    [0, '\xfd7zXZ\0', 'xz'],
    [0, 'PK\x03\x04', 'zip'],
    [0, 'BZh91AY&SY', 'bzip2'],
    [257, 'ustar', 'tar'],
    [-512, 'koly', 'dmg'],
    [0, '<!DOCTYPE html>', 'html'],
    [0, '\xef\xbb\xbf<?xml version="1.0"?>', 'xml'],
    [0, '{"error":"not found"}', 'json'],
  ];
  for (const [offset, magic, format] of foreign) {
    assert.equal(outcome(placed(offset, magic)), `FORMAT_UNSUPPORTED ${format}`);
    assert.equal(outcome(placed(offset, magic), 'raw'), `FORMAT_MISMATCH ${format}`);
  }
  assert.equal(outcome(gzipSync(raw), 'raw'), 'FORMAT_MISMATCH gzip');
  assert.equal(outcome(zstdCompressSync(raw), 'raw'), 'FORMAT_MISMATCH zstd');
  assert.equal(outcome(Buffer.from('no such object\n'.repeat(99)), 'raw'), 'FORMAT_MISMATCH text');
});

test('vhdx and optical discs are unsupported whatever was declared', () => {
  for (const [offset, magic, format] of [
    [0, 'vhdxfile', 'vhdx'],
    [32_769, 'CD001', 'iso'],
    [34_817, 'NSR02', 'udf'],
  ] as const) {
    assert.equal(outcome(placed(offset, magic), 'raw'), `FORMAT_UNSUPPORTED ${format}`);
    if (offset > 0)
      assert.equal(outcome(placed(offset, magic, raw)), `FORMAT_UNSUPPORTED ${format}`);
  }
});

test('two formats at once are refused', () => {
  const qcow2 = makeQcow2(options);
  for (const bytes of [
    placed(32_769, 'CD001', qcow2),
    placed(-512, 'conectix', qcow2),
    placed(-512, 'koly', qcow2),
    placed(510, '\x55\xaa', qcow2),
    placed(0, 'QFI\xfb', makeVhdFixed(options)),
    placed(257, 'ustar', qcow2),
  ])
    assert.equal(outcome(bytes, 'qcow2'), 'AMBIGUOUS_FORMAT unknown');
});

test('a message quotes nothing out of the image', () => {
  const bytes = makeQcow2(options);
  new DataView(bytes.buffer).setBigUint64(8, 0x200n);
  bytes.set(Buffer.from('/etc/passwd'), 0x200);
  const verdict = inspect(bufferReader(bytes));
  assert.ok(verdict.verdict === 'refused');
  assert.doesNotMatch(verdict.message, /passwd/);
});
