// Dynamic VHD: the second header and the block allocation table (BAT). Every block that the table
// names lies between the tables and the footer and belongs to one entry only.
import { ExtentMap } from './extent-map.ts';
import { SECTOR_BYTES, isPowerOfTwo, position, readWhole, refuse, viewOf } from './findings.ts';
import type { DiskReader } from './reader.ts';
import { HEAD_BYTES } from './recognise.ts';
import { vhdChecksum } from './vhd-checksum.ts';

const COOKIE = 'cxsparse';
const VERSION = 0x0001_0000;
const HEADER_BYTES = 1024;
const CHECKSUM_OFFSET = 36;
const UNUSED = 0xffff_ffff;
const ENTRY_BYTES = 4;
const PIECE_BYTES = 64 * 1024;
/** Hyper-V makes 512 KiB and 2 MiB. */
const MIN_BLOCK_BYTES = 512 * 1024;
const MAX_BLOCK_BYTES = 256 * 2 ** 20;
/** 2048 GiB in the smallest blocks. */
const MAX_ENTRIES = 2 ** 22;

interface BlockTable {
  readonly offset: number;
  readonly entries: number;
  readonly blockBytes: number;
  /** Bytes of one block in the file: a bitmap in whole sectors, then the data. */
  readonly strideBytes: number;
  readonly headerOffset: number;
}

function readTable(reader: DiskReader, headerOffset: number, sizeBytes: number): BlockTable {
  if (headerOffset < SECTOR_BYTES || headerOffset % SECTOR_BYTES !== 0)
    refuse('VHD_BAT_OFFSET', 'dynamic header');
  const header = readWhole(reader, headerOffset, HEADER_BYTES);
  const view = viewOf(header);
  const cookie = Buffer.from(header.subarray(0, COOKIE.length)).toString('latin1');
  if (cookie !== COOKIE || view.getUint32(CHECKSUM_OFFSET) !== vhdChecksum(header, CHECKSUM_OFFSET))
    refuse('VHD_CHECKSUM', 'dynamic header');
  if (view.getUint32(24) !== VERSION) refuse('VHD_DISK_TYPE', 'dynamic header version');
  if (header.subarray(40, 60).some(Boolean) || header.subarray(64, 768).some(Boolean))
    refuse('VHD_PARENT_LOCATOR');
  const blockBytes = view.getUint32(32);
  if (!isPowerOfTwo(blockBytes) || blockBytes < MIN_BLOCK_BYTES || blockBytes > MAX_BLOCK_BYTES)
    refuse('VHD_BLOCK_SIZE');
  const entries = view.getUint32(28);
  if (entries < Math.ceil(sizeBytes / blockBytes) || entries > MAX_ENTRIES) refuse('VHD_BAT_SIZE');
  const offset = position(view.getBigUint64(16));
  const footerOffset = reader.sizeBytes - SECTOR_BYTES;
  const isPlaced = offset % SECTOR_BYTES === 0 && offset >= SECTOR_BYTES && offset < footerOffset;
  if (!isPlaced || overlaps(offset, entries * ENTRY_BYTES, headerOffset, HEADER_BYTES))
    refuse('VHD_BAT_OFFSET');
  if (offset + entries * ENTRY_BYTES > footerOffset) refuse('TRUNCATED', 'within the block table');
  const bitmapSectors = Math.ceil(blockBytes / SECTOR_BYTES / 8 / SECTOR_BYTES);
  const strideBytes = bitmapSectors * SECTOR_BYTES + blockBytes;
  return { offset, entries, blockBytes, strideBytes, headerOffset };
}

function overlaps(a: number, aLength: number, b: number, bLength: number): boolean {
  return a < b + bLength && b < a + aLength;
}

/** Visits the used entries of the table, as sectors. */
function eachBlock(reader: DiskReader, table: BlockTable, visit: (s: number, i: number) => void) {
  const { offset, entries } = table;
  for (let first = 0; first < entries; first += PIECE_BYTES / ENTRY_BYTES) {
    const count = Math.min(entries - first, PIECE_BYTES / ENTRY_BYTES);
    const view = viewOf(readWhole(reader, offset + first * ENTRY_BYTES, count * ENTRY_BYTES));
    for (let i = 0; i < count; i++) {
      const sector = view.getUint32(i * ENTRY_BYTES);
      if (sector !== UNUSED) visit(sector, first + i);
    }
  }
}

/**
 * Inspects what follows the footer's copy in a dynamic disk.
 * @param headerOffset bytes, from the footer, unchecked
 * @returns the guest's first bytes
 */
export function inspectDynamic(
  reader: DiskReader,
  headerOffset: number,
  sizeBytes: number,
): Uint8Array {
  const table = readTable(reader, headerOffset, sizeBytes);
  const footerOffset = reader.sizeBytes - SECTOR_BYTES;
  const map = new ExtentMap(reader.sizeBytes, table.strideBytes);
  let firstBlock: number | undefined;
  eachBlock(reader, table, (sector, index) => {
    const offset = sector * SECTOR_BYTES;
    const what = `block ${index}`;
    const isOnTables =
      offset < SECTOR_BYTES ||
      overlaps(offset, table.strideBytes, headerOffset, HEADER_BYTES) ||
      overlaps(offset, table.strideBytes, table.offset, table.entries * ENTRY_BYTES);
    if (isOnTables || offset >= footerOffset) refuse('VHD_BLOCK_OFFSET', what);
    if (offset + table.strideBytes > footerOffset) refuse('TRUNCATED', `within ${what}`);
    if (index * table.blockBytes >= sizeBytes) refuse('VHD_BAT_SIZE', `${what} is beyond the disk`);
    if (!map.take(sector)) refuse('VHD_BLOCK_OFFSET', `${what} overlaps another`);
    if (index === 0) firstBlock = offset;
  });
  const length = Math.min(HEAD_BYTES, sizeBytes);
  if (firstBlock === undefined) return new Uint8Array(length);
  return reader.read(firstBlock + table.strideBytes - table.blockBytes, length);
}
