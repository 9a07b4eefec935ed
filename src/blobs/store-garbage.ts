// What is garbage in the stores of blobs and in their staging. Rows decide, never the look of a folder: a
// blob is marked `deleting` in a transaction before its file goes, and a job may not lease what is marked,
// so removing and publishing exclude each other. A file without a row gets such a row first.
import type { Digest, RegionId } from '../domain/ids.ts';
import type { Actor, Tx } from '../domain/tx.ts';
import { noFaults, type Faults } from '../lib/fault.ts';
import { isDigest, type BlobStore, type StoredBlob } from './blob-store.ts';
import type { BlobPlace } from './blob-stores.ts';
import { UnknownWalkPoint, type Garbage, type Look } from './garbage.ts';
import { isStray, markStray, markUnneeded, unneededPlacements } from './placing.ts';
import { stagedImageId } from './staging.ts';
import type { SweepParts } from './sweep.ts';

const PAGE_ROWS = 500;
const DEFAULT_GRACE_MS = 24 * 3600 * 1000;

export /** What is garbage in the stores of blobs and in their staging. */
class StoreGarbage {
  readonly #parts: SweepParts;
  readonly #faults: Faults;

  constructor(parts: SweepParts) {
    this.#parts = parts;
    this.#faults = parts.faults ?? noFaults;
  }

