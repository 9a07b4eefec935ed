// An image under construction: pages that hold something, and a size. It can be edited at any place,
// read like a disk image, and written as a file with holes.
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import type { DiskReader } from '../../../src/disk/reader.ts';

const PAGE_BYTES = 4096;
const NO_PAGE = new Uint8Array(PAGE_BYTES);

export class SparseImage implements DiskReader {
  #pages = new Map<number, Uint8Array>();
  #sizeBytes: number;

  constructor(sizeBytes = 0) {
    this.#sizeBytes = sizeBytes;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  clone(): SparseImage {
    const copy = new SparseImage(this.#sizeBytes);
    for (const [index, page] of this.#pages) copy.#pages.set(index, page.slice());
    return copy;
  }

  /** Cuts the image, or puts a hole behind it. */
  resize(sizeBytes: number): this {
    for (const [index, page] of this.#pages) {
      const start = index * PAGE_BYTES;
      if (start >= sizeBytes) this.#pages.delete(index);
      else if (start + PAGE_BYTES > sizeBytes) page.fill(0, sizeBytes - start);
    }
    this.#sizeBytes = sizeBytes;
    return this;
  }

  /** Writes bytes (text: Latin-1), and makes the image longer where they end beyond it. */
  put(offset: number, content: Uint8Array | string): this {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'latin1') : content;
    this.#sizeBytes = Math.max(this.#sizeBytes, offset + bytes.length);
    for (let done = 0; done < bytes.length;) {
      const at = offset + done;
      const index = Math.floor(at / PAGE_BYTES);
      const page = this.#pages.get(index) ?? new Uint8Array(PAGE_BYTES);
      this.#pages.set(index, page);
      const part = bytes.subarray(done, done + PAGE_BYTES - (at % PAGE_BYTES));
      page.set(part, at % PAGE_BYTES);
      done += part.length;
    }
    return this;
  }

  u8 = (offset: number, value: number): this => this.put(offset, Uint8Array.of(value));

  u16 = (offset: number, value: number): this => this.#number(offset, 2, BigInt(value), false);

  u32 = (offset: number, value: number): this => this.#number(offset, 4, BigInt(value), false);

  u64 = (offset: number, value: bigint | number): this =>
    this.#number(offset, 8, BigInt(value), false);

  u16le = (offset: number, value: number): this => this.#number(offset, 2, BigInt(value), true);

  u32le = (offset: number, value: number): this => this.#number(offset, 4, BigInt(value), true);

  u64le = (offset: number, value: bigint | number): this =>
    this.#number(offset, 8, BigInt(value), true);

  #number(offset: number, length: number, value: bigint, isLittle: boolean): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, value, isLittle);
    return this.put(offset, isLittle ? bytes.subarray(0, length) : bytes.subarray(8 - length));
  }

  /** Turns one bit round, counted from the start and from the lowest bit of each byte. */
  flip(bit: number): this {
    const [byte = 0] = this.read(bit >>> 3, 1);
    return this.u8(bit >>> 3, byte ^ (1 << (bit & 7)));
  }

  read(offset: number, length: number): Uint8Array {
    const count = Math.max(0, Math.min(length, this.#sizeBytes - offset));
    const bytes = new Uint8Array(count);
    for (let done = 0; done < count;) {
      const inPage = (offset + done) % PAGE_BYTES;
      const page = this.#pages.get(Math.floor((offset + done) / PAGE_BYTES));
      const part = Math.min(count - done, PAGE_BYTES - inPage);
      if (page !== undefined) bytes.set(page.subarray(inPage, inPage + part), done);
      done += part;
    }
    return bytes;
  }

  sha256(): string {
    const hash = createHash('sha256');
    for (let at = 0; at < this.#sizeBytes; at += PAGE_BYTES) {
      const page = this.#pages.get(at / PAGE_BYTES) ?? NO_PAGE;
      hash.update(page.subarray(0, Math.min(PAGE_BYTES, this.#sizeBytes - at)));
    }
    return hash.digest('hex');
  }

  /** Writes the image with its holes. */
  writeTo(path: string): void {
    const fd = openSync(path, 'wx');
    try {
      ftruncateSync(fd, this.#sizeBytes);
      for (const [index, page] of this.#pages) {
        const start = index * PAGE_BYTES;
        writeSync(fd, page, 0, Math.min(PAGE_BYTES, this.#sizeBytes - start), start);
      }
    } finally {
      closeSync(fd);
    }
  }
}
