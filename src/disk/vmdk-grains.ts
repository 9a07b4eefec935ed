// The walk of a VMDK image's grain directories and tables: every table and every grain lies inside
// the file and belongs to one owner only. Tables shared by many entries are refused before they are
// read twice, so the work is bounded by the file and by the capacity, whatever the entries say.
import { inflateSync } from 'node:zlib';
import { SECTOR_BYTES, readWhole, refuse, viewOf } from './findings.ts';
import type { DiskReader } from './reader.ts';

/** The sparse extent's header; every field is range-checked but the directories' places. */
export interface VmdkHeader {
  readonly capacitySectors: number;
  readonly grainSectors: number;
  readonly overheadSectors: number;
  readonly hasZeroedGrains: boolean;
  /** Grains are deflated and each is preceded by a marker. */
  readonly isStream: boolean;
  /** First sectors of the grain directories in use: one, or two with a redundant one. */
  readonly directorySectors: readonly number[];
}

const ENTRY_BYTES = 4;
const ENTRIES_PER_TABLE = 512;
const TABLE_SECTORS = (ENTRIES_PER_TABLE * ENTRY_BYTES) / SECTOR_BYTES;
const PIECE_BYTES = 64 * 1024;
const MARKER_BYTES = 12;
/** Grain slots that are watched for a second owner: 4 MiB of bits. */
const MAX_WATCHED_SLOTS = 2 ** 25;

/** One bit per stretch of the file; the file's later part goes unwatched when it is too long. */
class SlotMap {
  readonly #bits: Uint8Array;
  readonly #slotSectors: number;

  constructor(fileSizeBytes: number, slotSectors: number) {
    const slots = Math.ceil(fileSizeBytes / SECTOR_BYTES / slotSectors);
    this.#bits = new Uint8Array(Math.ceil(Math.min(slots, MAX_WATCHED_SLOTS) / 8));
    this.#slotSectors = slotSectors;
  }

  /** False when another stretch began in the same slot. */
  take(sector: number): boolean {
    const slot = Math.floor(sector / this.#slotSectors);
    const byte = this.#bits[slot >>> 3];
    if (byte === undefined) return true;
    if ((byte & (1 << (slot & 7))) !== 0) return false;
    this.#bits[slot >>> 3] = byte | (1 << (slot & 7));
    return true;
  }
}

/** Visits all entries of a table that lies inside the file. */
function eachEntry(
  reader: DiskReader,
  scratch: Uint8Array,
  sector: number,
  entries: number,
  visit: (value: number, index: number) => void,
): void {
  for (let first = 0; first < entries; first += PIECE_BYTES / ENTRY_BYTES) {
    const count = Math.min(entries - first, PIECE_BYTES / ENTRY_BYTES);
    const offset = sector * SECTOR_BYTES + first * ENTRY_BYTES;
    const view = viewOf(readWhole(reader, offset, count * ENTRY_BYTES, scratch));
    for (let i = 0; i < count; i++) visit(view.getUint32(i * ENTRY_BYTES, true), first + i);
  }
}

/** One walk over one image. */
class Walk {
  readonly #reader: DiskReader;
  readonly #header: VmdkHeader;
  readonly #fileSectors: number;
  readonly #tables: SlotMap;
  readonly #directoryPiece = new Uint8Array(PIECE_BYTES);
  readonly #tablePiece = new Uint8Array(ENTRIES_PER_TABLE * ENTRY_BYTES);

  constructor(reader: DiskReader, header: VmdkHeader) {
    this.#reader = reader;
    this.#header = header;
    this.#fileSectors = Math.ceil(reader.sizeBytes / SECTOR_BYTES);
    this.#tables = new SlotMap(reader.sizeBytes, TABLE_SECTORS);
  }

