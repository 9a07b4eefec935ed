// Uploads in the course of their life: found by a secret, growing, finished, removed. The length of the
// file says how far an upload is, the row what it is; no step trusts memory, so that a process may die
// between any two. Everything that touches the file is done by the holder of the upload's lock.
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { StoreUnavailable } from '../../blobs/blob-store.ts';
import { SyncFailure } from '../../blobs/folders.ts';
import type { Garbage, GarbageSource, Look } from '../../blobs/garbage.ts';
import { growFile, grownBytes } from '../../blobs/growing-file.ts';
import type { UploadPlace } from '../../blobs/upload-place.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Actor } from '../../domain/tx.ts';
import { UPLOAD_FLOOR_BYTES, type Upload, type UploadStatus } from '../../domain/upload.ts';
import type { Faults } from '../../lib/fault.ts';
import type { House } from '../house.ts';
import { UploadLocked, UploadLocks } from './locks.ts';
import type { UploadEnd, Visit } from './upload-records.ts';

/** 256 bits, which nobody guesses; a hash of them needs no salt. */
const SECRET_BYTES = 32;
const SECRET = /^[A-Za-z0-9_-]{43}$/;
/** Uploads that one look at the rows removes. */
const SWEEP_ROWS = 100;
/** Open uploads of an account whose files are looked at; the rest count as empty. */
const MOST_COUNTED = 1_000;

/** States that an upload comes to without a call that says so. */
const ENDS: Readonly<Partial<Record<UploadStatus, UploadEnd>>> = {
  Finished: 'UploadFinished',
  Failed: 'UploadFailed',
  Deleting: 'UploadDeleted',
};

export const hashOfSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('hex');

export type UploadsParts = Pick<House, 'store' | 'clocks' | 'random' | 'log' | 'metrics'> & {
  place: UploadPlace;
  faults: Faults;
};

export class Uploads {
  readonly locks: UploadLocks;
  readonly #parts: UploadsParts;
  /** Whose request it is that the work under way is done for: the server of tus hands nothing on. */
  readonly #visits = new AsyncLocalStorage<Visit>();
  #sweeping: Promise<void> | undefined;
  #sweepAgain = false;

  constructor(parts: UploadsParts) {
    this.#parts = parts;
    this.locks = new UploadLocks(() => parts.clocks.monotonicMs());
  }

  /** Runs the work of a request to the address of an upload; what comes of it is recorded with the visit. */
  visited<T>(visit: Visit, work: () => Promise<T>): Promise<T> {
    return this.#visits.run(visit, work);
  }

  newSecret(): { secret: string; secretHash: string } {
    const secret = Buffer.from(this.#parts.random.bytes(SECRET_BYTES)).toString('base64url');
    return { secret, secretHash: hashOfSecret(secret) };
  }

  /** The upload that the secret opens, unless its time is over. */
  async find(secret: string): Promise<Upload | undefined> {
    if (!SECRET.test(secret)) return undefined;
    const { store, clocks } = this.#parts;
    const upload = await store.read((tx) => tx.uploadBySecret(hashOfSecret(secret)));
    const isOver = upload?.status === 'Deleting' || (upload?.expiresMs ?? 0) <= clocks.wallMs();
    return isOver ? undefined : upload;
  }

  #row(uploadId: string): Promise<Upload | undefined> {
    return this.#parts.store.read((tx) => tx.upload(uploadId));
  }

  async uploadedBytes(upload: Upload): Promise<number> {
    if (upload.status === 'Failed') return 0;
    if (upload.status !== 'Uploading') return upload.sizeBytes;
    return grownBytes(this.#parts.place.path(upload));
  }

  /**
   * What is there already of the account's open uploads, all together; 0 when they fit into `roomBytes` as
   * they are promised, since then nobody has to look at their files.
   */
  async arrivedBytes(accountId: AccountId, roomBytes: number): Promise<number> {
    const open = await this.#parts.store.read(async (tx) =>
      (await tx.openUploadTotals(accountId)).sizeBytes <= roomBytes
        ? []
        : tx.openUploads(accountId, MOST_COUNTED),
    );
    let sumBytes = 0;
    for (const upload of open) sumBytes += await this.uploadedBytes(upload);
    return sumBytes;
  }

