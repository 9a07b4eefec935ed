// HMAC (RFC 2104) out of two one-shot hashes. Node's `createHmac` makes a native object for each call,
// which costs more than the hashing itself, and this runs once a request. A test holds it against
// `createHmac` for every hash, key and text.
import { hash, type BinaryToTextEncoding } from 'node:crypto';

/** All three have blocks of 64 bytes. */
export type HmacHash = 'sha1' | 'sha256' | 'sm3';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = { sha1: 20, sha256: 32, sm3: 32 } as const;

/** Buffers that begin with a pad of the key; what follows the pad is written over at each use. */
interface Pads {
  /** The inner pad, as text: its bytes are below 0x80 for every key of ASCII. */
  readonly inner: string | undefined;
  readonly innerBytes: Buffer;
  readonly outer: Buffer;
}

/** Pads of keys that were used before; as secret as the keys, which are in memory besides. */
const known = new Map<string, Pads>();
const MAX_KNOWN = 1_000;

/** The HMAC of `text` (as UTF-8) under `key` (as UTF-8). */
export const hmac = (
  name: HmacHash,
  key: string,
  text: string,
  encoding: BinaryToTextEncoding,
): string => {
  const { inner, innerBytes, outer } = padsOf(name, key);
  const message =
    inner === undefined ? Buffer.concat([innerBytes, Buffer.from(text)]) : inner + text;
  // As text of one character a byte: a buffer made for each digest costs more than the hashing.
  outer.write(hash(name, message, 'binary'), BLOCK_BYTES, 'latin1');
  return hash(name, outer, encoding);
};

const padsOf = (name: HmacHash, key: string): Pads => {
  const label = `${name} ${key}`;
  let pads = known.get(label);
  if (pads === undefined) {
    pads = makePads(name, Buffer.from(key));
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(label, pads);
  }
  return pads;
};

const makePads = (name: HmacHash, key: Buffer): Pads => {
  const short = key.length > BLOCK_BYTES ? hash(name, key, 'buffer') : key;
  const innerBytes = Buffer.alloc(BLOCK_BYTES, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES[name]);
  outer.fill(0x5c, 0, BLOCK_BYTES);
  for (const [at, byte] of short.entries()) {
    innerBytes[at]! ^= byte;
    outer[at]! ^= byte;
  }
  const isAscii = innerBytes.every((byte) => byte < 0x80);
  return { inner: isAscii ? innerBytes.toString('latin1') : undefined, innerBytes, outer };
};
