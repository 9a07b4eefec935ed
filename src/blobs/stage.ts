// Copies a source into staging in bounded chunks and computes its SHA-256 on the way. It writes, and
// reads files, without waiting for others, so it belongs on a worker thread. A partial file of an earlier attempt is a claim, not a proof (after
// a power cut it may hold zeros): while it is hashed again it is compared with the source, and the
// copy goes on from the first chunk that differs. Never reports bytes that are not synced to disk.
import { constants, closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { statfsSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Digest } from '../domain/ids.ts';
import { noFaults, type Faults } from '../lib/fault.ts';
import { digestOfHex } from './blob-store.ts';
import { readFull, type ByteSource } from './byte-source.ts';
import { isFull } from './file-error.ts';
import { onSource, onTarget, Stop, stop, writeFull, type Stopped } from './stage-failure.ts';

const MIB = 1024 * 1024;
export const DEFAULT_CHUNK_BYTES = 2 * MIB;
export const DEFAULT_FLOOR_BYTES = 64 * MIB;
/** How many bytes are copied between two looks at the free space. */
const SPACE_CHECK_BYTES = 64 * MIB;

export interface StageRequest {
  /** Belongs to the caller, who closes it. */
  source: ByteSource;
  /** The source's version as it was accepted; any other is a changed source. */
  sourceVersion: string;
  targetPath: string;
  /** Refuse when less than this would stay free on the staging file system. */
  floorBytes?: number;
  chunkBytes?: number;
  /** Another thread stores a number other than 0 at index 0 to stop the copy. */
  cancel?: Int32Array;
  /** Bytes of the source that are staged so far; called at most every `progressMs`. */
  onProgress?: (stagedBytes: number) => void;
  progressMs?: number;
  monotonicMs: () => number;
  faults?: Faults;
}

export type StageOutcome =
  | { outcome: 'staged'; digest: Digest; sizeBytes: number; resumedBytes: number }
  /** After `cancelled` the partial file is there for the next attempt. */
  | Stopped;

export const stage = async (request: StageRequest): Promise<StageOutcome> => {
  let targetFd: number | undefined;
  try {
    const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
    targetFd = onTarget(() => openSync(request.targetPath, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600));
    return await new Copy(request, targetFd).run();
  } catch (error) {
    if (error instanceof Stop) return error.outcome;
    throw error;
  } finally {
    if (targetFd !== undefined) closeSync(targetFd);
  }
};

/** One attempt: `at` bytes are staged, hashed and equal to the source. */
class Copy {
  readonly #request: StageRequest;
  readonly #targetFd: number;
  readonly #sizeBytes: number;
  readonly #hash = createHash('sha256');
  readonly #chunk: Buffer;
  readonly #zeros: Buffer;
  readonly #faults: Faults;
  #at = 0;
  #lastProgressMs: number;
  #spaceCheckedAt = 0;

  constructor(request: StageRequest, targetFd: number) {
    this.#request = request;
    this.#targetFd = targetFd;
    this.#sizeBytes = request.source.sizeBytes;
    const chunkBytes = request.chunkBytes ?? DEFAULT_CHUNK_BYTES;
    this.#chunk = Buffer.allocUnsafeSlow(chunkBytes);
    this.#zeros = Buffer.alloc(chunkBytes);
    this.#faults = request.faults ?? noFaults;
    this.#lastProgressMs = request.monotonicMs();
  }

  async run(): Promise<StageOutcome> {
    await this.#checkVersion();
    this.#faults.reach('ingest.started');
    const partialBytes = onTarget(() => fstatSync(this.#targetFd).size);
    await this.#resume(Math.min(partialBytes, this.#sizeBytes));
    const resumedBytes = this.#at;
    onTarget(() => ftruncateSync(this.#targetFd, this.#at));
    this.#checkSpace(this.#sizeBytes - this.#at);
    await this.#copyRest();
    onTarget(() => ftruncateSync(this.#targetFd, this.#sizeBytes));
    await this.#checkVersion();
    try {
      fdatasyncSync(this.#targetFd);
    } catch (error) {
      stop(isFull(error) ? 'NO_SPACE' : 'SYNC_FAILED');
    }
    const digest = digestOfHex(this.#hash.digest('hex'));
    this.#faults.reach('ingest.hashed');
    this.#request.onProgress?.(this.#at);
    return { outcome: 'staged', digest, sizeBytes: this.#sizeBytes, resumedBytes };
  }

  /** Hashes the partial file again as far as it equals the source. */
  async #resume(partialBytes: number): Promise<void> {
    if (partialBytes === 0) return;
    const mirror = Buffer.allocUnsafeSlow(this.#chunk.length);
    while (this.#at < partialBytes) {
      const bytes = await this.#readSource(partialBytes - this.#at);
      const staged = mirror.subarray(0, bytes.length);
      const count = onTarget(() => readFull(this.#targetFd, staged, this.#at));
      if (count !== bytes.length || !bytes.equals(staged)) return;
      this.#advance(bytes);
    }
  }

  async #copyRest(): Promise<void> {
    let half = Math.floor(this.#sizeBytes / 2);
    while (this.#at < this.#sizeBytes) {
      const bytes = await this.#readSource(this.#sizeBytes - this.#at);
      // A chunk of zeros becomes a hole; the last ftruncate gives the file its length.
      if (!bytes.equals(this.#zeros.subarray(0, bytes.length)))
        onTarget(() => writeFull(this.#targetFd, bytes, this.#at));
      this.#advance(bytes);
      if (this.#at - this.#spaceCheckedAt >= SPACE_CHECK_BYTES) this.#checkSpace(0);
      if (this.#at >= half) {
        half = Infinity;
        this.#faults.reach('ingest.half');
      }
    }
  }

  async #readSource(atMost: number): Promise<Buffer> {
    const cancel = this.#request.cancel;
    if (cancel !== undefined && Atomics.load(cancel, 0) !== 0)
      throw new Stop({ outcome: 'cancelled', stagedBytes: this.#at });
    const wanted = this.#chunk.subarray(0, Math.min(this.#chunk.length, atMost));
    const count = await onSource(() => this.#request.source.read(wanted, this.#at));
    if (count < wanted.length) stop('SOURCE_CHANGED');
    return wanted;
  }

  #advance(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#at += bytes.length;
    this.#faults.reach('ingest.chunk');
    const nowMs = this.#request.monotonicMs();
    if (nowMs - this.#lastProgressMs < (this.#request.progressMs ?? 250)) return;
    this.#lastProgressMs = nowMs;
    this.#request.onProgress?.(this.#at);
  }

  async #checkVersion(): Promise<void> {
    const found = await onSource(() => this.#request.source.version());
    if (found !== this.#request.sourceVersion) stop('SOURCE_CHANGED');
  }

  #checkSpace(neededBytes: number): void {
    this.#spaceCheckedAt = this.#at;
    const { bavail, bsize } = onTarget(() => statfsSync(dirname(this.#request.targetPath)));
    const floorBytes = this.#request.floorBytes ?? DEFAULT_FLOOR_BYTES;
    if (bavail * bsize - neededBytes < floorBytes) stop('NO_SPACE');
  }
}
