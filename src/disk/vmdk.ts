// VMDK with everything in one file: monolithicSparse and streamOptimized. An allow-list: one header,
// one embedded descriptor, one sparse extent. It must never open or even quote a file name that
// stands in a descriptor. Layout after VMware's Virtual Disk Format 5.0. Little-endian.
import {
  SECTOR_BYTES,
  isPowerOfTwo,
  position,
  readWhole,
  refuse,
  settleVirtualSize,
  viewOf,
  type Findings,
} from './findings.ts';
import type { DiskReader } from './reader.ts';
import { checkDescriptor } from './vmdk-descriptor.ts';
import { walkGrains } from './vmdk-grains.ts';

const MAGIC = 'KDMV';
const GD_AT_END = 0xffff_ffff_ffff_ffffn;
const LINE_ENDINGS = '\n \r\n';
const DEFLATE = 1;
const FOOTER_MARKER = 3;
const ENTRIES_PER_TABLE = 512;
const MIN_GRAIN_SECTORS = 8;
const MAX_GRAIN_SECTORS = 4096;
const MAX_DESCRIPTOR_SECTORS = 128;

const HAS_LINE_ENDINGS = 1 << 0;
const HAS_REDUNDANT_DIRECTORY = 1 << 1;
const HAS_ZEROED_GRAINS = 1 << 2;
const HAS_COMPRESSION = 1 << 16;
const HAS_MARKERS = 1 << 17;
const KNOWN_FLAGS =
  HAS_LINE_ENDINGS | HAS_REDUNDANT_DIRECTORY | HAS_ZEROED_GRAINS | HAS_COMPRESSION | HAS_MARKERS;

/** Checks the numbers that stand alone, and says whether the image is a stream. */
function checkFields(view: DataView): boolean {
  const version = view.getUint32(4, true);
  if (version < 1 || version > 3) refuse('VMDK_VERSION');
  const flags = view.getUint32(8, true);
  if ((flags & ~KNOWN_FLAGS) !== 0) refuse('VMDK_VERSION', 'unknown flags');
  const endings = Array.from(LINE_ENDINGS, (char) => char.charCodeAt(0));
  if (endings.some((byte, i) => view.getUint8(73 + i) !== byte)) refuse('VMDK_LINE_ENDINGS');
  if (view.getUint8(72) !== 0) refuse('VMDK_UNCLEAN');
  const grainSectors = position(view.getBigUint64(20, true));
  if (
    !isPowerOfTwo(grainSectors) ||
    grainSectors < MIN_GRAIN_SECTORS ||
    grainSectors > MAX_GRAIN_SECTORS
  )
    refuse('VMDK_GRAIN_SIZE');
  if (view.getUint32(44, true) !== ENTRIES_PER_TABLE) refuse('VMDK_GRAIN_TABLE', 'entries a table');
  const isCompressed = (flags & HAS_COMPRESSION) !== 0;
  const algorithm = view.getUint16(77, true);
  const hasMarkers = (flags & HAS_MARKERS) !== 0;
  if (isCompressed !== hasMarkers || algorithm !== (isCompressed ? DEFLATE : 0))
    refuse('VMDK_SUBFORMAT', 'compression');
  return isCompressed;
}

/** The footer of a stream whose directory is at its end: a copy of the header with the place. */
function readFooter(reader: DiskReader, header: DataView): DataView {
  const start = reader.sizeBytes - 3 * SECTOR_BYTES;
  if (start < SECTOR_BYTES) refuse('TRUNCATED', 'no room for a footer');
  const bytes = readWhole(reader, start, 3 * SECTOR_BYTES);
  const marker = viewOf(bytes.subarray(0, SECTOR_BYTES));
  const footer = viewOf(bytes.subarray(SECTOR_BYTES, 2 * SECTOR_BYTES));
  const isMarked = marker.getUint32(12, true) === FOOTER_MARKER;
  const magic = Buffer.from(bytes.subarray(SECTOR_BYTES, SECTOR_BYTES + 4)).toString('latin1');
  if (!isMarked && magic !== MAGIC) refuse('TRUNCATED', 'no footer at the end');
  if (!isMarked || magic !== MAGIC) refuse('VMDK_FOOTER_MISMATCH', 'half a footer');
  const isEnded = !bytes.subarray(2 * SECTOR_BYTES, 2 * SECTOR_BYTES + 16).some(Boolean);
  if (!isEnded) refuse('VMDK_FOOTER_MISMATCH', 'no end-of-stream marker');
  for (let i = 0; i < 79; i++) {
    const isPlace = i >= 48 && i < 72; // both directories' places and the overhead may differ
    if (!isPlace && footer.getUint8(i) !== header.getUint8(i)) refuse('VMDK_FOOTER_MISMATCH');
  }
  return footer;
}

/** Where the descriptor lies: behind the header, small, inside the file. */
function readDescriptor(reader: DiskReader, view: DataView): Uint8Array {
  const first = position(view.getBigUint64(28, true));
  const sectors = position(view.getBigUint64(36, true));
  if (first < 1 || sectors < 1 || sectors > MAX_DESCRIPTOR_SECTORS) refuse('VMDK_DESCRIPTOR');
  if (first * SECTOR_BYTES >= reader.sizeBytes) refuse('VMDK_DESCRIPTOR', 'beyond the file');
  return readWhole(reader, first * SECTOR_BYTES, sectors * SECTOR_BYTES);
}

/**
 * Inspects a VMDK image: header, footer, descriptor, and a walk of its grain tables.
 * @returns the guest's first bytes
 * @throws Refusal VMDK_*, VIRTUAL_SIZE_*, TRUNCATED
 */
export function inspectVmdk(reader: DiskReader, findings: Findings): Uint8Array {
  const first = Buffer.from(reader.read(0, 4)).toString('latin1');
  if (first !== MAGIC) refuse('VMDK_SUBFORMAT');
  const view = viewOf(readWhole(reader, 0, SECTOR_BYTES));
  const isStream = checkFields(view);
  const capacity = view.getBigUint64(12, true);
  const virtualSizeBytes = settleVirtualSize(findings, capacity * BigInt(SECTOR_BYTES));
  const createType = checkDescriptor(readDescriptor(reader, view), Number(capacity));
  if ((createType === 'streamOptimized') !== isStream) refuse('VMDK_SUBFORMAT', 'compression');
  const isAtEnd = view.getBigUint64(56, true) === GD_AT_END;
  if (isAtEnd && !isStream) refuse('VMDK_GRAIN_TABLE', 'directory at the end');
  const places = isAtEnd ? readFooter(reader, view) : view;
  const flags = view.getUint32(8, true);
  const directories = [position(places.getBigUint64(56, true))];
  if ((flags & HAS_REDUNDANT_DIRECTORY) !== 0)
    directories.push(position(places.getBigUint64(48, true)));
  const guestHead = walkGrains(reader, {
    capacitySectors: virtualSizeBytes / SECTOR_BYTES,
    grainSectors: Number(view.getBigUint64(20, true)),
    overheadSectors: position(view.getBigUint64(64, true)),
    hasZeroedGrains: (flags & HAS_ZEROED_GRAINS) !== 0,
    isStream,
    directorySectors: directories,
  });
  // Writers fill up the last sector, and compressed grains end anywhere in theirs.
  if (reader.sizeBytes % SECTOR_BYTES !== 0) refuse('TRUNCATED', 'within the last sector');
  return guestHead;
}
