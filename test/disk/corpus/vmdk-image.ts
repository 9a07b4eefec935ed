// Makes VMDK images, monolithicSparse and streamOptimized, after VMware's Virtual Disk Format 5.0: honest
// ones, with a descriptor that can be given.
import { deflateSync } from 'node:zlib';
import { guestStart } from './guest.ts';
import { SparseImage } from './sparse-image.ts';

export const SECTOR = 512;
export const VMDK_BYTES = 2 ** 20;
const GRAIN_SECTORS = 128;
const DESCRIPTOR_SECTORS = 20;
export const AT_END = 2n ** 64n - 1n;
/** Sectors of the parts of a sparse image: two directories with a table each, then the grain. */
export const SPARSE_AT = { redundant: 21, directory: 26, table: 27, grain: 128 } as const;
/** Sectors of the parts of a stream. */
export const STREAM_AT = { grain: 128, tableMarker: 140, table: 141, directory: 146 } as const;
export const STREAM_FOOTER = 148;

export interface DescriptorParts {
  readonly createType?: string;
  readonly sectors?: number;
  readonly extents?: readonly string[];
  /** Lines put in behind the first part. */
  readonly more?: readonly string[];
  readonly parentCid?: string;
}

export function descriptor(parts: DescriptorParts = {}): string {
  const { createType = 'monolithicSparse', sectors = VMDK_BYTES / SECTOR } = parts;
  const extents = parts.extents ?? [`RW ${sectors} SPARSE "disk.vmdk"`];
  return [
    '# Disk DescriptorFile',
    'version=1',
    'CID=4b494e44',
    `parentCID=${parts.parentCid ?? 'ffffffff'}`,
    `createType="${createType}"`,
    ...(parts.more ?? []),
    '',
    '# Extent description',
    ...extents,
    '',
    '# The Disk Data Base',
    '#DDB',
    '',
    'ddb.virtualHWVersion = "4"',
    'ddb.geometry.cylinders = "2"',
    'ddb.geometry.heads = "16"',
    'ddb.geometry.sectors = "63"',
    'ddb.adapterType = "ide"',
    '',
  ].join('\n');
}

export interface VmdkParts {
  readonly text?: string;
  readonly guest?: Uint8Array;
  readonly capacity?: number;
}

function putHeader(image: SparseImage, at: number, flags: number, places: readonly bigint[]): void {
  image
    .put(at, 'KDMV')
    .u32le(at + 4, (flags & 0x10000) === 0 ? 1 : 3)
    .u32le(at + 8, flags)
    .u64le(at + 12, VMDK_BYTES / SECTOR)
    .u64le(at + 20, GRAIN_SECTORS)
    .u64le(at + 28, 1)
    .u64le(at + 36, DESCRIPTOR_SECTORS)
    .u32le(at + 44, 512)
    .put(at + 73, '\n \r\n')
    .u16le(at + 77, flags >>> 16 === 0 ? 0 : 1);
  places.forEach((place, i) => image.u64le(at + 48 + i * 8, place));
}

/** An honest monolithicSparse image with one grain. */
export function sparseVmdk({ text = descriptor(), guest }: VmdkParts = {}): SparseImage {
  const { redundant, directory, grain } = SPARSE_AT;
  const image = new SparseImage((grain + GRAIN_SECTORS) * SECTOR);
  putHeader(image, 0, 3, [BigInt(redundant), BigInt(directory), BigInt(grain)]);
  image.put(SECTOR, text.slice(0, DESCRIPTOR_SECTORS * SECTOR));
  for (const at of [redundant, directory])
    image.u32le(at * SECTOR, at + 1).u32le((at + 1) * SECTOR, grain);
  return image.put(grain * SECTOR, guest ?? guestStart(4096, VMDK_BYTES));
}

/** An honest streamOptimized image as VMware writes it: the directory is known at the end only. */
export function streamVmdk(parts: VmdkParts = {}): SparseImage {
  const { grain, tableMarker, table, directory } = STREAM_AT;
  const text = parts.text ?? descriptor({ createType: 'streamOptimized' });
  const plain = new Uint8Array(GRAIN_SECTORS * SECTOR);
  plain.set(parts.guest ?? guestStart(2048, VMDK_BYTES));
  const packed = deflateSync(plain);
  const image = new SparseImage((STREAM_FOOTER + 2) * SECTOR);
  putHeader(image, 0, 0x30001, [0n, AT_END, BigInt(grain)]);
  const marker = (sector: number, sectors: number, type: number) =>
    image.u64le(sector * SECTOR, sectors).u32le(sector * SECTOR + 12, type);
  image
    .put(SECTOR, text)
    .u32le(grain * SECTOR + 8, packed.length)
    .put(grain * SECTOR + 12, packed);
  marker(tableMarker, 4, 1);
  image.u32le(table * SECTOR, grain);
  marker(directory - 1, 1, 2);
  image.u32le(directory * SECTOR, table);
  marker(STREAM_FOOTER - 1, 1, 3);
  putHeader(image, STREAM_FOOTER * SECTOR, 0x30001, [0n, BigInt(directory), BigInt(grain)]);
  return image;
}
