// The files that crash tests import: real disk images of several formats and sizes, one of 20 MiB, and
// some that must be refused. Each round adds a few whose bytes were never seen, so that blobs are
// made and swept all the time.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  makeQcow2,
  makeRaw,
  makeVhdDynamic,
  makeVhdFixed,
  makeVmdk,
} from '../../src/testing/disk-images.ts';

export interface DiskObject {
  /** Key in the bucket. */
  name: string;
  sha256: string;
  sizeBytes: number;
  /** False: the import must end as CreateFailed. */
  isGood: boolean;
  /** `Format` of the request; empty: left out. */
  format: string;
}

export const BUCKET = 'builds';
const MIB = 2 ** 20;
const LARGE_BYTES = 20 * MIB;
const LARGE_EVERY = 4;

const large = (): Uint8Array =>
  makeRaw({ virtualSizeBytes: LARGE_BYTES, guestData: { seed: 20, sizeBytes: LARGE_BYTES } });

const qcow2 = (seed: number, sizeBytes: number): Uint8Array =>
  makeQcow2({ virtualSizeBytes: 2 ** 30, guestData: { seed, sizeBytes } });

export class Objects {
  readonly #folder: string;
  readonly #large = large();
  readonly fixed: readonly DiskObject[];
  #count = 0;

  /** `buckets` is the folder of buckets; `seed` keeps the bytes of two workers apart. */
  constructor(buckets: string, seed: number) {
    this.#folder = join(buckets, BUCKET);
    mkdirSync(this.#folder, { recursive: true });
    this.#count = seed * 100_000;
    const options = { virtualSizeBytes: 4 * MIB, guestData: { seed: 7, sizeBytes: 3 * MIB } };
    const small = qcow2(1, 100_000);
    this.fixed = [
      this.#put('small.qcow2', small),
      this.#put('same-bytes.qcow2', small),
      this.#put('medium.qcow2', qcow2(2, 3 * MIB)),
      this.#put('disk.raw', makeRaw(options)),
      this.#put('fixed.vhd', makeVhdFixed(options)),
      this.#put('dynamic.vhd', makeVhdDynamic(options)),
      this.#put('disk.vmdk', makeVmdk(options)),
    ];
  }

  /** New bytes: a good disk and an equal pair, two bad ones, now and then one of 20 MiB. */
  fresh(): { good: DiskObject[]; bad: DiskObject[] } {
    this.#count += 1;
    const at = this.#count;
    const pair = qcow2(at, 200_000);
    const broken = qcow2(at + 25_000, MIB / 2).slice(0, MIB / 4 + 77);
    return {
      good: [
        this.#put(`other-${at}.qcow2`, qcow2(at + 50_000, 400_000)),
        this.#put(`pair-a-${at}.qcow2`, pair),
        this.#put(`pair-b-${at}.qcow2`, pair),
        ...(at % LARGE_EVERY === 1 ? [this.#newLarge(at)] : []),
      ],
      bad: [
        this.#put(`cut-${at}.qcow2`, broken, false),
        this.#put(`not-what-it-says-${at}.vhd`, pair, false, 'VHD'),
      ],
    };
  }

  #newLarge(at: number): DiskObject {
    new DataView(this.#large.buffer).setUint32(MIB, at);
    return this.#put(`large-${at}.raw`, this.#large);
  }

  /** Takes away what earlier calls of `fresh` made. */
  forgetFresh(): void {
    const kept = new Set(this.fixed.map(({ name }) => name));
    for (const name of readdirSync(this.#folder))
      if (!kept.has(name)) rmSync(join(this.#folder, name));
  }

  #put(name: string, bytes: Uint8Array, isGood = true, format = ''): DiskObject {
    writeFileSync(join(this.#folder, name), bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { name, sha256, sizeBytes: bytes.length, isGood, format };
  }
}
