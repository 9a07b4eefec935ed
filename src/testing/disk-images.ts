// Small real disk images for the demo and for tests, made by no outside program: what they hold is
// chosen by a seed, and the same seed makes the same bytes for ever. They are honest images, which
// QEMU checks without a complaint. Written apart from src/disk on purpose: it shares no code with
// the inspection, so that one mistake cannot hide another.

/** What the guest finds at its offset 0: given bytes, or a small partitioned disk out of a seed. */
export type GuestData = Uint8Array | { readonly seed: number; readonly sizeBytes: number };

export interface ImageOptions {
  /** A multiple of 512. */
  readonly virtualSizeBytes: number;
  readonly guestData: GuestData;
}

const SECTOR_BYTES = 512;
const FIXED = 2;
const DYNAMIC = 3;

/** Bytes that look random and depend on the seed alone (mulberry32). */
function seededBytes(seed: number, sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  let state = seed >>> 0;
  for (let i = 0; i < sizeBytes; i++) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    bytes[i] = (mixed ^ (mixed >>> 14)) & 0xff;
  }
  return bytes;
}

/** A master boot record with one bootable Linux partition from sector 1 to the end of the disk. */
function bootRecord(seed: number, virtualSizeBytes: number): Uint8Array {
  const record = new Uint8Array(SECTOR_BYTES);
  const view = new DataView(record.buffer);
  view.setUint16(0, 0xfaf4); // cli, hlt: booting it stops at once
  view.setUint32(440, seed, true);
  view.setUint8(446, 0x80);
  record.set([0, 2, 0, 0x83, 0xff, 0xff, 0xff], 447);
  view.setUint32(454, 1, true);
  view.setUint32(458, Math.min(virtualSizeBytes / SECTOR_BYTES - 1, 0xffff_fffe), true);
  view.setUint16(510, 0x55aa);
  return record;
}

function guestBytes({ guestData, virtualSizeBytes }: ImageOptions): Uint8Array {
  if (virtualSizeBytes <= 0 || virtualSizeBytes % SECTOR_BYTES !== 0)
    throw new RangeError('virtualSizeBytes is not a positive multiple of 512');
  const isGiven = guestData instanceof Uint8Array;
  const bytes = isGiven ? guestData : seededBytes(guestData.seed, guestData.sizeBytes);
  if (bytes.length > virtualSizeBytes) throw new RangeError('guestData is larger than the disk');
  if (!isGiven && bytes.length >= SECTOR_BYTES)
    bytes.set(bootRecord(guestData.seed, virtualSizeBytes));
  return bytes;
}

/** The pieces of the guest's disk that hold anything, each padded to `pieceBytes`, by index. */
function pieces(bytes: Uint8Array, pieceBytes: number): Map<number, Uint8Array> {
  const used = new Map<number, Uint8Array>();
  for (let i = 0; i * pieceBytes < bytes.length; i++) {
    const piece = bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes);
    if (!piece.some(Boolean)) continue;
    const padded = new Uint8Array(pieceBytes);
    padded.set(piece);
    used.set(i, padded);
  }
  return used;
}

/** A raw disk: the guest's bytes, then zeros. */
export function makeRaw(options: ImageOptions): Uint8Array {
  const image = new Uint8Array(options.virtualSizeBytes);
  image.set(guestBytes(options));
  return image;
}

export interface Qcow2Options extends ImageOptions {
  /** 9 to 21; default 16, which is 64 KiB. */
  readonly clusterBits?: number;
}

/** Clusters for refcount blocks and their table, for a file of `others` clusters beside them. */
function refcountClusters(others: number, clusterBytes: number) {
  let blocks = 1;
  let tables = 1;
  for (;;) {
    const neededBlocks = Math.ceil((others + blocks + tables) / (clusterBytes / 2));
    const neededTables = Math.ceil((neededBlocks * 8) / clusterBytes);
    if (neededBlocks <= blocks && neededTables <= tables) return { blocks, tables };
    blocks = Math.max(blocks, neededBlocks);
    tables = Math.max(tables, neededTables);
  }
}

