import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeVmdk } from '../testing/disk-images.ts';
import { inspect } from './inspect.ts';
import { bufferReader } from './reader.ts';
import type { ReasonCode } from './reasons.ts';

const SIZE_BYTES = 4 * 2 ** 20;
const base = makeVmdk({
  virtualSizeBytes: SIZE_BYTES,
  guestData: { seed: 4, sizeBytes: 3 * 65_536 },
});
const DESCRIPTOR_AT = 512;
const DESCRIPTOR_BYTES = 20 * 512;
const DIRECTORY_AT = new DataView(base.buffer).getUint32(56, true) * 512;
const TABLE_AT = DIRECTORY_AT + 512;
const GRAIN_AT = new DataView(base.buffer).getUint32(64, true) * 512;

type Edit = (view: DataView, bytes: Uint8Array) => void;

function outcome(bytes: Uint8Array): string {
  const verdict = inspect(bufferReader(bytes), { declaredFormat: 'vmdk' });
  return verdict.verdict === 'refused' ? verdict.reason : 'accepted';
}

function edited(edit: Edit): Uint8Array {
  const bytes = new Uint8Array(base);
  edit(new DataView(bytes.buffer), bytes);
  return bytes;
}

/** Rewrites the descriptor's text. */
const text =
  (change: (old: string) => string): Edit =>
  (_, bytes) => {
    const area = bytes.subarray(DESCRIPTOR_AT, DESCRIPTOR_AT + DESCRIPTOR_BYTES);
    const old = Buffer.from(area.subarray(0, area.indexOf(0))).toString('latin1');
    const fresh = change(old);
    assert.notEqual(fresh, old);
    area.fill(0);
    area.set(Buffer.from(fresh, 'latin1'));
  };
const swap = (from: string | RegExp, to: string) => text((old) => old.replace(from, to));
const append = (line: string) => text((old) => `${old}${line}\n`);
const u32 =
  (offset: number, value: number): Edit =>
  (view) =>
    view.setUint32(offset, value, true);
const u64 =
  (offset: number, value: bigint): Edit =>
  (view) =>
    view.setBigUint64(offset, value, true);

