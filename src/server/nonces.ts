// Used nonces. A nonce is refused, per key, until its own timestamp plus the window has passed. What
// is kept of it is a 64-bit fingerprint in a segment of its timestamp's minute; segments go whole.
// Each use is written to a file before the request goes on, so that a killed process still knows it;
// the uses of one turn of the event loop share a write.
// The set never forgets inside the window: when it is full, requests are refused.
import { closeSync, constants, fstatSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readdirSync, readFileSync, unlinkSync } from 'node:fs';
import { hash } from 'node:crypto';
import { join } from 'node:path';
import { isFull } from '../blobs/file-error.ts';

/** How far a timestamp may lie from the clock, either way. */
export const WINDOW_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
/** All segments together; 16 bytes each. */
const MAX_NONCES = 4_000_000;
const RECORD_BYTES = 12;

export type NonceVerdict = 'new' | 'used' | 'full';

/** Fingerprints of one minute: open addressing over pairs of 32-bit words. */
class Segment {
  #slots = new Uint32Array(2 * 1024);
  size = 0;

  /** False when the pair is there already. */
  add(high: number, low: number): boolean {
    if (this.size * 4 > this.#slots.length) this.#grow();
    if (!place(this.#slots, high, low)) return false;
    this.size += 1;
    return true;
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2);
    for (let at = 0; at < this.#slots.length; at += 2) {
      const high = this.#slots[at]!;
      const low = this.#slots[at + 1]!;
      if (high !== 0 || low !== 0) place(larger, high, low);
    }
    this.#slots = larger;
  }
}

const place = (slots: Uint32Array, high: number, low: number): boolean => {
  const mask = slots.length / 2 - 1;
  for (let at = low & mask; ; at = (at + 1) & mask) {
    const seenHigh = slots[at * 2]!;
    const seenLow = slots[at * 2 + 1]!;
    if (seenHigh === high && seenLow === low) return false;
    if (seenHigh === 0 && seenLow === 0) {
      slots[at * 2] = high;
      slots[at * 2 + 1] = low;
      return true;
    }
  }
};

export class Nonces {
  readonly #segments = new Map<number, Segment>();
  readonly #folder: string | undefined;
  readonly #mostNonces: number;
  /** Records that wait for the write of this turn. */
  #waiting: [minute: number, high: number, low: number][] = [];
  #written: Promise<void> | undefined;
  #file: { minute: number; descriptor: number; sizeBytes: number } | undefined;
  #size = 0;
  #sweptMinute = 0;

  /** `folder` keeps the uses across restarts; without one they live in memory (ephemeral data). */
  constructor(folder?: string, mostNonces = MAX_NONCES) {
    this.#folder = folder;
    this.#mostNonces = mostNonces;
  }

  /** Reads what earlier runs used and forgets what has expired. */
  load(nowMs: number): void {
    if (this.#folder === undefined) return;
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder)) {
      const path = join(this.#folder, name);
      const minute = Number(/^(\d+)\.nonces$/.exec(name)?.[1]);
      // A record's timestamp lies at most one window ahead of the minute it was written in.
      if (!Number.isInteger(minute)) continue;
      if (minute * MINUTE_MS < nowMs - 2 * WINDOW_MS - MINUTE_MS) unlinkSync(path);
      else this.#replay(readFileSync(path));
    }
  }

  /** The fingerprint of a nonce under its key: 16 hexadecimal digits, never all zero. */
  static fingerprint(accessKeyId: string, nonce: string): string {
    const digest = hash('sha1', `${accessKeyId}\n${nonce}`).slice(0, 16);
    return digest === '0000000000000000' ? '0000000000000001' : digest;
  }

  /**
   * Marks the nonce as used, at once. To be called after the signature was found right, never before;
   * the request goes on once `kept` resolves.
   */
  use(fingerprint: string, timestampMs: number, nowMs: number): NonceVerdict {
    this.#sweep(nowMs);
    if (this.#size >= this.#mostNonces) return 'full';
    const high = Number.parseInt(fingerprint.slice(0, 8), 16);
    const low = Number.parseInt(fingerprint.slice(8), 16);
    const minute = Math.floor(timestampMs / MINUTE_MS);
    if (!this.#add(minute, high, low)) return 'used';
    if (this.#folder !== undefined) this.#waiting.push([minute, high, low]);
    return 'new';
  }

  /** Resolves when every use so far is with the operating system; undefined when it is already. */
  kept(nowMs: number): Promise<void> | undefined {
    if (this.#folder === undefined || this.#waiting.length === 0) return this.#written;
    return (this.#written ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#written = undefined;
        try {
          this.#append(nowMs);
          resolve();
        } catch (error) {
          reject(error as Error);
        }
      });
    }));
  }

  close(): void {
    if (this.#file) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #add(minute: number, high: number, low: number): boolean {
    let segment = this.#segments.get(minute);
    if (segment === undefined) {
      segment = new Segment();
      this.#segments.set(minute, segment);
    }
    if (!segment.add(high, low)) return false;
    this.#size += 1;
    return true;
  }

  /**
   * A full disk must not stop reads: a use that cannot be kept is refused by this process all the same,
   * and a write's nonce is a row of its transaction besides.
   */
  #append(nowMs: number): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const records = Buffer.allocUnsafe(waiting.length * RECORD_BYTES);
    let at = 0;
    for (const record of waiting) for (const word of record) at = records.writeUInt32LE(word, at);
    try {
      const file = this.#openFile(this.#folder!, Math.floor(nowMs / MINUTE_MS));
      // At its own place, so that a record which a full disk cut short is written over by the next.
      const written = writeSync(file.descriptor, records, 0, records.length, file.sizeBytes);
      file.sizeBytes += written - (written % RECORD_BYTES);
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  #openFile(folder: string, minute: number) {
    if (this.#file?.minute === minute) return this.#file;
    this.close();
    const path = join(folder, `${minute}.nonces`);
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
    const { size } = fstatSync(descriptor);
    this.#file = { minute, descriptor, sizeBytes: size - (size % RECORD_BYTES) };
    return this.#file;
  }

  #replay(records: Buffer): void {
    for (let at = 0; at + RECORD_BYTES <= records.length; at += RECORD_BYTES)
      this.#add(
        records.readUInt32LE(at),
        records.readUInt32LE(at + 4),
        records.readUInt32LE(at + 8),
      );
  }

  /** Once a minute: forgets the segments whose timestamps can no longer be accepted. */
  #sweep(nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === this.#sweptMinute) return;
    this.#sweptMinute = minute;
    const oldest = Math.floor((nowMs - WINDOW_MS) / MINUTE_MS);
    for (const [at, segment] of this.#segments)
      if (at < oldest) {
        this.#segments.delete(at);
        this.#size -= segment.size;
      }
    if (this.#folder === undefined) return;
    for (const name of readdirSync(this.#folder)) {
      const written = Number.parseInt(name, 10);
      if (written * MINUTE_MS < nowMs - 2 * WINDOW_MS - MINUTE_MS)
        unlinkSync(join(this.#folder, name));
    }
  }
}
