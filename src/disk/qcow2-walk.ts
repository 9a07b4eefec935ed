// The full walk of a qcow2 image's tables: every cluster that the image uses lies inside the file,
// at a legal place, and belongs to one owner only. Tables are read in pieces, each table once per
// window of the cluster map, and never before it is known to have one owner: shared tables are how
// a small file would make a reader work for ever.
import { ClusterMap, WINDOW_CLUSTERS } from './cluster-map.ts';
import { refuse, warn, type Findings } from './findings.ts';
import { inflateCluster, type CompressedRun } from './qcow2-compressed.ts';
import type { DiskReader } from './reader.ts';

/** What the walk of the tables needs; every field is range-checked. */
export interface Qcow2Header {
  readonly version: 2 | 3;
  readonly virtualSizeBytes: number;
  readonly clusterBits: number;
  readonly l1Offset: number;
  readonly l1Entries: number;
  /** Of these entries the disk needs so many; the others are for the state of a machine. */
  readonly l1DiskEntries: number;
  readonly refcountTableOffset: number;
  readonly refcountTableClusters: number;
  /** 1 << order bits per refcount. */
  readonly refcountOrder: number;
  readonly compression: 'zlib' | 'zstd';
  /** Directory of persistent bitmaps, where there are any. */
  readonly bitmapDirectory?: { readonly offset: number; readonly sizeBytes: number };
}

const PIECE_BYTES = 64 * 1024;
const ENTRY_BYTES = 8;
const HIGH = 2 ** 32;
/** Output that is decompressed to prove compressed clusters sound, per image. */
const MAX_PROOF_BYTES = 8 * 2 ** 20;
/** Deflate packs no more than this into one byte; zstd packs a cluster into 16 bytes at best. */
const MAX_DEFLATE_RATIO = 1032;
const MIN_ZSTD_BYTES = 16;
const ZEROS = new Uint8Array(PIECE_BYTES);
/** Guest bytes per file byte above which an image is worth a warning. */
const EXPANSION_RATIO = 100;

const TABLE_RESERVED = 0x1ff;
const COMPRESSED = 0x4000_0000;

/** Sees one nonzero entry, as two 32-bit halves. */
type Visit = (high: number, low: number, index: number) => void;

/** Visits the nonzero entries of a table; TRUNCATED when the file ends within it. */
function eachEntry(
  reader: DiskReader,
  scratch: Uint8Array,
  offset: number,
  entries: number,
  visit: Visit,
): void {
  for (let first = 0; first < entries; first += PIECE_BYTES / ENTRY_BYTES) {
    const count = Math.min(entries - first, PIECE_BYTES / ENTRY_BYTES);
    const bytes = reader.read(offset + first * ENTRY_BYTES, count * ENTRY_BYTES, scratch);
    if (bytes.length < count * ENTRY_BYTES) refuse('TRUNCATED', 'within a table');
    if (Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0) continue; // a hole
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < count; i++) {
      const high = view.getUint32(i * ENTRY_BYTES);
      const low = view.getUint32(i * ENTRY_BYTES + 4);
      if (high !== 0 || low !== 0) visit(high, low, first + i);
    }
  }
}

/** One walk over one image. */
class Walk {
  readonly #reader: DiskReader;
  readonly #header: Qcow2Header;
  readonly #clusterBytes: number;
  readonly #tableEntries: number;
  /** Clusters of the file that an image of this size can need, leaks and all. */
  readonly #clusters: number;
  /** One bit per L2 table that holds nothing: later windows pass it over. */
  readonly #emptyTables: Uint8Array;
  readonly #map: ClusterMap;
  /** Pieces of the table that is being read, and of the one that it names. */
  readonly #outer = new Uint8Array(PIECE_BYTES);
  readonly #inner = new Uint8Array(PIECE_BYTES);
  #proofBytes = 0;
  #compressedClusters = 0;
  #lastRunOffset = 0;
  /** Guest bytes that lie in the file. */
  mappedBytes = 0;

