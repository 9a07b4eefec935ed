// CRC-64 of ECMA-182 in its reflected form (XZ's), the checksum that object storage answers with and its
// clients compare: polynomial 0xC96C5795D7870F42, all ones before and after. Eight bytes a turn, over
// eight tables of halves of 32 bits, since whole words of 64 would be BigInts and fifty times slower.
// The packages that do it are native, or of another polynomial.

const SLICES = 8;
/** Words of one table: 256 lower halves, then 256 upper halves. */
const WORDS = 512;
const LOW = 0xd7870f42;
const HIGH = 0xc96c5795;

const makeTables = (): Uint32Array => {
  const tables = new Uint32Array(SLICES * WORDS);
  for (let byte = 0; byte < 256; byte += 1) {
    let [low, high] = [byte, 0];
    for (let bit = 0; bit < 8; bit += 1) {
      const isOdd = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (isOdd) [low, high] = [low ^ LOW, high ^ HIGH];
    }
    tables[byte] = low;
    tables[byte + 256] = high;
  }
  // Table n tells what a byte has become once n more zeros came after it.
  for (let at = WORDS; at < tables.length; at += 1) {
    if (at % WORDS >= 256) continue;
    const [low, high] = [tables[at - WORDS]!, tables[at - WORDS + 256]!];
    tables[at] = ((low >>> 8) | (high << 24)) ^ tables[low & 255]!;
    tables[at + 256] = (high >>> 8) ^ tables[(low & 255) + 256]!;
  }
  return tables;
};

let made: Uint32Array | undefined;

export class Crc64 {
  #low = -1;
  #high = -1;

  update(bytes: Uint8Array): this {
    const tables = (made ??= makeTables());
    let low = this.#low;
    let high = this.#high;
    let at = 0;
    // Indexes are within the tables and the bytes: `!` costs nothing at run time, a check would.
    for (const end = bytes.length - 7; at < end; at += 8) {
      const a =
        low ^
        (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24));
      const b =
        high ^
        (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16) | (bytes[at + 7]! << 24));
      low =
        tables[3584 + (a & 255)]! ^
        tables[3072 + ((a >>> 8) & 255)]! ^
        tables[2560 + ((a >>> 16) & 255)]! ^
        tables[2048 + (a >>> 24)]! ^
        tables[1536 + (b & 255)]! ^
        tables[1024 + ((b >>> 8) & 255)]! ^
        tables[512 + ((b >>> 16) & 255)]! ^
        tables[b >>> 24]!;
      high =
        tables[3840 + (a & 255)]! ^
        tables[3328 + ((a >>> 8) & 255)]! ^
        tables[2816 + ((a >>> 16) & 255)]! ^
        tables[2304 + (a >>> 24)]! ^
        tables[1792 + (b & 255)]! ^
        tables[1280 + ((b >>> 8) & 255)]! ^
        tables[768 + ((b >>> 16) & 255)]! ^
        tables[256 + (b >>> 24)]!;
    }
    for (; at < bytes.length; at += 1) {
      const index = (low ^ bytes[at]!) & 255;
      low = ((low >>> 8) | (high << 24)) ^ tables[index]!;
      high = (high >>> 8) ^ tables[index + 256]!;
    }
    this.#low = low;
    this.#high = high;
    return this;
  }

  /** Of the bytes so far, as a number of 64 bits. */
  digest(): bigint {
    return (BigInt(~this.#high >>> 0) << 32n) | BigInt(~this.#low >>> 0);
  }
}
