/** Bytes that look like data and depend on the seed alone (a linear congruential generator). */
export function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed >>> 0;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** The first bytes of a guest's disk: a boot record with one partition, then data. */
export function guestStart(length: number, diskBytes: number): Uint8Array {
  const bytes = pattern(length);
  bytes.fill(0, 0, 512);
  bytes.set([0xfa, 0xf4]); // cli, hlt
  const view = new DataView(bytes.buffer);
  bytes.set([0x80, 0, 2, 0, 0x83, 0xff, 0xff, 0xff], 446);
  view.setUint32(454, 1, true);
  view.setUint32(458, Math.floor(diskBytes / 512) - 1, true);
  view.setUint16(510, 0x55aa);
  return bytes;
}
