// Dynamic VHD: the second header and the block allocation table (BAT). Every block that the table
// names lies between the tables and the footer and belongs to one entry only.
import { ExtentMap, WINDOW_SLOTS } from './extent-map.ts';
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
/** Hyper-V makes 512 KiB and 2 MiB; others may be smaller, down to what one bitmap sector covers. */
const MIN_BLOCK_BYTES = 4096;
const MAX_BLOCK_BYTES = 256 * 2 ** 20;
/** 2048 GiB in the blocks of 512 KiB. */
const MAX_ENTRIES = 2 ** 22;
/** File that may lie unused between the blocks, beside as much again as the disk needs. */
const SLACK_BYTES = 64 * 2 ** 20;

interface BlockTable {
  readonly offset: number;
  readonly entries: number;
  readonly blockBytes: number;
  /** Bytes of one block in the file: a bitmap in whole sectors, then the data. */
  readonly strideBytes: number;
  readonly headerOffset: number;
}

function readTable(reader: DiskReader, headerOffset: number, sizeBytes: number): BlockTable {
  const footerOffset = reader.sizeBytes - SECTOR_BYTES;
  const isHeaderPlaced =
    headerOffset >= SECTOR_BYTES &&
    headerOffset % SECTOR_BYTES === 0 &&
    headerOffset + HEADER_BYTES <= footerOffset;
  if (!isHeaderPlaced) refuse('VHD_BAT_OFFSET', 'dynamic header');
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
  const needed = Math.ceil(sizeBytes / blockBytes);
  if (entries < needed || entries > MAX_ENTRIES) refuse('VHD_BAT_SIZE');
  const offset = position(view.getBigUint64(16));
  const isPlaced = offset % SECTOR_BYTES === 0 && offset >= SECTOR_BYTES && offset < footerOffset;
  if (!isPlaced || overlaps(offset, entries * ENTRY_BYTES, headerOffset, HEADER_BYTES))
    refuse('VHD_BAT_OFFSET');
  if (offset + entries * ENTRY_BYTES > footerOffset)
    refuse(entries > needed ? 'VHD_BAT_SIZE' : 'VHD_BAT_OFFSET', 'it ends beyond the file');
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
  const scratch = new Uint8Array(Math.min(PIECE_BYTES, entries * ENTRY_BYTES));
  for (let first = 0; first < entries; first += PIECE_BYTES / ENTRY_BYTES) {
    const count = Math.min(entries - first, PIECE_BYTES / ENTRY_BYTES);
    const view = viewOf(
      readWhole(reader, offset + first * ENTRY_BYTES, count * ENTRY_BYTES, scratch),
    );
    for (let i = 0; i < count; i++) {
      const sector = view.getUint32(i * ENTRY_BYTES);
      if (sector !== UNUSED) visit(sector, first + i);
    }
  }
}

/** Refuses blocks that overlap, one window of the file at a time; neighbours see each other's edge. */
function refuseShared(reader: DiskReader, table: BlockTable, end: number): void {
  const slots = Math.ceil(end / table.strideBytes);
  for (let first = 0; first < slots; first += WINDOW_SLOTS) {
    const map = new ExtentMap(
      table.strideBytes,
      first - 1,
      Math.min(slots, first + WINDOW_SLOTS) + 1,
    );
    eachBlock(reader, table, (sector, index) => {
      if (!map.take(sector)) refuse('VHD_BLOCK_OFFSET', `block ${index} overlaps another`);
    });
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
  const needed = Math.ceil(sizeBytes / table.blockBytes) * table.strideBytes;
  const tablesEnd = Math.max(
    headerOffset + HEADER_BYTES,
    table.offset + table.entries * ENTRY_BYTES,
  );
  const end = Math.min(footerOffset, tablesEnd + 2 * needed + SLACK_BYTES);
  let firstBlock: number | undefined;
  eachBlock(reader, table, (sector, index) => {
    const offset = sector * SECTOR_BYTES;
    const what = `block ${index}`;
    const isOnTables =
      offset < SECTOR_BYTES ||
      overlaps(offset, table.strideBytes, headerOffset, HEADER_BYTES) ||
      overlaps(offset, table.strideBytes, table.offset, table.entries * ENTRY_BYTES);
    if (isOnTables || offset + table.strideBytes > end) refuse('VHD_BLOCK_OFFSET', what);
    if (index * table.blockBytes >= sizeBytes) refuse('VHD_BAT_SIZE', `${what} is beyond the disk`);
    if (index === 0) firstBlock = offset;
  });
  refuseShared(reader, table, end);
  const length = Math.min(HEAD_BYTES, sizeBytes);
  if (firstBlock === undefined) return new Uint8Array(length);
  return reader.read(firstBlock + table.strideBytes - table.blockBytes, length);
}
