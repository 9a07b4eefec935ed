// Looks at the guest's partition table, to warn about one that is odd. It never refuses: what a
// guest keeps on its disk is the guest's business, and a disk without any table is legal.
import { crc32 } from 'node:zlib';
import { SECTOR_BYTES, viewOf } from './findings.ts';

const ENTRY_BYTES = 16;
const PROTECTIVE = 0xee;
const GPT_HEADER_BYTES = 92;

interface Partition {
  readonly type: number;
  readonly firstSector: number;
  readonly endSector: number;
}

/** The four primary entries, or undefined when a boot flag shows that it is no table. */
function primaryEntries(view: DataView): Partition[] | undefined {
  const entries: Partition[] = [];
  for (let i = 0; i < 4; i++) {
    const offset = 446 + i * ENTRY_BYTES;
    const flag = view.getUint8(offset);
    if (flag !== 0 && flag !== 0x80) return undefined;
    const type = view.getUint8(offset + 4);
    if (type === 0) continue;
    const firstSector = view.getUint32(offset + 8, true);
    entries.push({ type, firstSector, endSector: firstSector + view.getUint32(offset + 12, true) });
  }
  return entries;
}

/** A GPT header in the second sector with a right checksum of its own. */
function hasSoundGptHeader(head: Uint8Array): boolean {
  const header = head.slice(SECTOR_BYTES, SECTOR_BYTES + GPT_HEADER_BYTES);
  if (header.length < GPT_HEADER_BYTES) return true; // not visible in so short a head
  if (Buffer.from(header.subarray(0, 8)).toString('latin1') !== 'EFI PART') return false;
  const view = viewOf(header);
  if (view.getUint32(12, true) !== GPT_HEADER_BYTES) return false;
  const expected = view.getUint32(16, true);
  view.setUint32(16, 0, true);
  return crc32(header) === expected && hasSoundGptEntries(head, view);
}

/** The checksum of the partition entries, where the head shows all of them. */
function hasSoundGptEntries(head: Uint8Array, header: DataView): boolean {
  const start = Number(header.getBigUint64(72, true)) * SECTOR_BYTES;
  const length = header.getUint32(80, true) * header.getUint32(84, true);
  if (length === 0 || start + length > head.length) return true; // nothing that could be seen
  return crc32(head.subarray(start, start + length)) === header.getUint32(88, true);
}

const MIN_GPT_ENTRY_BYTES = 128;

/** Whether a partition ends behind the disk, of the entries that the head shows: a disk that was cut. */
function reachesBeyond(head: Uint8Array, sectors: number): boolean {
  if (head.length < SECTOR_BYTES + GPT_HEADER_BYTES) return false;
  const header = viewOf(head.subarray(SECTOR_BYTES, SECTOR_BYTES + GPT_HEADER_BYTES));
  const count = header.getUint32(80, true);
  const entryBytes = Math.max(MIN_GPT_ENTRY_BYTES, header.getUint32(84, true));
  let at = Number(header.getBigUint64(72, true)) * SECTOR_BYTES;
  for (let i = 0; i < count && at + MIN_GPT_ENTRY_BYTES <= head.length; i++, at += entryBytes) {
    const entry = head.subarray(at, at + MIN_GPT_ENTRY_BYTES);
    const isUsed = entry.subarray(0, 16).some(Boolean);
    if (isUsed && viewOf(entry).getBigUint64(40, true) >= BigInt(sectors)) return true;
  }
  return false;
}

/**
 * Whether the disk has a partition table that is odd: boot flags or ranges that make no sense, a
 * protective entry without a sound GPT, a GPT without a protective entry, partitions behind the end.
 * @param guestHead the guest's first bytes
 */
export function isPartitionTableOdd(guestHead: Uint8Array, virtualSizeBytes: number): boolean {
  if (guestHead.length < SECTOR_BYTES) return false;
  const gptAt = Buffer.from(guestHead.subarray(SECTOR_BYTES, SECTOR_BYTES + 8)).toString('latin1');
  if (guestHead[510] !== 0x55 || guestHead[511] !== 0xaa) return gptAt === 'EFI PART';
  // A file system may begin with a boot sector of its own: FAT and NTFS jump over their parameters.
  if (guestHead[0] === 0xeb || guestHead[0] === 0xe9) {
    const name = Buffer.from(guestHead.subarray(3, 90)).toString('latin1');
    if (/^NTFS|^EXFAT|FAT(12|16|32)? /.test(name)) return false;
  }
  const entries = primaryEntries(viewOf(guestHead));
  if (entries === undefined) return true;
  const sectors = Math.ceil(virtualSizeBytes / SECTOR_BYTES);
  if (entries.some((entry) => entry.type === PROTECTIVE))
    return !hasSoundGptHeader(guestHead) || reachesBeyond(guestHead, sectors);
  if (gptAt === 'EFI PART') return true;
  const sorted = entries.toSorted((a, b) => a.firstSector - b.firstSector);
  return sorted.some(
    (entry, i) =>
      entry.firstSector === 0 ||
      entry.endSector > sectors ||
      entry.endSector > (sorted[i + 1]?.firstSector ?? sectors),
  );
}
