import { SECTOR_BYTES, settleVirtualSize, warn, type Findings } from './findings.ts';
import type { DiskReader } from './reader.ts';
import { HEAD_BYTES } from './recognise.ts';

/**
 * Inspects an image that no signature claims: every byte is the guest's. A size between two sectors
 * is rounded up, as QEMU does.
 * @returns the guest's first bytes
 * @throws Refusal VIRTUAL_SIZE_LIMIT
 */
export function inspectRaw(reader: DiskReader, findings: Findings): Uint8Array {
  const sectors = Math.ceil(reader.sizeBytes / SECTOR_BYTES);
  settleVirtualSize(findings, BigInt(sectors) * BigInt(SECTOR_BYTES));
  if (reader.sizeBytes % SECTOR_BYTES !== 0) warn(findings, 'RAW_SIZE_NOT_SECTOR_MULTIPLE');
  return reader.read(0, HEAD_BYTES);
}
