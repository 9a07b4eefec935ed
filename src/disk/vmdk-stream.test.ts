import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { inspect } from './inspect.ts';
import { bufferReader } from './reader.ts';

const SECTOR = 512;
const CAPACITY_SECTORS = 256;
const GRAIN_SECTORS = 128;
const AT_END = 0xffff_ffff_ffff_ffffn;
/** Sectors of the parts behind the descriptor, which ends at 21. */
const AT = { grain: 128, tableMarker: 130, table: 131, directoryMarker: 135, directory: 136 };
const FOOTER_MARKER = 137;

const descriptor = `# Disk DescriptorFile
version=1
CID=12345678
parentCID=ffffffff
createType="streamOptimized"
RDONLY ${CAPACITY_SECTORS} SPARSE "generated-stream.vmdk"
ddb.adapterType = "lsilogic"
`;

function header(directory: bigint): Buffer {
  const bytes = Buffer.alloc(SECTOR);
  bytes.write('KDMV');
  bytes.writeUInt32LE(3, 4);
  bytes.writeUInt32LE(0x30001, 8);
  const fields = [CAPACITY_SECTORS, GRAIN_SECTORS, 1, 20];
  fields.forEach((field, i) => bytes.writeBigUInt64LE(BigInt(field), 12 + i * 8));
  bytes.writeUInt32LE(512, 44);
  bytes.writeBigUInt64LE(directory, 56);
  bytes.writeBigUInt64LE(128n, 64);
  bytes.write('\n \r\n', 73);
  bytes.writeUInt16LE(1, 77);
  return bytes;
}

/** A stream as VMware writes it: its directory is known at the end only. */
function stream(guest: string): Buffer {
  const image = Buffer.alloc((FOOTER_MARKER + 3) * SECTOR);
  const marker = (sector: number, sectors: number, type: number) => {
    image.writeBigUInt64LE(BigInt(sectors), sector * SECTOR);
    image.writeUInt32LE(type, sector * SECTOR + 12);
  };
  header(AT_END).copy(image);
  image.write(descriptor, SECTOR);
  const grain = Buffer.alloc(GRAIN_SECTORS * SECTOR);
  grain.write(guest, 'latin1');
  const packed = deflateSync(grain);
  image.writeUInt32LE(packed.length, AT.grain * SECTOR + 8);
  packed.copy(image, AT.grain * SECTOR + 12);
  marker(AT.tableMarker, 4, 1);
  image.writeUInt32LE(AT.grain, AT.table * SECTOR);
  marker(AT.directoryMarker, 1, 2);
  image.writeUInt32LE(AT.table, AT.directory * SECTOR);
  marker(FOOTER_MARKER, 1, 3);
  header(BigInt(AT.directory)).copy(image, (FOOTER_MARKER + 1) * SECTOR);
  return image;
}

function outcome(image: Buffer, edit: (image: Buffer) => void = () => {}): string {
  edit(image);
  const verdict = inspect(bufferReader(image));
  return verdict.verdict === 'refused' ? verdict.reason : `${verdict.virtualSizeBytes}`;
}

test('a stream with its directory at the end is accepted', () => {
  assert.equal(outcome(stream('hello')), `${CAPACITY_SECTORS * SECTOR}`);
});

test('the guest is seen through the compression', () => {
  assert.equal(outcome(stream('QFI\xfb')), 'NESTED_FORMAT');
});

test('footer, markers and grains of a stream are checked', () => {
  const check = (edit: (image: Buffer) => void, reason: string) =>
    assert.equal(outcome(stream('hello'), edit), reason);
  const footer = (FOOTER_MARKER + 1) * SECTOR;
  check((image) => image.writeUInt8(1, footer + 12), 'VMDK_FOOTER_MISMATCH');
  check((image) => image.writeUInt8(1, footer + SECTOR + 12), 'VMDK_FOOTER_MISMATCH');
  check((image) => image.writeUInt32LE(2, FOOTER_MARKER * SECTOR + 12), 'VMDK_FOOTER_MISMATCH');
  check((image) => image.writeBigUInt64LE(AT_END, footer + 56), 'VMDK_GRAIN_TABLE');
  check((image) => image.writeUInt32LE(7, AT.grain * SECTOR), 'VMDK_GRAIN_TABLE');
  check((image) => image.writeUInt32LE(0xffff_ffff, AT.grain * SECTOR + 8), 'VMDK_GRAIN_TABLE');
  check((image) => image.writeUInt32LE(60_000, AT.grain * SECTOR + 8), 'TRUNCATED');
  check(
    (image) => image.fill(0xff, AT.grain * SECTOR + 12, AT.grain * SECTOR + 40),
    'VMDK_GRAIN_TABLE',
  );
  check((image) => image.writeUInt16LE(2, 77), 'VMDK_SUBFORMAT');
  assert.equal(outcome(stream('hello').subarray(0, -SECTOR)), 'TRUNCATED');
});
