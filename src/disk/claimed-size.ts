import { SECTOR_BYTES, viewOf } from './findings.ts';
import type { DiskReader } from './reader.ts';

/** Header bytes up to the virtual size, per format. */
const QCOW2_BYTES = 32;
const VMDK_BYTES = 20;
const FOOTER_BYTES = 56;

/**
 * The virtual size in bytes that an image claims, read and not believed: it may be any 64-bit value,
 * and more for VMDK, which counts sectors. For people and reports; nothing is allotted by it.
 * @param format as recognised
 */
export function claimedSize(reader: DiskReader, format: string): bigint | undefined {
  switch (format) {
    case 'raw':
      return BigInt(Math.ceil(reader.sizeBytes / SECTOR_BYTES) * SECTOR_BYTES);
    case 'qcow2': {
      const head = reader.read(0, QCOW2_BYTES);
      return head.length < QCOW2_BYTES ? undefined : viewOf(head).getBigUint64(24);
    }
    case 'vmdk': {
      const head = reader.read(0, VMDK_BYTES);
      const isSparse = head.length === VMDK_BYTES && viewOf(head).getUint32(0) === 0x4b444d56;
      return isSparse ? viewOf(head).getBigUint64(12, true) * BigInt(SECTOR_BYTES) : undefined;
    }
    case 'vhd':
      return (
        footerSize(reader, Math.max(0, reader.sizeBytes - SECTOR_BYTES)) ?? footerSize(reader, 0)
      );
    default:
      return undefined;
  }
}

function footerSize(reader: DiskReader, offset: number): bigint | undefined {
  const footer = reader.read(offset, FOOTER_BYTES);
  const hasCookie = Buffer.from(footer.subarray(0, 8)).toString('latin1') === 'conectix';
  return hasCookie && footer.length === FOOTER_BYTES ? viewOf(footer).getBigUint64(48) : undefined;
}
