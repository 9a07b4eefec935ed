// VMDK images whose data lie in other files, whose embedded descriptor names more than their own extent,
// and whose header, tables, grains or footer are not sound.
import type { ReasonCode } from '../../../src/disk/reasons.ts';
import { CaseList } from './corpus-case.ts';
import { SparseImage } from './sparse-image.ts';
import {
  SECTOR,
  SPARSE_AT,
  STREAM_FOOTER,
  VMDK_BYTES,
  descriptor,
  sparseVmdk,
  streamVmdk,
  type DescriptorParts,
} from './vmdk-image.ts';

/** Subformats whose data lie elsewhere, each with the extent that says where. */
const ELSEWHERE: readonly (readonly [createType: string, extent: string])[] = [
  ['monolithicFlat', 'RW 2048 FLAT "disk-flat.vmdk" 0'],
  ['monolithicFlat', 'RW 2048 FLAT "/etc/passwd" 0'],
  ['twoGbMaxExtentFlat', 'RW 2048 FLAT "disk-f001.vmdk" 0'],
  ['twoGbMaxExtentSparse', 'RW 2048 SPARSE "disk-s001.vmdk"'],
  ['vmfs', 'RW 2048 VMFS "disk-flat.vmdk"'],
  ['vmfsSparse', 'RW 2048 VMFSSPARSE "disk-delta.vmdk"'],
  ['vmfsThin', 'RW 2048 VMFS "disk-flat.vmdk"'],
  ['vmfsRDM', 'RW 2048 VMFSRDM "disk-rdm.vmdk"'],
  ['vmfsRawDeviceMap', 'RW 2048 VMFSRDM "disk-rdm.vmdk"'],
  ['vmfsPassthroughRawDeviceMap', 'RW 2048 VMFSRDM "disk-rdmp.vmdk"'],
  ['fullDevice', 'RW 2048 FLAT "/dev/sda" 0'],
  ['partitionedDevice', 'RW 63 FLAT "/dev/sda1" 0'],
  ['seSparse', 'RW 2048 SESPARSE "disk-sesparse.vmdk"'],
  ['custom', 'RW 2048 ZERO'],
];

function textCases() {
  const list = new CaseList('vmdk-descriptor', { declared: 'vmdk' });
  const SUBFORMAT = 'VMDK_SUBFORMAT';
  const none = { virtualSize: undefined };
  ELSEWHERE.forEach(([createType, extent], i) => {
    const text = descriptor({ createType, extents: [extent] });
    list.reject(`text-${createType}-${i}`, SUBFORMAT, new SparseImage().put(0, text), none);
  });
  list.reject('cowd', SUBFORMAT, new SparseImage(4096).put(0, 'COWD\x01\0\0\0'), none);
  const seSparse = new SparseImage(4096).put(0, '\xbe\xba\xfe\xca\0\0\0\0');
  list.reject('sesparse', SUBFORMAT, seSparse, none);
  return list.cases;
}

function embeddedCases() {
  const list = new CaseList('vmdk-descriptor', { declared: 'vmdk', virtualSize: VMDK_BYTES });
  const reject = (name: string, reason: ReasonCode, parts: DescriptorParts | string) => {
    const text = typeof parts === 'string' ? parts : descriptor(parts);
    list.reject(`embed-${name}`, reason, sparseVmdk({ text }));
  };
  reject('other-subformat', 'VMDK_SUBFORMAT', { createType: 'twoGbMaxExtentSparse' });
  reject('parent', 'VMDK_PARENT', {
    parentCid: '01234567',
    more: ['parentFileNameHint="/etc/passwd"'],
  });
  reject('parent-cid', 'VMDK_PARENT', { parentCid: '01234567' });
  reject('parent-hint', 'VMDK_PARENT', { more: ['parentFileNameHint="base.vmdk"'] });
  reject('flat-extent', 'VMDK_EXTENT', { extents: ['RW 2048 FLAT "/etc/passwd" 0'] });
  reject('absolute-extent', 'VMDK_EXTENT', { extents: ['RW 2048 SPARSE "/etc/passwd"'] });
  reject('drive-extent', 'VMDK_EXTENT', { extents: ['RW 2048 SPARSE "C:disk.vmdk"'] });
  reject('two-extents', 'VMDK_EXTENT', {
    extents: ['RW 2048 SPARSE "disk.vmdk"', 'RW 2048 SPARSE "other.vmdk"'],
  });
  reject('no-extent', 'VMDK_EXTENT', { extents: [] });
  reject('extent-size', 'VMDK_EXTENT', { sectors: 4096 });
  const plain = descriptor();
  const BAD = 'VMDK_DESCRIPTOR';
  reject('key-twice', BAD, { more: ['CID=00000000'] });
  reject('parent-twice', BAD, { more: ['parentCID=01234567'] });
  reject('unknown-key', BAD, { more: ['changeTrackPath="disk-ctk.vmdk"'] });
  reject('junk', BAD, { more: ['hello world'] });
  reject('text-after-nul', BAD, `${plain}\0RW 2048 FLAT "/etc/passwd" 0\n`);
  reject('not-ascii', BAD, `${plain}ddb.comment = "\xe4"\n`);
  reject('no-first-line', BAD, plain.slice(2));
  reject('no-create-type', BAD, plain.replace(/createType.*\n/, ''));
  return list.cases;
}

