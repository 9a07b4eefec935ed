/** Of a tar archive everything is a multiple of this. */
export const TAR_BLOCK_BYTES = 512;
/** Two empty blocks end an archive. */
export const TAR_END_BYTES = 2 * TAR_BLOCK_BYTES;
/** What eleven octal digits can say: 8 GiB. */
const MAX_OCTAL = 8 ** 11;
const MAX_NAME_BYTES = 100;

/**
 * The header of one plain file, in the ustar format of POSIX. A size of 8 GiB and more is written in base
 * 256, as GNU tar, bsdtar, Python and Go read it. Owner is root, mode 0644.
 * @throws RangeError for a name that does not fit: nothing is cut
 */
export const tarHeader = (name: string, sizeBytes: number, modifiedMs: number): Buffer => {
  const header = Buffer.alloc(TAR_BLOCK_BYTES);
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new RangeError(`${name} is too long for tar`);
  const octal = (value: number, at: number, digits: number): void =>
    void header.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  header.write(name, 0);
  octal(0o644, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  if (sizeBytes < MAX_OCTAL) octal(sizeBytes, 124, 11);
  else {
    header[124] = 0x80;
    header.writeBigUInt64BE(BigInt(sizeBytes), 128);
  }
  octal(Math.floor(modifiedMs / 1_000), 136, 11);
  header.write('0', 156);
  header.write('ustar\0', 257, 'latin1');
  header.write('00', 263);
  header.write('root', 265);
  header.write('root', 297);
  // The sum is taken with its own field blank.
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return header;
};
