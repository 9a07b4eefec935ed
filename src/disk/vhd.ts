// VHD (Virtual PC, Hyper-V): the footer, and fixed disks, whose bytes lie plainly before it. It must
// never take the original size for the current one, nor the geometry for the size, and never follow
// a parent. Layout after Microsoft's Virtual Hard Disk Image Format Specification. Big-endian.
import {
  SECTOR_BYTES,
  position,
  readWhole,
  refuse,
  settleVirtualSize,
  viewOf,
  warn,
  type Findings,
} from './findings.ts';
import type { DiskReader } from './reader.ts';
import { HEAD_BYTES } from './recognise.ts';
import { vhdChecksum } from './vhd-checksum.ts';
import { inspectDynamic } from './vhd-dynamic.ts';

const COOKIE = 'conectix';
const VERSION = 0x0001_0000;
const CHECKSUM_OFFSET = 64;
const FIXED = 2;
const DYNAMIC = 3;
const DIFFERENCING = 4;
/** The format's own limit. */
const MAX_VHD_BYTES = 2040 * 2 ** 30;
/** "Larger than the geometry can tell": the size alone counts. */
const MAX_GEOMETRY_SECTORS = 65_535 * 16 * 255;

function hasCookie(footer: Uint8Array): boolean {
  return Buffer.from(footer.subarray(0, COOKIE.length)).toString('latin1') === COOKIE;
}

/** Sectors of the geometry that the specification's rule gives for a disk of so many sectors. */
export function geometrySectors(sectors: number): number {
  if (sectors >= MAX_GEOMETRY_SECTORS) return MAX_GEOMETRY_SECTORS;
  let perTrack = 255;
  let heads = 16;
  if (sectors < 65_535 * 16 * 63) {
    perTrack = 17;
    let tracks = Math.floor(sectors / perTrack);
    heads = Math.max(4, Math.floor((tracks + 1023) / 1024));
    if (tracks >= heads * 1024 || heads > 16) {
      perTrack = 31;
      heads = 16;
      tracks = Math.floor(sectors / perTrack);
    }
    if (tracks >= heads * 1024) perTrack = 63;
  }
  return Math.floor(Math.floor(sectors / perTrack) / heads) * heads * perTrack;
}

/** Compares the geometry with the size: equal, unused, rounded down (a warning), or a lie. */
function checkGeometry(view: DataView, sizeBytes: number, findings: Findings): void {
  const cylinderSectors = view.getUint8(58) * view.getUint8(59);
  const sectors = view.getUint16(56) * cylinderSectors;
  const missing = sizeBytes / SECTOR_BYTES - sectors;
  if (missing === 0 || sectors === MAX_GEOMETRY_SECTORS) return;
  const isRounded = sectors === geometrySectors(sizeBytes / SECTOR_BYTES);
  const isWithinCylinder = sectors > 0 && missing > 0 && missing < cylinderSectors;
  if (!isRounded && !isWithinCylinder) refuse('VHD_GEOMETRY_MISMATCH');
  warn(findings, 'VHD_GEOMETRY_ROUNDED');
}

/** The type of the disk, fixed or dynamic; all else is refused. */
function readType(view: DataView): number {
  const type = view.getUint32(60);
  if (type === DIFFERENCING) refuse('VHD_DIFFERENCING');
  if (view.getUint32(12) !== VERSION) refuse('VHD_DISK_TYPE', 'version');
  if (type !== FIXED && type !== DYNAMIC) refuse('VHD_DISK_TYPE');
  return type;
}

/** The footer at the end of the file: the one that counts. */
function readFooter(reader: DiskReader): Uint8Array {
  const offset = reader.sizeBytes - SECTOR_BYTES;
  if (offset < 0) refuse('TRUNCATED', 'within the first footer');
  const footer = readWhole(reader, offset, SECTOR_BYTES);
  if (!hasCookie(footer)) refuse('TRUNCATED', 'no footer at the end');
  checkSum(footer, 'footer');
  return footer;
}

function checkSum(footer: Uint8Array, what: string): void {
  if (viewOf(footer).getUint32(CHECKSUM_OFFSET) !== vhdChecksum(footer, CHECKSUM_OFFSET))
    refuse('VHD_CHECKSUM', what);
}

/** Checks the copy of a dynamic disk's footer at the start of the file. */
function checkCopy(reader: DiskReader, footer: Uint8Array): void {
  if (reader.sizeBytes === SECTOR_BYTES) refuse('TRUNCATED', 'behind the first footer');
  const copy = readWhole(reader, 0, SECTOR_BYTES);
  checkSum(copy, 'copy of the footer');
  if (Buffer.compare(copy, footer) !== 0) refuse('VHD_FOOTER_MISMATCH');
}

/** Everything before a fixed disk's footer is the guest's disk. */
function inspectFixed(reader: DiskReader, sizeBytes: number): Uint8Array {
  if (sizeBytes !== reader.sizeBytes - SECTOR_BYTES) refuse('VHD_SIZE_MISMATCH');
  return reader.read(0, Math.min(HEAD_BYTES, sizeBytes));
}

/**
 * Inspects a VHD image, fixed or dynamic.
 * @returns the guest's first bytes
 * @throws Refusal VHD_*, VIRTUAL_SIZE_*, TRUNCATED
 */
export function inspectVhd(reader: DiskReader, findings: Findings): Uint8Array {
  const footer = readFooter(reader);
  const view = viewOf(footer);
  const type = readType(view);
  if (view.getUint8(84) !== 0) refuse('VHD_SAVED_STATE');
  const virtualSizeBytes = settleVirtualSize(findings, view.getBigUint64(48));
  if (virtualSizeBytes > MAX_VHD_BYTES) refuse('VIRTUAL_SIZE_LIMIT', 'a VHD ends at 2040 GiB');
  if (type === FIXED) {
    const head = inspectFixed(reader, virtualSizeBytes);
    checkGeometry(view, virtualSizeBytes, findings);
    return head;
  }
  checkGeometry(view, virtualSizeBytes, findings);
  checkCopy(reader, footer);
  return inspectDynamic(reader, position(view.getBigUint64(16)), virtualSizeBytes);
}
