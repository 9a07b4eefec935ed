// How often each principal resolved and read each image, by day. Counted in memory and written together
// every few seconds and at the end: a crash loses those seconds, and a resolution costs no write.
import type { Caller } from '../../domain/account.ts';
import type { ImageUse } from '../../domain/audit.ts';
import { CATALOGUE_OWNER } from '../../domain/catalogue.ts';
import type { Actor, Tx } from '../../domain/tx.ts';
import type { Clocks } from '../../lib/clock.ts';

const FLUSH_MS = 5_000;
/** Counters in memory; uses of further ones are counted under the image and day alone. */
const MOST_COUNTERS = 10_000;
const EVERYBODY = '*';

export interface ImageUsesParts {
  clocks: Clocks;
  actor(): Actor;
  write(actor: Actor, fn: (tx: Tx) => Promise<void>): Promise<void>;
  failed(error: unknown): void;
}

/** An image, and whose it is. */
export interface UsedImage {
  imageId: string;
  accountId: string;
}

export class ImageUses {
  readonly #parts: ImageUsesParts;
  #counters = new Map<string, ImageUse>();
  #timer: NodeJS.Timeout | undefined;
  #day = '';
  #dayEndMs = 0;

  constructor(parts: ImageUsesParts) {
    this.#parts = parts;
  }

  resolved(caller: Caller, image: UsedImage, nowMs: number): void {
    this.#counter(image, principalFor(caller, image), nowMs, caller.accountId).resolutions += 1;
  }

  /** Bytes that went out; `principal` as far as it is known. */
  read(principal: string, image: UsedImage, bytes: number): void {
    const counter = this.#counter(image, principal, this.#parts.clocks.wallMs(), '');
    counter.downloads += 1;
    counter.bytes += bytes;
  }

  /** Writes what has been counted; what cannot be written is counted on. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const counters = this.#counters;
    if (counters.size === 0) return;
    this.#counters = new Map();
    try {
      await this.#parts.write(this.#parts.actor(), async (tx) => {
        for (const use of counters.values()) await tx.addImageUse(use);
      });
    } catch (error) {
      this.#parts.failed(error);
      for (const [key, use] of counters) this.#addBack(key, use);
    }
  }

  #counter(image: UsedImage, principal: string, nowMs: number, viewer: string): ImageUse {
    // A public image belongs to nobody: whoever uses it sees his own use of it.
    const accountId = image.accountId === CATALOGUE_OWNER ? viewer : image.accountId;
    const day = this.#dayOf(nowMs);
    const { imageId } = image;
    const isFull = this.#counters.size >= MOST_COUNTERS;
    let key = `${day} ${accountId} ${imageId} ${principal}`;
    if (isFull && !this.#counters.has(key)) key = `${day} ${accountId} ${imageId} ${EVERYBODY}`;
    let use = this.#counters.get(key);
    if (use === undefined) {
      const named = key.endsWith(` ${EVERYBODY}`) ? EVERYBODY : principal;
      use = { day, accountId, imageId, principal: named, resolutions: 0, downloads: 0, bytes: 0 };
      this.#counters.set(key, use);
    }
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
    return use;
  }

  #addBack(key: string, use: ImageUse): void {
    const now = this.#counters.get(key);
    if (now === undefined && this.#counters.size < MOST_COUNTERS) this.#counters.set(key, use);
    if (now === undefined) return;
    now.resolutions += use.resolutions;
    now.downloads += use.downloads;
    now.bytes += use.bytes;
  }

  /** `2026-11-24`, made once a day. */
  #dayOf(nowMs: number): string {
    if (nowMs >= this.#dayEndMs || nowMs < this.#dayEndMs - DAY_MS) {
      this.#day = new Date(nowMs).toISOString().slice(0, 10);
      this.#dayEndMs = Math.floor(nowMs / DAY_MS) * DAY_MS + DAY_MS;
    }
    return this.#day;
  }
}

const DAY_MS = 24 * 60 * 60_000;

/** The owner of an image learns which account used it, and of his own account who. */
const principalFor = ({ accountId, arn }: Caller, image: UsedImage): string =>
  image.accountId === accountId || image.accountId === CATALOGUE_OWNER
    ? arn
    : `acs:ram::${accountId}:*`;