  constructor(reader: DiskReader, header: Qcow2Header) {
    this.#reader = reader;
    this.#header = header;
    this.#clusterBytes = 2 ** header.clusterBits;
    this.#tableEntries = this.#clusterBytes / ENTRY_BYTES;
    const guestClusters = Math.ceil(header.virtualSizeBytes / this.#clusterBytes);
    const fileClusters = Math.ceil(reader.sizeBytes / this.#clusterBytes);
    this.#clusters = Math.min(fileClusters, 2 * guestClusters + WINDOW_CLUSTERS);
    this.#emptyTables = new Uint8Array(Math.ceil(header.l1Entries / 8));
    this.#map = new ClusterMap(this.#clusters);
  }

  /** Proves the tables of the whole file first, then the data window by window. */
  run(): void {
    const isOneWindow = this.#clusters <= WINDOW_CLUSTERS;
    for (let first = 0; first < this.#clusters; first += WINDOW_CLUSTERS) this.#tables(first);
    for (let first = 0; first < this.#clusters; first += WINDOW_CLUSTERS) {
      if (!isOneWindow) this.#tables(first);
      this.mappedBytes = 0;
      this.#compressedClusters = 0;
      this.#eachL2((offset, index) => this.#l2Table(offset, index));
    }
  }

  /** The guest's first cluster; zeros where the image holds nothing. Only after `run`. */
  guestHead(): Uint8Array {
    const { virtualSizeBytes, clusterBits, compression } = this.#header;
    let head: Uint8Array | undefined;
    eachEntry(this.#reader, this.#outer, this.#header.l1Offset, 1, (l1High, l1Low) => {
      const table = this.#target(l1High, l1Low);
      eachEntry(this.#reader, this.#inner, table, 1, (high, low) => {
        const isZero = (low & 1) !== 0 && (high & COMPRESSED) === 0;
        if ((high & COMPRESSED) !== 0)
          head = inflateCluster(this.#reader, this.#run(high, low), clusterBits, compression);
        else if (!isZero) head = this.#reader.read(this.#target(high, low), this.#clusterBytes);
      });
    });
    return (head ?? new Uint8Array(this.#clusterBytes)).subarray(0, virtualSizeBytes);
  }

  /** Marks header, refcounts, L1, bitmaps and L2 tables of the window that begins at `first`. */
  #tables(first: number): void {
    const header = this.#header;
    const bits = header.clusterBits;
    this.#map.moveTo(first);
    this.#map.takeRange(0, this.#clusterBytes, bits);
    const refcountBytes = header.refcountTableClusters * this.#clusterBytes;
    this.#map.takeRange(header.refcountTableOffset, refcountBytes, bits);
    this.#map.takeRange(header.l1Offset, header.l1Entries * ENTRY_BYTES, bits);
    if (header.bitmapDirectory !== undefined) {
      const { offset, sizeBytes } = header.bitmapDirectory;
      this.#map.takeRange(offset, sizeBytes, bits);
    }
    const entries = refcountBytes / ENTRY_BYTES;
    eachEntry(this.#reader, this.#outer, header.refcountTableOffset, entries, (high, low) => {
      if ((low & TABLE_RESERVED) !== 0) refuse('QCOW2_ENTRY_OFFSET', 'refcount table');
      this.#takeWhole(this.#place(high, low, 'refcount block'));
    });
    this.#eachL2((offset) => this.#takeWhole(offset));
  }

  #eachL2(visit: (offset: number, l1Index: number) => void): void {
    const { l1Offset, l1Entries } = this.#header;
    eachEntry(this.#reader, this.#outer, l1Offset, l1Entries, (high, low, index) => {
      if ((high & 0x7f00_0000) !== 0 || (low & TABLE_RESERVED) !== 0)
        refuse('QCOW2_ENTRY_OFFSET', 'L1 entry');
      const offset = this.#place(high & 0x00ff_ffff, low, 'L1 entry');
      visit(offset, index);
    });
  }