  /** By the rows; `isMarkedOnly`: what was marked and not removed, nothing new. */
  async *rows(first: string, isMarkedOnly: boolean): AsyncGenerator<Look> {
    let after = first;
    for (;;) {
      const page = await this.#parts.store.read((tx) => tx.blobs(after, PAGE_ROWS));
      for (const blob of page) {
        const { digest } = blob;
        if (blob.state === 'deleting') yield await this.#blob(blob, () => Promise.resolve(true));
        else if (!isMarkedOnly && blob.isUnreferenced && !this.#isHeld(digest))
          yield await this.#blob(blob, () => this.#mark(digest));
        else yield* this.#unneeded(blob);
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_ROWS) return;
      after = last.digest;
    }
  }

  async #blob(
    { digest, sizeBytes }: Pick<StoredBlob, 'digest' | 'sizeBytes'>,
    mark: () => Promise<boolean>,
  ): Promise<Look> {
    const names: string[] = [];
    for (const { blobs } of this.#parts.stores.all)
      if ((await blobs.head(digest)) !== undefined) names.push(blobs.name);
    const garbage: Garbage = {
      kind: 'UnreferencedBlob',
      name: digest,
      place: names.join(' '),
      sizeBytes: sizeBytes * names.length,
      remove: async () => ((await mark()) ? this.#remove(digest, sizeBytes) : undefined),
    };
    return { position: digest, garbage };
  }

  #isHeld(digest: Digest): boolean {
    return this.#parts.holds?.isHeld(digest) === true;
  }

  #mark(digest: Digest): Promise<boolean> {
    // Asked within the write: a backup that begins waits for the writes before it.
    return this.#parts.store.write(this.#actor(), async (tx) =>
      this.#isHeld(digest) ? false : tx.markUnreferenced(digest),
    );
  }

  /** Only after the mark is committed. Each step may be repeated. */
  async #remove(digest: Digest, sizeBytes: number): Promise<number> {
    this.#faults.reach('sweep.marked');
    let freedBytes = 0;
    // Everywhere: a job may have died between the move and the row that tells of it.
    for (const { blobs } of this.#parts.stores.all)
      if (await blobs.delete(digest)) freedBytes += sizeBytes;
    this.#faults.reach('sweep.unlinked');
    await this.#parts.store.write(this.#actor(), async (tx) => {
      await tx.deletePlacements(digest);
      await tx.deleteBlob(digest);
    });
    return freedBytes;
  }

  /** A blob that stays, in the stores in which no region needs it. */
  async *#unneeded({ digest, sizeBytes }: Pick<StoredBlob, 'digest' | 'sizeBytes'>) {
    const { store, stores } = this.#parts;
    const storeOf = (regionId: RegionId): string => stores.of(regionId).blobs.name;
    const found =
      stores.all.length > 1
        ? await store.read((tx) => unneededPlacements(tx, digest, storeOf))
        : [];
    const mark = (name: string) => async (tx: Tx) =>
      (await markUnneeded(tx, digest, storeOf)).some((marked) => marked.store === name);
    // Marking one marks all of them, so that they are told one by one, in any order.
    for (const placement of found) {
      const garbage = await this.#copy(
        placement.store,
        { digest, sizeBytes },
        mark(placement.store),
      );
      if (garbage !== undefined) yield { position: digest, garbage } satisfies Look;
    }
    if (found.length === 0) yield { position: digest } satisfies Look;
  }

  /** A copy, of a blob that stays elsewhere. */
  async #copy(
    name: string,
    { digest, sizeBytes }: Pick<StoredBlob, 'digest' | 'sizeBytes'>,
    mark: (tx: Tx) => Promise<boolean>,
  ): Promise<Garbage | undefined> {
    const { store, stores } = this.#parts;
    // A store that is not configured keeps its rows until it is again.
    const place = stores.named(name);
    if (place === undefined) return undefined;
    const isThere = (await place.blobs.head(digest)) !== undefined;
    return {
      kind: 'UnneededCopy',
      name: digest,
      place: name,
      sizeBytes: isThere ? sizeBytes : 0,
      remove: async () => {
        if (!(await store.write(this.#actor(), mark))) return undefined;
        this.#faults.reach('sweep.marked');
        const existed = await place.blobs.delete(digest);
        this.#faults.reach('sweep.unlinked');
        await store.write(this.#actor(), (tx) => tx.deletePlacement(digest, name));
        return existed ? sizeBytes : 0;
      },
    };
  }

  /** Files of a store that no row tells of. */
  async *files(blobs: BlobStore, after: string): AsyncGenerator<Look> {
    const { store, stores } = this.#parts;
    const { name } = blobs;
    const beforeMs = this.#graceEndMs();
    if (after !== '' && !isDigest(after)) throw new UnknownWalkPoint();
    for await (const stored of blobs.list(after)) {
      const { digest, sizeBytes, modifiedMs } = stored;
      const look: Look = { position: digest };
      if (modifiedMs <= beforeMs) {
        if ((await store.read((tx) => tx.blob(digest))) === undefined)
          look.garbage = this.#orphan(name, stored);
        else if (stores.all.length > 1 && (await store.read((tx) => isStray(tx, digest, name))))
          look.garbage = (await this.#copy(name, { digest, sizeBytes }, (tx) =>
            markStray(tx, digest, name),
          ))!; // the store is the one that was listed
      }
      yield look;
    }
  }

  #orphan(name: string, stored: StoredBlob): Garbage {
    const { digest, sizeBytes } = stored;
    return {
      kind: 'OrphanBlob',
      name: digest,
      place: name,
      sizeBytes,
      remove: async () =>
        (await this.#markOrphan(stored)) ? this.#remove(digest, sizeBytes) : undefined,
    };
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
  async *staged({ blobs, staging }: BlobPlace, after: string): AsyncGenerator<Look> {
    const beforeMs = this.#graceEndMs();
    for (const { name, modifiedMs, sizeBytes } of await staging.list()) {
      if (name <= after) continue;
      const imageId = stagedImageId(name);
      const isOrphan =
        imageId === undefined
          ? modifiedMs <= beforeMs
          : (await this.#parts.store.read((tx) => tx.jobOfImage(imageId))) === undefined;
      const garbage: Garbage = {
        kind: 'StaleStaging',
        name,
        place: blobs.name,
        sizeBytes,
        remove: async () => ((await staging.remove(name)) ? sizeBytes : undefined),
      };
      yield isOrphan ? { position: name, garbage } : { position: name };
    }
  }

  async *puts(blobs: BlobStore, after: string): AsyncGenerator<Look> {
    for await (const { position, name, drop } of blobs.unfinished(this.#graceEndMs(), after)) {
      const remove = async (): Promise<number> => {
        await drop();
        return 0;
      };
      const about = { kind: 'UnfinishedPut', name, place: blobs.name, sizeBytes: 0 } as const;
      yield { position, garbage: { ...about, remove } };
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
