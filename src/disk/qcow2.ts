// QCOW2, versions 2 and 3: the header. An allow-list: what is not known to be harmless is refused.
// It must never do arithmetic with a field before its range is checked, and never follow a name.
// Layout after the QEMU project's docs/interop/qcow2.rst. All numbers are big-endian.
import {
  position,
  readWhole,
  refuse,
  settleVirtualSize,
  viewOf,
  type Findings,
} from './findings.ts';
import { checkExtensions } from './qcow2-extensions.ts';
import { walkQcow2, type Qcow2Header } from './qcow2-walk.ts';
import type { DiskReader } from './reader.ts';

const V2_HEADER_BYTES = 72;
const V3_HEADER_BYTES = 104;
/** QEMU's own limits. */
const MAX_L1_BYTES = 32 * 2 ** 20;
const MAX_REFCOUNT_TABLE_BYTES = 8 * 2 ** 20;

const DIRTY = 1n << 0n;
const CORRUPT = 1n << 1n;
const DATA_FILE = 1n << 2n;
const COMPRESSION_TYPE = 1n << 3n;
const EXTENDED_L2 = 1n << 4n;
/** An autoclear feature. */
const BITMAPS_VALID = 1n << 0n;
const KNOWN = DIRTY | CORRUPT | DATA_FILE | COMPRESSION_TYPE;

function checkFeatures(features: bigint): void {
  if ((features & DATA_FILE) !== 0n) refuse('QCOW2_DATA_FILE');
  if ((features & CORRUPT) !== 0n) refuse('QCOW2_CORRUPT');
  if ((features & DIRTY) !== 0n) refuse('QCOW2_DIRTY');
  if ((features & EXTENDED_L2) !== 0n) refuse('QCOW2_UNKNOWN_FEATURE', 'extended L2 entries');
  if ((features & ~KNOWN) !== 0n) refuse('QCOW2_UNKNOWN_FEATURE');
}

/** The fields that only version 3 has. */
function readVersion3(reader: DiskReader, clusterBits: number) {
  const view = viewOf(readWhole(reader, 0, V3_HEADER_BYTES));
  const features = view.getBigUint64(72);
  checkFeatures(features);
  const refcountOrder = view.getUint32(96);
  if (refcountOrder > 6) refuse('QCOW2_REFCOUNT_ORDER');
  const headerBytes = view.getUint32(100);
  if (headerBytes < V3_HEADER_BYTES || headerBytes % 8 !== 0 || headerBytes > 2 ** clusterBits)
    refuse('QCOW2_HEADER_LENGTH');
  const type = headerBytes > V3_HEADER_BYTES ? readWhole(reader, V3_HEADER_BYTES, 1)[0] : 0;
  const hasTypeBit = (features & COMPRESSION_TYPE) !== 0n;
  if (type !== (hasTypeBit ? 1 : 0)) refuse('QCOW2_COMPRESSION_TYPE');
  const compression: Qcow2Header['compression'] = hasTypeBit ? 'zstd' : 'zlib';
  const hasBitmaps = (view.getBigUint64(88) & BITMAPS_VALID) !== 0n;
  return { refcountOrder, headerBytes, compression, hasBitmaps };
}

/** What version 2 has in place of those fields. */
const VERSION_2 = {
  refcountOrder: 4,
  headerBytes: V2_HEADER_BYTES,
  compression: 'zlib',
  hasBitmaps: false,
} as const;

/** Checks that a table of the header starts at a legal place inside the file. */
function checkTable(reader: DiskReader, offset: number, clusterBits: number): number {
  if (offset === 0 || offset % 2 ** clusterBits !== 0 || offset >= reader.sizeBytes)
    refuse('QCOW2_TABLE_OFFSET');
  return offset;
}

/** L1 entries that a disk needs. */
function neededL1Entries(virtualSizeBytes: number, clusterBits: number): number {
  return Math.ceil(virtualSizeBytes / 2 ** (clusterBits + clusterBits - 3));
}

