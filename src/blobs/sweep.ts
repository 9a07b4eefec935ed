// The only deleter of bytes nobody owns: blobs that no snapshot and no lease names, files without a
// row, staged files without a job. Rows decide, never the look of a folder: a blob is marked
// `deleting` in a transaction before its file goes, and a job may not lease what is marked, so
// sweeping and publishing exclude each other. A file without a row gets such a row first.
import type { Digest, RegionId } from '../domain/ids.ts';
import type { Actor, Store } from '../domain/tx.ts';
import type { Clocks } from '../lib/clock.ts';
import { noFaults, type Faults } from '../lib/fault.ts';
import type { Random } from '../lib/random.ts';
import { isStray, markStray, markUnneeded, unneededPlacements } from './placing.ts';
import type { BlobStore, StoredBlob } from './blob-store.ts';
import type { BlobPlace, BlobStores } from './blob-stores.ts';
import type { BlobHolds } from './holds.ts';
import { stagedImageId } from './staging.ts';

export interface SweepParts {
  store: Store;
  stores: BlobStores;
  clocks: Clocks;
  random: Random;
  faults?: Faults;
  /** What a backup still reads. */
  holds?: BlobHolds;
  /** How long a file without a row, or of an unknown name in staging, may lie (default a day). */
  graceMs?: number;
}

export interface SweepReport {
  deletedBlobs: number;
  deletedOrphans: number;
  deletedStaged: number;
  freedBytes: number;
  /** Uploads into a store that were begun and never ended. */
  droppedUploads: number;
}

export interface Sweep {
  /** One whole pass that begins after this call. Passes never overlap. */
  run(): Promise<SweepReport>;
  /** Completes the deletions that were marked and not finished (a crash, an error of the disk). */
  finishDeletions(): Promise<void>;
}

const PAGE_ROWS = 500;
const DEFAULT_GRACE_MS = 24 * 3600 * 1000;

export const createSweep = (parts: SweepParts): Sweep => {
  let tail: Promise<unknown> = Promise.resolve();
  const queued = new Map<string, Promise<unknown>>();
  /** Runs `work` after everything before it; callers that wait for the same work share it. */
  const inTurn = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const waiting = queued.get(name) as Promise<T> | undefined; // stored below under the same name
    if (waiting !== undefined) return waiting;
    const turn = tail.then(() => {
      queued.delete(name);
      return work();
    });
    queued.set(name, turn);
    tail = turn.catch(() => undefined);
    return turn;
  };
  return {
    run: () => inTurn('run', () => new Pass(parts).run()),
    finishDeletions: () => inTurn('finish', () => new Pass(parts).sweepRows(false)),
  };
};

