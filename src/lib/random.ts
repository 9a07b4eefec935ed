import { randomFillSync, randomUUID } from 'node:crypto';

/** The one source of chance: ids, nonces, keys. Injected, so that tests can repeat a run. */
export interface Random {
  bytes(count: number): Uint8Array;
  uuid(): string;
}

const POOL_BYTES = 4096;

/** The operating system's generator, drawn in pools (one call to the kernel for many ids). */
export const systemRandom = (): Random => {
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    bytes(count) {
      if (count > POOL_BYTES) return randomFillSync(new Uint8Array(count));
      if (used + count > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const drawn = pool.slice(used, used + count);
      used += count;
      return drawn;
    },
    uuid: () => randomUUID(),
  };
};

/** A repeatable generator (xorshift) for tests and for scrambling made-up data; not for secrets. */
export const seededRandom = (seed: number): Random => {
  let state = seed | 0 || 0x9e3779b9;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const bytes = (count: number): Uint8Array =>
    Uint8Array.from({ length: count }, () => next() >>> 24);
  return {
    bytes,
    uuid() {
      const hex = Buffer.from(bytes(16)).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
};