  #l2Table(offset: number, l1Index: number): void {
    const bit = 1 << (l1Index & 7);
    if (((this.#emptyTables[l1Index >>> 3] ?? 0) & bit) !== 0) return;
    const tableGuestOffset = l1Index * this.#tableEntries * this.#clusterBytes;
    let isEmpty = true;
    eachEntry(this.#reader, this.#inner, offset, this.#tableEntries, (high, low, index) => {
      isEmpty = false;
      if (l1Index >= this.#header.l1DiskEntries) refuse('QCOW2_SNAPSHOTS', 'state of a machine');
      const guestOffset = tableGuestOffset + index * this.#clusterBytes;
      const left = this.#header.virtualSizeBytes - guestOffset;
      if (left <= 0) refuse('QCOW2_ENTRY_OFFSET', 'data beyond the end of the disk');
      if ((high & COMPRESSED) !== 0) this.#compressedCluster(high, low);
      else this.#standardCluster(high, low, left);
    });
    if (isEmpty) this.#emptyTables[l1Index >>> 3] = (this.#emptyTables[l1Index >>> 3] ?? 0) | bit;
  }

  /** @param left guest bytes from this cluster to the end of the disk: the rest may be missing */
  #standardCluster(high: number, low: number, left: number): void {
    if ((high & 0x3f00_0000) !== 0 || (low & 0x1fe) !== 0) refuse('QCOW2_ENTRY_OFFSET', 'L2 entry');
    const isZero = (low & 1) !== 0;
    if (isZero && this.#header.version === 2)
      refuse('QCOW2_ENTRY_OFFSET', 'zero flag in version 2');
    const target = this.#target(high, low);
    if (target === 0 && isZero) return;
    const offset = this.#place(high & 0x00ff_ffff, low - (low & 1), 'L2 entry');
    if (offset + Math.min(this.#clusterBytes, left) > this.#reader.sizeBytes)
      refuse('TRUNCATED', 'within a data cluster');
    this.#map.take(offset / this.#clusterBytes);
    if (!isZero) this.mappedBytes += this.#clusterBytes;
  }

  #compressedCluster(high: number, low: number): void {
    const { clusterBits, compression } = this.#header;
    if (high >>> 31 !== 0) refuse('QCOW2_ENTRY_OFFSET', 'compressed entry');
    const run = this.#run(high, low);
    const fileEnd = Math.ceil(this.#reader.sizeBytes / 512) * 512;
    const end = run.offset + run.lengthBytes;
    const isInside = run.offset < this.#clusters * this.#clusterBytes || end > fileEnd;
    if (run.offset < this.#clusterBytes || run.offset >= this.#reader.sizeBytes || !isInside)
      refuse('QCOW2_ENTRY_OFFSET', 'compressed entry');
    if (end > fileEnd) refuse('TRUNCATED', 'within compressed data');
    this.#checkShared(run.offset);
    const first = Math.floor(run.offset / this.#clusterBytes);
    const last = Math.floor((end - 1) / this.#clusterBytes);
    for (let cluster = first; cluster <= last; cluster++) this.#map.takeCompressed(cluster);
    this.mappedBytes += this.#clusterBytes;
    if (this.#proofBytes >= MAX_PROOF_BYTES) return;
    this.#proofBytes += this.#clusterBytes;
    inflateCluster(this.#reader, run, clusterBits, compression);
  }

  /** Compressed data may lie side by side, but two entries with the same data are how a bomb is made. */
  #checkShared(offset: number): void {
    const { sizeBytes } = this.#reader;
    const leastBytes =
      this.#header.compression === 'zlib' ? this.#clusterBytes / MAX_DEFLATE_RATIO : MIN_ZSTD_BYTES;
    this.#compressedClusters += 1;
    if (offset === this.#lastRunOffset || this.#compressedClusters * leastBytes > sizeBytes)
      refuse('QCOW2_OVERLAP', 'compressed data');
    this.#lastRunOffset = offset;
  }

  /** Where a compressed cluster lies: its length counts whole sectors from the first one it touches. */
  #run(high: number, low: number): CompressedRun {
    const offsetBits = 62 - (this.#header.clusterBits - 8);
    const highBits = offsetBits - 32;
    const offset = ((high & 0x3fff_ffff) % 2 ** highBits) * HIGH + low;
    const sectors = Math.floor((high & 0x3fff_ffff) / 2 ** highBits) + 1;
    return { offset, lengthBytes: sectors * 512 - (offset % 512) };
  }

  /** The host offset in an entry, flags left out. */
  #target(high: number, low: number): number {
    return (high & 0x00ff_ffff) * HIGH + (low - (low & TABLE_RESERVED));
  }

  /** An aligned offset behind the header and inside the file. */
  #place(high: number, low: number, what: string): number {
    const offset = high * HIGH + low;
    if (offset === 0 || offset % this.#clusterBytes !== 0) refuse('QCOW2_ENTRY_OFFSET', what);
    const isInside = offset < Math.min(this.#reader.sizeBytes, this.#clusters * this.#clusterBytes);
    if (!isInside) refuse('QCOW2_ENTRY_OFFSET', `${what} beyond the file`);
    return offset;
  }

  #takeWhole(offset: number): void {
    if (offset + this.#clusterBytes > this.#reader.sizeBytes) refuse('TRUNCATED', 'within a table');
    this.#map.take(offset / this.#clusterBytes);
  }
}

/**
 * Walks refcount table, L1 and L2 tables.
 * @returns the guest's first cluster
 * @throws Refusal QCOW2_ENTRY_OFFSET, QCOW2_OVERLAP, QCOW2_COMPRESSED_DATA, TRUNCATED
 */
export function walkQcow2(reader: DiskReader, header: Qcow2Header, findings: Findings): Uint8Array {
  const walk = new Walk(reader, header);
  walk.run();
  if (walk.mappedBytes > EXPANSION_RATIO * reader.sizeBytes) warn(findings, 'EXPANSION_RATIO');
  return walk.guestHead();
}