class Pass {
  readonly #parts: SweepParts;
  readonly #faults: Faults;
  readonly #report: SweepReport = {
    deletedBlobs: 0,
    deletedOrphans: 0,
    deletedStaged: 0,
    freedBytes: 0,
    droppedUploads: 0,
  };

  constructor(parts: SweepParts) {
    this.#parts = parts;
    this.#faults = parts.faults ?? noFaults;
  }

  async run(): Promise<SweepReport> {
    await this.sweepRows(true);
    for (const place of this.#parts.stores.all) {
      await this.#sweepOrphans(place.blobs);
      await this.#sweepStaging(place);
      this.#report.droppedUploads += await place.blobs.dropUnfinished(this.#graceEndMs());
    }
    return this.#report;
  }

  /** Walks the rows; `markToo`: also marks what has become unreferenced. */
  async sweepRows(markToo: boolean): Promise<void> {
    let after = '';
    for (;;) {
      const page = await this.#parts.store.read((tx) => tx.blobs(after, PAGE_ROWS));
      for (const blob of page) {
        const isMarked =
          blob.state === 'deleting' ||
          (markToo && blob.referenceCount === 0 && (await this.#mark(blob.digest)));
        if (isMarked) await this.#remove(blob.digest, blob.sizeBytes, 'deletedBlobs');
        else if (this.#parts.stores.all.length > 1) await this.#trim(blob);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS) return;
      after = last.digest;
    }
  }

  #mark(digest: Digest): Promise<boolean> {
    // Asked within the write: a backup that begins waits for the writes before it.
    return this.#parts.store.write(this.#actor(), async (tx) =>
      this.#parts.holds?.isHeld(digest) === true ? false : tx.markUnreferenced(digest),
    );
  }

  /** Only after the mark is committed. Each step may be repeated. */
  async #remove(
    digest: Digest,
    sizeBytes: number,
    counter: 'deletedBlobs' | 'deletedOrphans',
  ): Promise<void> {
    this.#faults.reach('sweep.marked');
    // Everywhere: a job may have died between the move and the row that tells of it.
    for (const { blobs } of this.#parts.stores.all)
      if (await blobs.delete(digest)) this.#report.freedBytes += sizeBytes;
    this.#faults.reach('sweep.unlinked');
    await this.#parts.store.write(this.#actor(), async (tx) => {
      await tx.deletePlacements(digest);
      await tx.deleteBlob(digest);
    });
    this.#report[counter] += 1;
  }

  /** Takes a blob that stays out of the stores in which no region needs it. */
  async #trim({ digest, sizeBytes }: Pick<StoredBlob, 'digest' | 'sizeBytes'>): Promise<void> {
    const { store, stores } = this.#parts;
    const storeOf = (regionId: RegionId): string => stores.of(regionId).blobs.name;
    const found = await store.read((tx) => unneededPlacements(tx, digest, storeOf));
    if (found.length === 0) return;
    const marked = await store.write(this.#actor(), (tx) => markUnneeded(tx, digest, storeOf));
    for (const placement of marked) await this.#removeFrom(placement.store, digest, sizeBytes);
  }

  /** Only after its placement is marked; the blob stays elsewhere. */
  async #removeFrom(name: string, digest: Digest, sizeBytes: number): Promise<void> {
    this.#faults.reach('sweep.marked');
    // A store that is not configured keeps its rows until it is again.
    const place = this.#parts.stores.named(name);
    if (place === undefined) return;
    const existed = await place.blobs.delete(digest);
    this.#faults.reach('sweep.unlinked');
    await this.#parts.store.write(this.#actor(), (tx) => tx.deletePlacement(digest, name));
    this.#report.deletedBlobs += 1;
    if (existed) this.#report.freedBytes += sizeBytes;
  }

  async #sweepOrphans(blobs: BlobStore): Promise<void> {
    const { store, stores } = this.#parts;
    const beforeMs = this.#graceEndMs();
    for await (const stored of blobs.list()) {
      if (stored.modifiedMs > beforeMs) continue;
      if ((await store.read((tx) => tx.blob(stored.digest))) !== undefined) {
        if (stores.all.length > 1) await this.#sweepStray(blobs.name, stored);
      } else if (await this.#markOrphan(stored))
        await this.#remove(stored.digest, stored.sizeBytes, 'deletedOrphans');
    }
  }

  /** A file whose bytes are kept, but not here. */
  async #sweepStray(name: string, { digest, sizeBytes }: StoredBlob): Promise<void> {
    const { store } = this.#parts;
    if (!(await store.read((tx) => isStray(tx, digest, name)))) return;
    if (await store.write(this.#actor(), (tx) => markStray(tx, digest, name)))
      await this.#removeFrom(name, digest, sizeBytes);
  }

  /** Gives a file without a row a row that forbids publishing under its digest. */
  #markOrphan(stored: StoredBlob): Promise<boolean> {
    const actor = this.#actor();
    return this.#parts.store.write(actor, async (tx) => {
      if ((await tx.blob(stored.digest)) !== undefined) return false;
      await tx.insertBlob({
        digest: stored.digest,
        sizeBytes: stored.sizeBytes,
        state: 'deleting',
        format: '',
        virtualSizeBytes: 0,
        warnings: [],
        creationMs: actor.nowMs,
      });
      return true;
    });
  }

  /** Image ids are never used twice, so a file whose image has no job will never have an owner. */
  async #sweepStaging({ staging }: BlobPlace): Promise<void> {
    const beforeMs = this.#graceEndMs();
    for (const file of await staging.list()) {
      const imageId = stagedImageId(file.name);
      const isOrphan =
        imageId === undefined
          ? file.modifiedMs <= beforeMs
          : (await this.#parts.store.read((tx) => tx.jobOfImage(imageId))) === undefined;
      if (!isOrphan || !(await staging.remove(file.name))) continue;
      this.#report.deletedStaged += 1;
      this.#report.freedBytes += file.sizeBytes;
    }
  }

  #graceEndMs(): number {
    return this.#parts.clocks.wallMs() - (this.#parts.graceMs ?? DEFAULT_GRACE_MS);
  }

  #actor(): Actor {
    return {
      principal: 'kindred:sweep',
      requestId: this.#parts.random.uuid().toUpperCase(),
      nowMs: this.#parts.clocks.wallMs(),
    };
  }
}
