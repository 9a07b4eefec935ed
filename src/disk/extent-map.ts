// Which stretches of equal length are taken in a file, at any sector: one slot per length of file
// holds where a stretch begins. Two stretches that do not overlap never begin in the same slot. It
// looks at one window of slots, so that a long file costs more passes and never more memory.
import { SECTOR_BYTES } from './findings.ts';

/** Slots per window: 4 MiB. */
export const WINDOW_SLOTS = 2 ** 20;

export class ExtentMap {
  readonly #lengthSectors: number;
  readonly #first: number;
  /** Slot → first sector of the stretch that begins there, plus one; 0 is free. */
  readonly #starts: Uint32Array;

  /**
   * @param lengthBytes length of every stretch, a multiple of 512
   * @param first the window's first slot, and
   * @param end the one behind its last: a slot is `lengthBytes` of the file
   */
  constructor(lengthBytes: number, first: number, end: number) {
    this.#lengthSectors = lengthBytes / SECTOR_BYTES;
    this.#first = first;
    this.#starts = new Uint32Array(end - first);
  }

  /** Takes the stretch that begins at a sector; false when part of it is taken in this window. */
  take(sector: number): boolean {
    const slot = Math.floor(sector / this.#lengthSectors) - this.#first;
    if (slot < 0 || slot >= this.#starts.length) return true;
    const start = (at: number) => (this.#starts[at] ?? 0) - 1;
    if (start(slot) >= 0) return false;
    if (start(slot - 1) >= 0 && start(slot - 1) + this.#lengthSectors > sector) return false;
    if (start(slot + 1) >= 0 && sector + this.#lengthSectors > start(slot + 1)) return false;
    this.#starts[slot] = sector + 1;
    return true;
  }
}