const cases: readonly [name: string, edit: Edit, reason: ReasonCode][] = [
  ['version 4', u32(4, 4), 'VMDK_VERSION'],
  ['unknown flags', u32(8, 0x103), 'VMDK_VERSION'],
  ['a text-mode transfer', (view) => view.setUint8(75, 10), 'VMDK_LINE_ENDINGS'],
  ['an unclean shutdown', (view) => view.setUint8(72, 1), 'VMDK_UNCLEAN'],
  ['capacity 0', u64(12, 0n), 'VIRTUAL_SIZE_ZERO'],
  ['capacity over 2048 GiB', u64(12, 2n ** 32n + 1n), 'VIRTUAL_SIZE_LIMIT'],
  ['capacity that overflows', u64(12, 2n ** 55n + 8n), 'VIRTUAL_SIZE_LIMIT'],
  ['grain size 0', u64(20, 0n), 'VMDK_GRAIN_SIZE'],
  ['grain size 96', u64(20, 96n), 'VMDK_GRAIN_SIZE'],
  ['grain size 2^63', u64(20, 2n ** 63n), 'VMDK_GRAIN_SIZE'],
  ['tables of 511 entries', u32(44, 511), 'VMDK_GRAIN_TABLE'],
  ['no descriptor', u64(28, 0n), 'VMDK_DESCRIPTOR'],
  ['descriptor of 2^40 sectors', u64(36, 2n ** 40n), 'VMDK_DESCRIPTOR'],
  ['descriptor beyond the file', u64(28, 2n ** 60n), 'VMDK_DESCRIPTOR'],
  ['compression in a plain subformat', u32(8, 0x10003), 'VMDK_SUBFORMAT'],
  ['another createType', swap('monolithicSparse', 'twoGbMaxExtentSparse'), 'VMDK_SUBFORMAT'],
  ['no createType', swap(/createType.*/, ''), 'VMDK_DESCRIPTOR'],
  ['a parent', swap('parentCID=ffffffff', 'parentCID=01234567'), 'VMDK_PARENT'],
  ['a parent hint', append('parentFileNameHint="/etc/passwd"'), 'VMDK_PARENT'],
  ['a key twice', append('CID=00000000'), 'VMDK_DESCRIPTOR'],
  ['a key twice in other case', append('PARENTCID=01234567'), 'VMDK_DESCRIPTOR'],
  ['an unknown key', append('changeTrackPath="x"'), 'VMDK_DESCRIPTOR'],
  ['a line of no form', append('hello'), 'VMDK_DESCRIPTOR'],
  ['text after a NUL', append('\0RW 1 FLAT "/etc/passwd" 0'), 'VMDK_DESCRIPTOR'],
  ['a short text after a NUL', text((old) => `${old}\0RW 1`), 'VMDK_DESCRIPTOR'],
  ['its own end twice after a NUL', text((old) => `${old}\0\n\0\n`), 'VMDK_DESCRIPTOR'],
  ['bytes beyond ASCII', append('ddb.comment = "\xe4"'), 'VMDK_DESCRIPTOR'],
  ['no first line', swap('# Disk', '# Disc'), 'VMDK_DESCRIPTOR'],
  ['a flat extent', swap('SPARSE "disk.vmdk"', 'FLAT "disk.vmdk" 0'), 'VMDK_EXTENT'],
  ['an absolute path', swap('disk.vmdk', '/etc/passwd'), 'VMDK_EXTENT'],
  ['a drive letter', swap('disk.vmdk', 'c:disk'), 'VMDK_EXTENT'],
  ['two extents', append('RW 8192 SPARSE "other.vmdk"'), 'VMDK_EXTENT'],
  ['an extent of lower case', append('rw 1 FLAT "/etc/passwd" 0'), 'VMDK_EXTENT'],
  ['an extent of another size', swap('RW 8192', 'RW 8193'), 'VMDK_EXTENT'],
  ['no extent', swap(/RW.*/, ''), 'VMDK_EXTENT'],
  ['a directory beyond the file', u64(56, 2n ** 62n), 'VMDK_GRAIN_TABLE'],
  ['a directory at 0', u64(56, 0n), 'VMDK_GRAIN_TABLE'],
  ['a table beyond the file', u32(DIRECTORY_AT, 0xffff_ffff), 'VMDK_GRAIN_TABLE'],
  ['both directories on one table', u32(DIRECTORY_AT, 22), 'VMDK_GRAIN_TABLE'],
  ['a grain on the header', u32(TABLE_AT, 1), 'VMDK_GRAIN_TABLE'],
  ['a grain beyond the file', u32(TABLE_AT, 0x7fff_ffff), 'VMDK_GRAIN_TABLE'],
  ['a shared grain', u32(TABLE_AT + 4, GRAIN_AT / 512), 'VMDK_GRAIN_TABLE'],
  ['a grain beyond the disk', u32(TABLE_AT + 64 * 4, GRAIN_AT / 512), 'VMDK_GRAIN_TABLE'],
  ['a boot record', (view) => view.setUint16(510, 0x55aa), 'AMBIGUOUS_FORMAT'],
  ['a nested qcow2', (_, b) => b.set(Buffer.from('QFI\xfb', 'latin1'), GRAIN_AT), 'NESTED_FORMAT'],
];

for (const [name, edit, reason] of cases)
  test(`vmdk with ${name} is refused: ${reason}`, () => {
    assert.equal(outcome(edited(edit)), reason);
  });

test('a sound vmdk is accepted with its virtual size', () => {
  assert.deepEqual(inspect(bufferReader(base)), {
    verdict: 'accepted',
    format: 'vmdk',
    virtualSizeBytes: SIZE_BYTES,
    warnings: [],
  });
});

test('what QEMU leaves of an older and longer CID is no hidden text', () => {
  for (let digits = 1; digits <= 8; digits++) {
    const shorter = text((old) => {
      const fresh = old.replace(/^CID=.*/m, `CID=${'a'.repeat(digits)}`);
      // Written over the old text, its NUL included: what was longer stands behind it.
      const longer = old.replace(/^CID=.*/m, 'CID=12345678');
      return `${fresh}\0${longer.slice(fresh.length + 1)}`;
    });
    assert.equal(outcome(edited(shorter)), 'accepted', `${digits} digits`);
  }
});

test('other subformats are named as such', () => {
  const descriptor = '# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\n';
  const commented = '# anything\n \nversion=1\nRW 1 FLAT "/etc/passwd" 0\n';
  for (const start of [descriptor, commented, 'COWD', '\xbe\xba\xfe\xca\0\0\0\0']) {
    const bytes = Buffer.alloc(1024);
    bytes.write(start, 'latin1');
    assert.equal(outcome(bytes), 'VMDK_SUBFORMAT', start);
    const verdict = inspect(bufferReader(bytes), { declaredFormat: 'raw' });
    assert.equal(verdict.verdict === 'refused' && verdict.reason, 'FORMAT_MISMATCH');
  }
});

test('a cut vmdk is refused', () => {
  for (let length = base.length - 512; length > 0; length -= 8192)
    assert.notEqual(outcome(base.subarray(0, length)), 'accepted', `cut at ${length}`);
});
