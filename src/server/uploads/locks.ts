// One writer of an upload at a time. A second one waits a little, since the first may be a client that
// was killed a moment ago; a holder that has been silent for a while is asked to give way, since its
// client may have lost its network without a word.
import { setTimeout as sleep } from 'node:timers/promises';

export interface LockTimes {
  /** How long the second waits for the first. */
  waitMs: number;
  /** A holder that moves nothing for so long gives way to another. */
  silentMs: number;
}

const TIMES: LockTimes = { waitMs: 1_000, silentMs: 5_000 };
const LOOK_AGAIN_MS = 50;

/** Somebody else is writing, and at it. */
export class UploadLocked extends Error {
  override readonly name = 'UploadLocked';
}

interface Holder {
  movedMs: number;
  giveWay: () => void;
  released: Promise<void>;
  release: () => void;
}

export class UploadLocks {
  readonly #held = new Map<string, Holder>();
  readonly #monotonicMs: () => number;
  readonly #times: LockTimes;

  constructor(monotonicMs: () => number, times: LockTimes = TIMES) {
    this.#monotonicMs = monotonicMs;
    this.#times = times;
  }

  /**
   * `giveWay` is called when another waits and this one has been silent; `isUrgent`: the holder is
   * asked to give way whatever it does. @throws UploadLocked
   */
  async acquire(uploadId: string, giveWay: () => void, isUrgent = false): Promise<void> {
    const { waitMs, silentMs } = this.#times;
    const endMs = this.#monotonicMs() + waitMs;
    for (;;) {
      const holder = this.#held.get(uploadId);
      if (holder === undefined) break;
      const nowMs = this.#monotonicMs();
      if (isUrgent || nowMs - holder.movedMs >= silentMs) holder.giveWay();
      if (nowMs >= endMs) throw new UploadLocked('Another request is writing to the upload.');
      await Promise.race([holder.released, sleep(LOOK_AGAIN_MS, undefined, { ref: false })]);
    }
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    this.#held.set(uploadId, { movedMs: this.#monotonicMs(), giveWay, released, release });
  }

  /** The holder moves bytes. */
  touch(uploadId: string): void {
    const holder = this.#held.get(uploadId);
    if (holder !== undefined) holder.movedMs = this.#monotonicMs();
  }

  release(uploadId: string): void {
    const holder = this.#held.get(uploadId);
    this.#held.delete(uploadId);
    holder?.release();
  }
}
