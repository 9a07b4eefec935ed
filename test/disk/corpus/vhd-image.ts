// Makes VHD images, fixed and dynamic, after Microsoft's specification: honest ones that can be edited
// before their checksums are made, or after.
import { guestStart, pattern } from './guest.ts';
import { SparseImage } from './sparse-image.ts';

/** 121 cylinders of 4 heads and 17 sectors: a size that the geometry tells exactly. */
export const VHD_BYTES = 121 * 4 * 17 * 512;
const BLOCK_BYTES = 2 ** 21;
const FIXED = 2;
const DYNAMIC = 3;
export const HEADER_AT = 512;
export const TABLE_AT = 1536;
/** Behind a table of one sector. */
export const BLOCK_AT = 2048;

type Edit = (image: SparseImage, at: number) => void;

/** Writes the one's complement of the sum of all bytes but its own four. */
export function seal(image: SparseImage, at: number, length: number, checksumAt: number): void {
  image.u32(at + checksumAt, 0);
  const sum = image.read(at, length).reduce((total, byte) => total + byte, 0);
  image.u32(at + checksumAt, ~sum >>> 0);
}

export interface FooterParts {
  readonly size?: number;
  readonly type?: number;
  readonly geometry?: readonly [cylinders: number, heads: number, sectors: number];
  readonly creator?: string;
  /** Further edits before the checksum is made. */
  readonly edit?: Edit | undefined;
}

function putFooter(image: SparseImage, at: number, parts: FooterParts): void {
  const { size = VHD_BYTES, type = DYNAMIC, geometry = [121, 4, 17], creator = 'kndr' } = parts;
  image
    .put(at, 'conectix')
    .u32(at + 8, 2)
    .u32(at + 12, 0x1_0000)
    .u64(at + 16, type === FIXED ? 2n ** 64n - 1n : HEADER_AT)
    .put(at + 28, creator)
    .u32(at + 32, 0x1_0000)
    .put(at + 36, 'Wi2k')
    .u64(at + 40, size)
    .u64(at + 48, size)
    .u16(at + 56, geometry[0])
    .u8(at + 58, geometry[1])
    .u8(at + 59, geometry[2])
    .u32(at + 60, type)
    .put(at + 68, pattern(16, 7))
    .resize(Math.max(image.sizeBytes, at + 512));
  parts.edit?.(image, at);
  seal(image, at, 512, 64);
}

export interface VhdParts extends FooterParts {
  /** Bytes on the guest's disk, where the footer's size lies. */
  readonly bodyBytes?: number;
  readonly guest?: Uint8Array;
}

export function fixedVhd(parts: VhdParts = {}): SparseImage {
  const bytes = parts.bodyBytes ?? parts.size ?? VHD_BYTES;
  const image = new SparseImage(bytes).put(0, parts.guest ?? guestStart(4096, bytes));
  putFooter(image, bytes, { type: FIXED, ...parts });
  return image;
}

export interface DynamicParts extends VhdParts {
  readonly blockBytes?: number;
  /** Edits of the dynamic header before its checksum is made; `at` is where it begins. */
  readonly editHeader?: Edit;
  /** Edits of anything, last, with the place of the last footer. */
  readonly editLast?: Edit;
}

/** A dynamic disk whose first block alone holds data. */
export function dynamicVhd(parts: DynamicParts = {}): SparseImage {
  const { size = VHD_BYTES, blockBytes = BLOCK_BYTES } = parts;
  const entries = Math.ceil(size / blockBytes);
  const bitmapBytes = Math.ceil(blockBytes / 512 / 8 / 512) * 512;
  const blockAt = TABLE_AT + Math.ceil((entries * 4) / 512) * 512;
  const image = new SparseImage();
  putFooter(image, 0, parts);
  image
    .put(HEADER_AT, 'cxsparse')
    .u64(HEADER_AT + 8, 2n ** 64n - 1n)
    .u64(HEADER_AT + 16, TABLE_AT)
    .u32(HEADER_AT + 24, 0x1_0000)
    .u32(HEADER_AT + 28, entries)
    .u32(HEADER_AT + 32, blockBytes)
    .put(TABLE_AT, new Uint8Array(blockAt - TABLE_AT).fill(0xff))
    .u32(TABLE_AT, blockAt / 512);
  parts.editHeader?.(image, HEADER_AT);
  seal(image, HEADER_AT, 1024, 36);
  image
    .put(blockAt, new Uint8Array(bitmapBytes).fill(0xff))
    .put(blockAt + bitmapBytes, parts.guest ?? guestStart(4096, size))
    .resize(blockAt + bitmapBytes + blockBytes);
  const footerAt = image.sizeBytes;
  putFooter(image, footerAt, parts);
  parts.editLast?.(image, footerAt);
  return image;
}