function headerCases() {
  const list = new CaseList('vmdk-header', { declared: 'vmdk', virtualSize: VMDK_BYTES });
  for (const version of [0, 4, 2 ** 32 - 1])
    list.reject(`version-${version}`, 'VMDK_VERSION', sparseVmdk().u32le(4, version));
  list.reject('flags', 'VMDK_VERSION', sparseVmdk().u32le(8, 0x103));
  list.reject('unclean', 'VMDK_UNCLEAN', sparseVmdk().u8(72, 1));
  list.reject('text-mode', 'VMDK_LINE_ENDINGS', sparseVmdk().put(73, '\r\n \r'));
  for (const sectors of [0n, 1n, 4n, 96n, 2n ** 20n, 2n ** 63n])
    list.reject(`grain-${sectors}`, 'VMDK_GRAIN_SIZE', sparseVmdk().u64le(20, sectors));
  const capacity = (sectors: bigint) => sparseVmdk().u64le(12, sectors);
  list.reject('capacity-0', 'VIRTUAL_SIZE_ZERO', capacity(0n), { virtualSize: 0n });
  for (const sectors of [2n ** 32n + 1n, 2n ** 55n + 8n, 2n ** 64n - 1n])
    list.reject(`capacity-${sectors}`, 'VIRTUAL_SIZE_LIMIT', capacity(sectors), {
      virtualSize: sectors * 512n,
    });
  const place = (at: number, value: bigint) => sparseVmdk().u64le(at, value);
  for (const [name, at, value] of [
    ['descriptor-at-0', 28, 0n],
    ['descriptor-beyond-file', 28, 2n ** 40n],
    ['descriptor-size-0', 36, 0n],
    ['descriptor-size-huge', 36, 2n ** 40n],
  ] as const)
    list.reject(name, 'VMDK_DESCRIPTOR', place(at, value));
  tables(list);
  streams(list);
  return list.cases;
}

function tables(list: CaseList): void {
  const TABLE = 'VMDK_GRAIN_TABLE';
  list.reject('table-entries-0', TABLE, sparseVmdk().u32le(44, 0));
  list.reject('table-entries-511', TABLE, sparseVmdk().u32le(44, 511));
  list.reject('directory-at-0', TABLE, sparseVmdk().u64le(56, 0));
  list.reject('directory-beyond-file', TABLE, sparseVmdk().u64le(56, 2n ** 62n));
  list.reject('redundant-beyond-file', TABLE, sparseVmdk().u64le(48, 2n ** 40n));
  const entry = (sector: number, index: number, value: number) =>
    sparseVmdk().u32le(sector * SECTOR + index * 4, value);
  list.reject('table-beyond-file', TABLE, entry(SPARSE_AT.directory, 0, 2 ** 31));
  list.reject('table-shared', TABLE, entry(SPARSE_AT.directory, 0, SPARSE_AT.redundant + 1));
  list.reject('grain-on-header', TABLE, entry(SPARSE_AT.table, 0, 1));
  list.reject('grain-beyond-file', TABLE, entry(SPARSE_AT.table, 0, 2 ** 31));
  list.reject('grain-shared', TABLE, entry(SPARSE_AT.table, 1, SPARSE_AT.grain));
  list.reject('grain-beyond-disk', TABLE, entry(SPARSE_AT.table, 100, SPARSE_AT.grain));
}

function streams(list: CaseList): void {
  list.reject(
    'sparse-with-compression',
    'VMDK_SUBFORMAT',
    sparseVmdk().u32le(8, 0x30003).u16le(77, 1),
  );
  list.reject('stream-without-markers', 'VMDK_SUBFORMAT', streamVmdk().u32le(8, 0x10001));
  const footer = STREAM_FOOTER * SECTOR;
  const FOOTER = 'VMDK_FOOTER_MISMATCH';
  list.reject('footer-capacity', FOOTER, streamVmdk().u64le(footer + 12, 4096));
  list.reject('footer-descriptor', FOOTER, streamVmdk().u64le(footer + 28, 99));
  list.reject('no-end-of-stream', FOOTER, streamVmdk().u32le(footer + SECTOR + 12, 1));
  list.reject('footer-directory', 'VMDK_GRAIN_TABLE', streamVmdk().u64le(footer + 56, 2n ** 40n));
}

export const vmdkCases = () => [...textCases(), ...embeddedCases(), ...headerCases()];