/** A table of more entries than needed must at least lie in the file: else its length is a lie. */
function checkL1(reader: DiskReader, header: Qcow2Header): void {
  const { l1Entries, l1Offset, l1DiskEntries } = header;
  if (l1Entries > l1DiskEntries && l1Offset + l1Entries * 8 > reader.sizeBytes)
    refuse('QCOW2_L1_SIZE', 'it ends beyond the file');
}

function checkL1Size(l1Entries: number, virtualSizeBytes: number, clusterBits: number): void {
  const isShort = l1Entries < neededL1Entries(virtualSizeBytes, clusterBits);
  if (isShort || l1Entries * 8 > MAX_L1_BYTES) refuse('QCOW2_L1_SIZE');
}

/** The same of the refcount table, which needs as many entries as the file has refcount blocks. */
function checkRefcountTable(reader: DiskReader, header: Qcow2Header): void {
  const { refcountTableOffset, refcountTableClusters, refcountOrder, clusterBits } = header;
  const clusterBytes = 2 ** clusterBits;
  const clusters = Math.ceil(reader.sizeBytes / clusterBytes);
  const blocks = Math.ceil(clusters / ((clusterBytes * 8) / 2 ** refcountOrder));
  const needed = Math.ceil((blocks * 8) / clusterBytes);
  const end = refcountTableOffset + refcountTableClusters * clusterBytes;
  if (refcountTableClusters > needed && end > reader.sizeBytes)
    refuse('QCOW2_REFCOUNT_TABLE', 'it ends beyond the file');
}

function readHeader(reader: DiskReader, findings: Findings): Qcow2Header {
  const view = viewOf(readWhole(reader, 0, V2_HEADER_BYTES));
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3) refuse('QCOW2_VERSION');
  if (view.getBigUint64(8) !== 0n || view.getUint32(16) !== 0) refuse('QCOW2_BACKING_FILE');
  const clusterBits = view.getUint32(20);
  if (clusterBits < 9 || clusterBits > 21) refuse('QCOW2_CLUSTER_BITS');
  if (view.getUint32(32) !== 0) refuse('QCOW2_ENCRYPTED');
  const { refcountOrder, headerBytes, compression, hasBitmaps } =
    version === 3 ? readVersion3(reader, clusterBits) : VERSION_2;
  const bitmapDirectory = checkExtensions(reader, headerBytes, clusterBits);
  const virtualSizeBytes = settleVirtualSize(findings, view.getBigUint64(24));
  if (view.getUint32(60) !== 0) refuse('QCOW2_SNAPSHOTS');
  const l1Entries = view.getUint32(36);
  checkL1Size(l1Entries, virtualSizeBytes, clusterBits);
  const refcountTableClusters = view.getUint32(56);
  if (
    refcountTableClusters === 0 ||
    refcountTableClusters * 2 ** clusterBits > Math.max(MAX_REFCOUNT_TABLE_BYTES, 2 ** clusterBits)
  )
    refuse('QCOW2_REFCOUNT_TABLE');
  return {
    version,
    virtualSizeBytes,
    clusterBits,
    l1Offset: checkTable(reader, position(view.getBigUint64(40)), clusterBits),
    l1Entries,
    l1DiskEntries: neededL1Entries(virtualSizeBytes, clusterBits),
    refcountTableOffset: checkTable(reader, position(view.getBigUint64(48)), clusterBits),
    refcountTableClusters,
    refcountOrder,
    compression,
    // Whoever does not know bitmaps clears their bit and may put other things in their place.
    ...(bitmapDirectory === undefined || !hasBitmaps ? {} : { bitmapDirectory }),
  };
}

/**
 * Inspects a qcow2 image: header, extensions, and a full walk of its tables.
 * @returns the guest's first bytes
 * @throws Refusal QCOW2_*, VIRTUAL_SIZE_*, TRUNCATED
 */
export function inspectQcow2(reader: DiskReader, findings: Findings): Uint8Array {
  const header = readHeader(reader, findings);
  checkL1(reader, header);
  checkRefcountTable(reader, header);
  return walkQcow2(reader, header, findings);
}