/** A qcow2 disk, version 3: header, refcount table and blocks, L1, L2 tables, data. */
export function makeQcow2(options: Qcow2Options): Uint8Array {
  const { virtualSizeBytes, clusterBits = 16 } = options;
  const clusterBytes = 2 ** clusterBits;
  const perTable = clusterBytes / 8;
  const data = pieces(guestBytes(options), clusterBytes);
  const l1Entries = Math.ceil(virtualSizeBytes / (perTable * clusterBytes));
  const l1Clusters = Math.ceil((l1Entries * 8) / clusterBytes);
  const l2Indexes = [...new Set([...data.keys()].map((i) => Math.floor(i / perTable)))];
  const others = 1 + l1Clusters + l2Indexes.length + data.size;
  const { blocks, tables } = refcountClusters(others, clusterBytes);
  const total = others + blocks + tables;
  const l1At = 1 + tables + blocks;
  const l2At = l1At + l1Clusters;
  const image = new Uint8Array(total * clusterBytes);
  const view = new DataView(image.buffer);
  const pointTo = (at: number, cluster: number, flags = 0n) =>
    view.setBigUint64(at, BigInt(cluster * clusterBytes) | flags);

  image.set([0x51, 0x46, 0x49, 0xfb]);
  view.setUint32(4, 3);
  view.setUint32(20, clusterBits);
  view.setBigUint64(24, BigInt(virtualSizeBytes));
  view.setUint32(36, l1Entries);
  pointTo(40, l1At);
  pointTo(48, 1);
  view.setUint32(56, tables);
  view.setUint32(96, 4); // refcounts of 16 bits
  view.setUint32(100, 112);

  for (let i = 0; i < blocks; i++) pointTo(clusterBytes + i * 8, 1 + tables + i);
  for (let i = 0; i < total; i++) view.setUint16((1 + tables) * clusterBytes + i * 2, 1);
  const copied = 1n << 63n;
  l2Indexes.forEach((l2Index, i) => pointTo(l1At * clusterBytes + l2Index * 8, l2At + i, copied));
  let next = l2At + l2Indexes.length;
  for (const [index, bytes] of data) {
    const table = l2At + l2Indexes.indexOf(Math.floor(index / perTable));
    pointTo(table * clusterBytes + (index % perTable) * 8, next, copied);
    image.set(bytes, next * clusterBytes);
    next += 1;
  }
  return image;
}

/** One's complement of the sum of the bytes, put where the checksum stands. */
function seal(bytes: Uint8Array, checksumOffset: number): void {
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(checksumOffset, ~sum >>> 0);
}

function vhdFooter(virtualSizeBytes: number, type: number): Uint8Array {
  const footer = new Uint8Array(SECTOR_BYTES);
  const view = new DataView(footer.buffer);
  footer.set(Buffer.from('conectix'));
  view.setUint32(8, 2);
  view.setUint32(12, 0x0001_0000);
  view.setBigUint64(16, type === DYNAMIC ? 512n : 0xffff_ffff_ffff_ffffn);
  footer.set(Buffer.from('kndr'), 28);
  view.setUint32(32, 0x0001_0000);
  footer.set(Buffer.from('Wi2k'), 36);
  view.setBigUint64(40, BigInt(virtualSizeBytes));
  view.setBigUint64(48, BigInt(virtualSizeBytes));
  view.setUint16(56, 65_535); // the largest geometry tells readers to use the size
  view.setUint8(58, 16);
  view.setUint8(59, 255);
  view.setUint32(60, type);
  footer.set(seededBytes(virtualSizeBytes, 16), 68);
  seal(footer, 64);
  return footer;
}

/** A fixed VHD: the raw disk and a footer. */
export function makeVhdFixed(options: ImageOptions): Uint8Array {
  return Buffer.concat([makeRaw(options), vhdFooter(options.virtualSizeBytes, FIXED)]);
}

