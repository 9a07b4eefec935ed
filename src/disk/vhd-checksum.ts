/** The one's complement of the sum of all bytes, the checksum's own four left out. */
export function vhdChecksum(bytes: Uint8Array, checksumOffset: number): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i++)
    if (i < checksumOffset || i >= checksumOffset + 4) sum += bytes[i] ?? 0;
  return ~sum >>> 0;
}
