import { position, refuse, viewOf } from './findings.ts';
import type { DiskReader } from './reader.ts';

const END = 0;
const BACKING_FORMAT = 0xe2792aca;
const FEATURE_NAMES = 0x6803f857;
const BITMAPS = 0x23852875;
const ENCRYPTION = 0x0537be77;
const DATA_FILE = 0x44415441;

const FEATURE_NAME_BYTES = 48;
const BITMAPS_BYTES = 24;
const MAX_BITMAPS = 65_535;
const MAX_BITMAP_DIRECTORY_BYTES = 64 * 2 ** 20;

interface Region {
  readonly offset: number;
  readonly sizeBytes: number;
}

/** Where the directory of persistent bitmaps lies; the bitmaps themselves are not the guest's. */
function readBitmaps(data: Uint8Array, reader: DiskReader, clusterBits: number): Region {
  if (data.length !== BITMAPS_BYTES) refuse('QCOW2_HEADER_EXT', 'bitmaps');
  const view = viewOf(data);
  const count = view.getUint32(0);
  const sizeBytes = position(view.getBigUint64(8));
  const offset = position(view.getBigUint64(16));
  const isLegal =
    count > 0 &&
    count <= MAX_BITMAPS &&
    view.getUint32(4) === 0 &&
    sizeBytes >= count * BITMAPS_BYTES &&
    sizeBytes <= MAX_BITMAP_DIRECTORY_BYTES &&
    offset !== 0 &&
    offset % 2 ** clusterBits === 0 &&
    offset + sizeBytes <= reader.sizeBytes;
  if (!isLegal) refuse('QCOW2_HEADER_EXT', 'bitmaps');
  return { offset, sizeBytes };
}

/**
 * Checks the header extensions, which lie behind the header in the first cluster. Unknown ones are
 * harmless by the format's own rule.
 * @returns the bitmap directory, if there is one
 * @throws Refusal QCOW2_HEADER_EXT, QCOW2_DATA_FILE, QCOW2_BACKING_FILE, QCOW2_ENCRYPTED
 */
export function checkExtensions(
  reader: DiskReader,
  headerBytes: number,
  clusterBits: number,
): Region | undefined {
  const end = 2 ** clusterBits;
  const cluster = reader.read(0, end);
  const part = (from: number, length: number): Uint8Array => {
    if (from + length > cluster.length) refuse('TRUNCATED', 'within the header extensions');
    return cluster.subarray(from, from + length);
  };
  let bitmaps: Region | undefined;
  let offset = headerBytes;
  while (offset + 8 <= end) {
    const view = viewOf(part(offset, 8));
    const type = view.getUint32(0);
    const length = view.getUint32(4);
    if (type === END) break;
    offset += 8;
    if (length > end - offset) refuse('QCOW2_HEADER_EXT', 'too long');
    if (type === DATA_FILE) refuse('QCOW2_DATA_FILE');
    if (type === BACKING_FORMAT) refuse('QCOW2_BACKING_FILE');
    if (type === ENCRYPTION) refuse('QCOW2_ENCRYPTED');
    if (type === FEATURE_NAMES && length % FEATURE_NAME_BYTES !== 0)
      refuse('QCOW2_HEADER_EXT', 'feature names');
    if (type === BITMAPS) {
      if (bitmaps !== undefined) refuse('QCOW2_HEADER_EXT', 'bitmaps twice');
      bitmaps = readBitmaps(part(offset, length), reader, clusterBits);
    }
    offset += Math.ceil(length / 8) * 8;
  }
  return bitmaps;
}