/** A dynamic VHD with blocks of 2 MiB. */
export function makeVhdDynamic(options: ImageOptions): Uint8Array {
  const blockBytes = 2 ** 21;
  const data = pieces(guestBytes(options), blockBytes);
  const entries = Math.ceil(options.virtualSizeBytes / blockBytes);
  const footer = vhdFooter(options.virtualSizeBytes, DYNAMIC);
  const header = new Uint8Array(1024);
  const view = new DataView(header.buffer);
  header.set(Buffer.from('cxsparse'));
  view.setBigUint64(8, 0xffff_ffff_ffff_ffffn);
  view.setBigUint64(16, 1536n);
  view.setUint32(24, 0x0001_0000);
  view.setUint32(28, entries);
  view.setUint32(32, blockBytes);
  seal(header, 36);
  const table = new Uint8Array(Math.ceil((entries * 4) / SECTOR_BYTES) * SECTOR_BYTES).fill(0xff);
  const bitmap = new Uint8Array(SECTOR_BYTES).fill(0xff);
  let sector = (1536 + table.length) / SECTOR_BYTES;
  for (const index of data.keys()) {
    new DataView(table.buffer).setUint32(index * 4, sector);
    sector += 1 + blockBytes / SECTOR_BYTES;
  }
  const blocks = [...data.values()].flatMap((block) => [bitmap, block]);
  return Buffer.concat([footer, header, table, ...blocks, footer]);
}

const vmdkDescriptor = (sectors: number) => `# Disk DescriptorFile
version=1
CID=4b494e44
parentCID=ffffffff
createType="monolithicSparse"

# Extent description
RW ${sectors} SPARSE "disk.vmdk"

# The Disk Data Base
#DDB
ddb.virtualHWVersion = "4"
ddb.geometry.cylinders = "${Math.min(16_383, Math.ceil(sectors / 1008))}"
ddb.geometry.heads = "16"
ddb.geometry.sectors = "63"
ddb.adapterType = "ide"
`;

/** A VMDK disk of subformat monolithicSparse with grains of 64 KiB. */
export function makeVmdk(options: ImageOptions): Uint8Array {
  const grainSectors = 128;
  const sectors = options.virtualSizeBytes / SECTOR_BYTES;
  const data = pieces(guestBytes(options), grainSectors * SECTOR_BYTES);
  const tables = Math.ceil(sectors / (grainSectors * 512));
  const directorySectors = Math.ceil((tables * 4) / SECTOR_BYTES);
  const redundantAt = 21;
  const copySectors = directorySectors + tables * 4;
  const directoryAt = redundantAt + copySectors;
  const overhead = Math.ceil((directoryAt + copySectors) / grainSectors) * grainSectors;
  const image = new Uint8Array((overhead + data.size * grainSectors) * SECTOR_BYTES);
  const view = new DataView(image.buffer);
  image.set(Buffer.from('KDMV'));
  view.setUint32(4, 1, true);
  view.setUint32(8, 3, true); // line endings to test, redundant directory
  const fields = [sectors, grainSectors, 1, 20];
  fields.forEach((field, i) => view.setBigUint64(12 + i * 8, BigInt(field), true));
  view.setUint32(44, 512, true);
  const places = [redundantAt, directoryAt, overhead];
  places.forEach((place, i) => view.setBigUint64(48 + i * 8, BigInt(place), true));
  image.set(Buffer.from('\n \r\n'), 73);
  image.set(Buffer.from(vmdkDescriptor(sectors)), SECTOR_BYTES);
  for (const at of [redundantAt, directoryAt]) {
    for (let i = 0; i < tables; i++)
      view.setUint32(at * SECTOR_BYTES + i * 4, at + directorySectors + i * 4, true);
    let next = overhead;
    for (const [index, grain] of data) {
      view.setUint32((at + directorySectors) * SECTOR_BYTES + index * 4, next, true);
      image.set(grain, next * SECTOR_BYTES);
      next += grainSectors;
    }
  }
  return image;
}
