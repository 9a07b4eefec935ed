// Which stretches of equal length are taken in a file, at any sector: one slot per length of file
// holds where a stretch begins. Two stretches that do not overlap never begin in the same slot.
// Sized by the measured file, never by a header field.
import { SECTOR_BYTES } from './findings.ts';

export class ExtentMap {
  readonly #lengthSectors: number;
  /** Slot → first sector of the stretch that begins there, plus one; 0 is free. */
  readonly #starts: Uint32Array;

  /** @param lengthBytes length of every stretch, a multiple of 512 */
  constructor(fileSizeBytes: number, lengthBytes: number) {
    this.#lengthSectors = lengthBytes / SECTOR_BYTES;
    this.#starts = new Uint32Array(Math.ceil(fileSizeBytes / lengthBytes) + 1);
  }

  /** Takes the stretch that begins at a sector inside the file; false when part of it is taken. */
  take(sector: number): boolean {
    const slot = Math.floor(sector / this.#lengthSectors);
    const start = (at: number) => (this.#starts[at] ?? 0) - 1;
    if (start(slot) >= 0) return false;
    if (start(slot - 1) >= 0 && start(slot - 1) + this.#lengthSectors > sector) return false;
    if (start(slot + 1) >= 0 && sector + this.#lengthSectors > start(slot + 1)) return false;
    this.#starts[slot] = sector + 1;
    return true;
  }
}
