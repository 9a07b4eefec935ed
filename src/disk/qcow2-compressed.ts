import { inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { refuse } from './findings.ts';
import type { DiskReader } from './reader.ts';

/** Where the bytes of one compressed cluster lie; the last sector may hold other data behind them. */
export interface CompressedRun {
  readonly offset: number;
  readonly lengthBytes: number;
}

/**
 * Decompresses one cluster; never makes more than one cluster of output.
 * @throws Refusal QCOW2_COMPRESSED_DATA
 */
export function inflateCluster(
  reader: DiskReader,
  run: CompressedRun,
  clusterBits: number,
  compression: 'zlib' | 'zstd',
): Uint8Array {
  const clusterBytes = 2 ** clusterBits;
  const packed = reader.read(run.offset, Math.min(run.lengthBytes, clusterBytes + 1024));
  const limits = { maxOutputLength: clusterBytes, chunkSize: clusterBytes };
  try {
    const plain =
      compression === 'zlib'
        ? inflateRawSync(packed, limits)
        : zstdDecompressSync(frameOf(packed), limits);
    if (plain.length === clusterBytes) return plain;
  } catch {
    // refused below: the stream is broken or too long
  }
  return refuse('QCOW2_COMPRESSED_DATA');
}

/** The first zstd frame alone: what follows it belongs to other clusters (RFC 8878, 3.1.1). */
function frameOf(packed: Uint8Array): Uint8Array {
  const byte = (at: number) => packed[at] ?? 0;
  const descriptor = byte(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeFieldBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  let end = 5 + (isSingleSegment ? 0 : 1) + dictionaryBytes + sizeFieldBytes;
  for (let isLast = false; !isLast && end < packed.length;) {
    const block = byte(end) | (byte(end + 1) << 8) | (byte(end + 2) << 16);
    isLast = (block & 1) !== 0;
    const isRun = ((block >> 1) & 3) === 1;
    end += 3 + (isRun ? 1 : block >> 3);
  }
  return packed.subarray(0, end + ((descriptor & 4) !== 0 ? 4 : 0));
}