  /** Visits the tables that one directory names, each once. */
  eachTable(directorySector: number, visit: (sector: number, index: number) => void): void {
    const { capacitySectors, grainSectors } = this.#header;
    const tables = Math.ceil(capacitySectors / (grainSectors * ENTRIES_PER_TABLE));
    if (directorySector === 0 || directorySector >= this.#fileSectors)
      refuse('VMDK_GRAIN_TABLE', 'directory');
    eachEntry(this.#reader, this.#directoryPiece, directorySector, tables, (sector, index) => {
      if (sector === 0) return;
      const what = `table ${index}`;
      if (sector >= this.#fileSectors) refuse('VMDK_GRAIN_TABLE', what);
      if (!this.#tables.take(sector)) refuse('VMDK_GRAIN_TABLE', `${what} is shared`);
      visit(sector, index);
    });
  }

  /** Visits the grains that lie in the file, by first sector and index. */
  eachGrain(tableSector: number, table: number, visit: (sector: number, grain: number) => void) {
    const { capacitySectors, grainSectors, hasZeroedGrains } = this.#header;
    eachEntry(this.#reader, this.#tablePiece, tableSector, ENTRIES_PER_TABLE, (sector, index) => {
      if (sector === 0 || (sector === 1 && hasZeroedGrains)) return;
      const grain = table * ENTRIES_PER_TABLE + index;
      if (grain * grainSectors >= capacitySectors)
        refuse('VMDK_GRAIN_TABLE', 'a grain beyond the end of the disk');
      visit(sector, grain);
    });
  }

  /** Checks the place of a grain; a grain at the end of the disk may be short. */
  checkGrain(sector: number, grain: number): void {
    const { overheadSectors, isStream, capacitySectors, grainSectors } = this.#header;
    if (sector < (isStream ? 1 : Math.max(1, overheadSectors)) || sector >= this.#fileSectors)
      refuse('VMDK_GRAIN_TABLE', `grain ${grain}`);
    const left = (capacitySectors - grain * grainSectors) * SECTOR_BYTES;
    const length = isStream
      ? MARKER_BYTES + this.#packedBytes(sector, grain)
      : Math.min(grainSectors * SECTOR_BYTES, left);
    if (sector * SECTOR_BYTES + length > this.#reader.sizeBytes)
      refuse('TRUNCATED', `within grain ${grain}`);
  }

  /** The length in a compressed grain's marker, which also repeats the grain's place on the disk. */
  #packedBytes(sector: number, grain: number): number {
    const { grainSectors } = this.#header;
    const marker = viewOf(readWhole(this.#reader, sector * SECTOR_BYTES, MARKER_BYTES));
    const packedBytes = marker.getUint32(8, true);
    const isRight = marker.getBigUint64(0, true) === BigInt(grain * grainSectors);
    if (!isRight || packedBytes === 0 || packedBytes > 2 * grainSectors * SECTOR_BYTES)
      refuse('VMDK_GRAIN_TABLE', `marker of grain ${grain}`);
    return packedBytes;
  }

  /** The bytes of a checked grain. */
  readGrain(sector: number, grain: number): Uint8Array {
    const grainBytes = this.#header.grainSectors * SECTOR_BYTES;
    const offset = sector * SECTOR_BYTES;
    if (!this.#header.isStream) return this.#reader.read(offset, grainBytes);
    const packedBytes = this.#packedBytes(sector, grain);
    try {
      const packed = this.#reader.read(offset + MARKER_BYTES, packedBytes);
      return inflateSync(packed, { maxOutputLength: grainBytes });
    } catch {
      return refuse('VMDK_GRAIN_TABLE', `grain ${grain} cannot be decompressed`);
    }
  }
}

/**
 * Walks the grain directories.
 * @returns the guest's first grain, zeros where the image holds nothing
 * @throws Refusal VMDK_GRAIN_TABLE, TRUNCATED
 */
export function walkGrains(reader: DiskReader, header: VmdkHeader): Uint8Array {
  const walk = new Walk(reader, header);
  let head: Uint8Array | undefined;
  for (const directory of header.directorySectors) {
    // A redundant directory has tables of its own, which name the same grains.
    const slotSectors = header.isStream ? 1 : header.grainSectors;
    const grains = new SlotMap(reader.sizeBytes, slotSectors);
    walk.eachTable(directory, (tableSector, table) => {
      walk.eachGrain(tableSector, table, (sector, grain) => {
        walk.checkGrain(sector, grain);
        if (!grains.take(sector)) refuse('VMDK_GRAIN_TABLE', `grain ${grain} is shared`);
        if (grain === 0 && head === undefined) head = walk.readGrain(sector, grain);
      });
    });
  }
  return (head ?? new Uint8Array(header.grainSectors * SECTOR_BYTES)).subarray(
    0,
    header.capacitySectors * SECTOR_BYTES,
  );
}