  freeBytes(bucket: string): Promise<number> {
    return this.#parts.place.freeBytes(bucket);
  }

  /**
   * For the holder of the lock: appends at `offset` what the source brings.
   * @returns the new length @throws GrowthStopped
   */
  async receive(
    upload: Upload,
    offset: number,
    source: AsyncIterable<Uint8Array>,
    isTooLong?: (error: unknown) => boolean,
  ): Promise<number> {
    const { place, metrics, store } = this.#parts;
    await place.prepare(upload);
    try {
      return await growFile({
        path: place.path(upload),
        offset,
        limitBytes: upload.sizeBytes,
        source,
        ...(isTooLong && { isTooLong }),
        floorBytes: UPLOAD_FLOOR_BYTES,
        onChunk: (sizeBytes) => {
          this.locks.touch(upload.uploadId);
          metrics.uploaded(sizeBytes);
        },
      });
    } catch (error) {
      if (error instanceof SyncFailure) store.stopWrites(error);
      throw error;
    }
  }

  /**
   * For the holder of the lock: whatever is left to do once all bytes are there. Called before every
   * answer, since the process may have died right after the last byte. @returns the row as it is then
   */
  async settle(uploadId: string): Promise<Upload | undefined> {
    const upload = await this.#row(uploadId);
    if (upload?.status === 'Finishing') return this.#nameIt(upload);
    if (upload?.status !== 'Uploading') return upload;
    if ((await this.uploadedBytes(upload)) !== upload.sizeBytes) return upload;
    const { place, faults } = this.#parts;
    faults.reach('upload.whole');
    const version = await place.version(upload);
    const { hashFile } = await import('../../blobs/hash-file.ts');
    const hash = upload.sha256 === '' ? '' : await hashFile(place.path(upload));
    if (hash !== upload.sha256)
      return this.#fail(
        upload,
        `The bytes have the SHA-256 ${hash}; ${upload.sha256} was promised.`,
      );
    await this.#move(upload, { status: 'Finishing', version: version ?? '' });
    faults.reach('upload.finishing');
    const finishing = await this.#row(uploadId);
    return finishing?.status === 'Finishing' ? this.#nameIt(finishing) : finishing;
  }

  async #nameIt(upload: Upload): Promise<Upload | undefined> {
    const outcome = await this.#parts.place.name(upload, upload.version);
    this.#parts.faults.reach('upload.named');
    if (outcome === 'missing') return this.#fail(upload, 'The file was removed from outside.');
    if (outcome === 'taken')
      return this.#fail(upload, 'A folder has the name of the object, or a file that of a folder.');
    await this.#move(upload, { status: 'Finished' });
    return this.#row(upload.uploadId);
  }

  async #fail(upload: Upload, message: string): Promise<Upload | undefined> {
    await this.#move(upload, { status: 'Failed', message });
    await this.#parts.place.remove(upload, undefined);
    return this.#row(upload.uploadId);
  }

  /** Compare-and-set from the status that the caller has seen. */
  async #move(
    upload: Upload,
    to: { status: UploadStatus } & Partial<Pick<Upload, 'version' | 'message'>>,
  ): Promise<void> {
    const { status, version = upload.version, message = upload.message } = to;
    const set = { status, version, message };
    const visit = this.#visits.getStore();
    const end = ENDS[status];
    const { recordUpload } = await import('./upload-records.ts');
    await this.#parts.store.write(this.#actor(), async (tx) => {
      const isMoved = await tx.setUploadStatus(upload.uploadId, upload.status, set);
      if (isMoved && end !== undefined) recordUpload(tx, end, { ...upload, message }, visit);
    });
  }

  /**
   * The upload as it is, ended if nothing but that was left to do: the process may have died right
   * after the last byte, or the client have gone.
   */
  async look(upload: Upload): Promise<Upload> {
    const isWhole = (await this.uploadedBytes(upload)) === upload.sizeBytes;
    if (!isWhole || (upload.status !== 'Uploading' && upload.status !== 'Finishing')) return upload;
    try {
      await this.locks.acquire(upload.uploadId, () => undefined);
    } catch {
      // Whoever has it ends it.
      return upload;
    }
    try {
      return (await this.settle(upload.uploadId)) ?? upload;
    } catch (error) {
      // Whole, and not yet where it belongs: the next look ends it.
      if (error instanceof StoreUnavailable) return upload;
      throw error;
    } finally {
      this.locks.release(upload.uploadId);
    }
  }

  /** Marks an upload for removal, as its holder. */
  async markDeleting(upload: Upload): Promise<void> {
    await this.#move(upload, { status: 'Deleting', version: '' });
    this.#sweepSoon();
  }

  /** There are uploads to be removed. */
  deleted(): void {
    this.#sweepSoon();
  }

  #sweepSoon(): void {
    this.#visits
      .exit(() => this.sweep())
      .catch((error: unknown) => this.#parts.log.error({ err: error }, 'uploads were not removed'));
  }

  /** Removes what was deleted or has expired, and ends what a crash has left half named. */
  sweep(): Promise<void> {
    this.#sweepAgain = true;
    return (this.#sweeping ??= this.#sweepAll().finally(() => (this.#sweeping = undefined)));
  }

  async #sweepAll(): Promise<void> {
    const { store, clocks } = this.#parts;
    while (this.#sweepAgain) {
      this.#sweepAgain = false;
      const rows = await store.read((tx) => tx.spentUploads(clocks.wallMs(), '', SWEEP_ROWS));
      for (const upload of rows) await this.#sweepOne(upload);
    }
  }

  /** What was deleted or has expired, for a walk through all garbage. */
  garbage(): GarbageSource {
    const { store, clocks } = this.#parts;
    const look = async function* (this: Uploads, first: string): AsyncGenerator<Look> {
      for (let after = first; ;) {
        const rows = await store.read((tx) => tx.spentUploads(clocks.wallMs(), after, SWEEP_ROWS));
        for (const upload of rows)
          yield { position: upload.uploadId, garbage: await this.#spent(upload) };
        const last = rows.at(-1);
        if (last === undefined || rows.length < SWEEP_ROWS) return;
        after = last.uploadId;
      }
    };
    return { name: 'uploads', look: look.bind(this) };
  }

  async #spent(upload: Upload): Promise<Garbage> {
    const grown = await grownBytes(this.#parts.place.path(upload));
    const isObjectToo = upload.status === 'Deleting' && upload.version !== '' && grown === 0;
    const sizeBytes = isObjectToo ? upload.sizeBytes : grown;
    return {
      kind: 'SpentUpload',
      name: upload.uploadId,
      place: upload.bucket,
      sizeBytes,
      remove: async () => ((await this.#sweepOne(upload)) ? sizeBytes : undefined),
    };
  }

  /** Whether the upload is gone then. */
  async #sweepOne({ uploadId }: Upload): Promise<boolean> {
    try {
      await this.locks.acquire(uploadId, () => undefined, true);
    } catch (error) {
      // Its writer does not give way; the next sweep finds it again.
      if (error instanceof UploadLocked) return false;
      throw error;
    }
    try {
      const { store, place, clocks } = this.#parts;
      const found = await this.#row(uploadId);
      const upload = found?.status === 'Finishing' ? await this.settle(uploadId) : found;
      if (upload === undefined) return false;
      const isDeleted = upload.status === 'Deleting';
      if (!isDeleted && upload.expiresMs > clocks.wallMs()) return false;
      await place.remove(upload, isDeleted && upload.version ? upload.version : undefined);
      const { recordUpload } = await import('./upload-records.ts');
      await store.write(this.#actor(), async (tx) => {
        await tx.deleteUploadRow(upload.uploadId);
        // Of one that had ended, only the note of its end goes.
        if (upload.status === 'Uploading') recordUpload(tx, 'UploadExpired', upload, undefined);
      });
      return true;
    } catch (error) {
      // A storage that is away is asked again by the next sweep, too.
      if (!(error instanceof StoreUnavailable)) throw error;
      this.#parts.log.warn({ uploadId, reason: error.message }, 'an upload was not removed');
      return false;
    } finally {
      this.locks.release(uploadId);
    }
  }

  /** Waits for what is being removed. */
  async close(): Promise<void> {
    await this.#sweeping?.catch(() => undefined);
  }

  #actor(): Actor {
    const { random, clocks } = this.#parts;
    return {
      principal: 'kindred:uploads',
      requestId: random.uuid().toUpperCase(),
      nowMs: clocks.wallMs(),
    };
  }
}
