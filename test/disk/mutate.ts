// Changes an image at random, mostly where formats keep what matters, and makes the checksums of a VHD right
// again, so that a fuzzer reaches what lies behind them. The same numbers make the same changes.
import { vhdChecksum } from '../../src/disk/vhd-checksum.ts';

/** Random numbers that depend on the seed alone (xorshift). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }

  /** A whole number below `limit`. */
  below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) % limit;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

const NUMBERS = [
  0n,
  1n,
  2n,
  511n,
  512n,
  4096n,
  65_536n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 40n,
] as const;
const MORE = [...NUMBERS, 2n ** 41n, 2n ** 53n + 512n, 2n ** 62n, 2n ** 63n, 2n ** 64n - 1n];
const MAX_EDITS = 6;

/** Places that matter lie near the start, at the start of a cluster, and at the end. */
function place(chance: Chance, length: number): number {
  switch (chance.below(5)) {
    case 0:
      return chance.below(Math.min(length, 128));
    case 1:
      return chance.below(Math.min(length, 2048));
    case 2:
      return Math.max(0, length - 1 - chance.below(Math.min(length, 1536)));
    case 3:
      return Math.min(
        length - 1,
        chance.below(Math.ceil(length / 512)) * 512 + chance.below(16) * 4,
      );
    default:
      return chance.below(length);
  }
}

function edit(bytes: Buffer, chance: Chance): void {
  const at = place(chance, bytes.length);
  const number = chance.of(MORE);
  switch (chance.below(7)) {
    case 0:
      bytes[at]! ^= 1 << chance.below(8);
      return;
    case 1:
      bytes[at] = chance.below(256);
      return;
    case 2:
      if (at + 4 <= bytes.length) bytes.writeUInt32BE(Number(number & 0xffff_ffffn), at);
      return;
    case 3:
      if (at + 8 <= bytes.length) bytes.writeBigUInt64BE(number, at);
      return;
    case 4:
      if (at + 8 <= bytes.length) bytes.writeBigUInt64LE(number, at);
      return;
    case 5:
      if (at + 4 <= bytes.length) bytes.writeUInt32LE(chance.below(4096), at);
      return;
    default:
      bytes.copy(bytes, at, place(chance, bytes.length), bytes.length);
  }
}

/** Makes the checksums of a VHD right again, so that what lies behind them is reached. */
function mendVhd(bytes: Buffer): void {
  const mend = (at: number, length: number, checksumAt: number) => {
    if (at < 0 || at + length > bytes.length) return;
    bytes.writeUInt32BE(vhdChecksum(bytes.subarray(at, at + length), checksumAt), at + checksumAt);
  };
  const start = bytes.length - 512;
  const isDynamic = bytes.length >= 2048 && bytes.toString('latin1', 0, 8) === 'conectix';
  if (isDynamic && start > 512) bytes.copyWithin(start, 0, 512);
  mend(start, 512, 64);
  if (!isDynamic) return;
  mend(0, 512, 64);
  mend(512, 1024, 36);
}

/** Edits `bytes` in place; the answer is the image, which may be shorter. */
export function mutate(bytes: Buffer, chance: Chance): Buffer {
  const edits = 1 + chance.below(MAX_EDITS);
  for (let i = 0; i < edits; i++) edit(bytes, chance);
  const image = chance.below(20) === 0 ? bytes.subarray(0, chance.below(bytes.length) + 1) : bytes;
  const isVhd = bytes.toString('latin1', bytes.length - 512, bytes.length - 504) === 'conectix';
  if (isVhd && chance.below(4) !== 0) mendVhd(image);
  return image;
}
