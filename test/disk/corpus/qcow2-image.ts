import { guestStart } from './guest.ts';
import { SparseImage } from './sparse-image.ts';

export interface Qcow2Parts {
  readonly version?: 2 | 3;
  readonly clusterBits?: number;
  readonly virtualSize?: number;
  readonly refcountOrder?: number;
  readonly headerLength?: number;
  /** Guest's first cluster; default a boot record and data, null for none. */
  readonly guest?: Uint8Array | null;
}

/** Where the parts lie, in clusters. */
export const AT = { refcountTable: 1, refcountBlock: 2, l1: 3, l2: 4, data: 5 } as const;
export const COPIED = 1n << 63n;
export const COMPRESSED = 1n << 62n;
export const DISK_BYTES = 2 ** 21;

/** A refcount block in which the first clusters are used once each. */
function refcounts(clusters: number, order: number): Uint8Array {
  const bits = 2 ** order;
  const bytes = new Uint8Array(Math.ceil((clusters * bits) / 8));
  for (let i = 0; i < clusters; i++) {
    // Narrow counts fill a byte from its lowest bits on; wide ones are big-endian.
    if (bits < 8) bytes[(i * bits) >> 3]! |= 1 << ((i * bits) & 7);
    else bytes[((i + 1) * bits) / 8 - 1] = 1;
  }
  return bytes;
}

/** An honest qcow2 image of six clusters with one L1 table, one L2 table and one cluster of data. */
export function qcow2Image(parts: Qcow2Parts = {}): SparseImage {
  const { version = 3, clusterBits = 12, virtualSize = DISK_BYTES, refcountOrder = 4 } = parts;
  const clusterBytes = 2 ** clusterBits;
  const isEmpty = parts.guest === null;
  const clusters = isEmpty ? 4 : 6;
  const l1Entries = Math.ceil(virtualSize / (clusterBytes * (clusterBytes / 8)));
  const image = new SparseImage(clusters * clusterBytes)
    .put(0, 'QFI\xfb')
    .u32(4, version)
    .u32(20, clusterBits)
    .u64(24, virtualSize)
    .u32(36, l1Entries)
    .u64(40, AT.l1 * clusterBytes)
    .u64(48, AT.refcountTable * clusterBytes)
    .u32(56, 1)
    .u64(AT.refcountTable * clusterBytes, AT.refcountBlock * clusterBytes)
    .put(AT.refcountBlock * clusterBytes, refcounts(clusters, version === 3 ? refcountOrder : 4));
  if (version === 3) image.u32(96, refcountOrder).u32(100, parts.headerLength ?? 112);
  if (isEmpty) return image;
  return image
    .u64(AT.l1 * clusterBytes, BigInt(AT.l2 * clusterBytes) | COPIED)
    .u64(AT.l2 * clusterBytes, BigInt(AT.data * clusterBytes) | COPIED)
    .put(AT.data * clusterBytes, parts.guest ?? guestStart(clusterBytes, virtualSize))
    .resize(clusters * clusterBytes);
}

/** Writes header extensions one behind the other, padded, from the end of the header on. */
export function putExtensions(
  image: SparseImage,
  extensions: readonly (readonly [type: number, data: string | Uint8Array, length?: number])[],
  start = 112,
): SparseImage {
  let offset = start;
  for (const [type, data, length = data.length] of extensions) {
    image
      .u32(offset, type)
      .u32(offset + 4, length)
      .put(offset + 8, data);
    offset += 8 + Math.ceil(data.length / 8) * 8;
  }
  return image;
}

/** Names a backing file as qcow2 does. */
export function backed(parts: Qcow2Parts, name: string, offset = 512): SparseImage {
  return qcow2Image(parts).put(offset, name).u64(8, offset).u32(16, name.length);
}
