import type { Digest } from '../domain/ids.ts';

/**
 * Bytes that a backup still has to read: the sweep leaves them, whoever has let go of them. In memory
 * only, since a backup dies with its process.
 */
export class BlobHolds {
  #holdsAll = false;
  readonly #digests = new Set<Digest>();

  /** Nothing is given up from here on. */
  holdAll(): void {
    this.#holdsAll = true;
  }

  /** Only these from here on. */
  narrowTo(digests: Iterable<Digest>): void {
    for (const digest of digests) this.#digests.add(digest);
    this.#holdsAll = false;
  }

  release(digest: Digest): void {
    this.#digests.delete(digest);
  }

  releaseAll(): void {
    this.#holdsAll = false;
    this.#digests.clear();
  }

  isHeld(digest: Digest): boolean {
    return this.#holdsAll || this.#digests.has(digest);
  }
}
