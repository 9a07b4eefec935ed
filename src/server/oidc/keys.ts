// The public keys of an issuer, from a file or from its address, remembered. They are read again when
// they are old, and when a token names a key that is not among them, but never more than once a minute,
// so that tokens of strangers cannot make this server ask around. One reading at a time.
import { readFile } from 'node:fs/promises';
import type { PublicJwk } from '../../lib/jwt.ts';

const FRESH_MS = 10 * 60_000;
/** Least time between two readings. */
const PAUSE_MS = 60_000;
const FETCH_MS = 5_000;
const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 100;

export class IssuerKeys {
  readonly #jwks: string;
  readonly #monotonicMs: () => number;
  #keys: readonly PublicJwk[] = [];
  #readMs = Number.NEGATIVE_INFINITY;
  #triedMs = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  /** @param jwks a path, or an address */
  constructor(jwks: string, monotonicMs: () => number) {
    this.#jwks = jwks;
    this.#monotonicMs = monotonicMs;
  }

  /**
   * Keys that may have signed a token: those of its key id, or all when it names none. Old keys serve on
   * while new ones cannot be read. @throws when there are no keys at all and they cannot be read
   */
  async candidates(keyId: string | undefined): Promise<readonly PublicJwk[]> {
    const isOld = this.#monotonicMs() - this.#readMs > FRESH_MS;
    if (isOld || this.#fitting(keyId).length === 0) await this.#readAgain();
    return this.#fitting(keyId);
  }

  #fitting(keyId: string | undefined): readonly PublicJwk[] {
    return keyId === undefined ? this.#keys : this.#keys.filter(({ kid }) => kid === keyId);
  }

  async #readAgain(): Promise<void> {
    if (this.#reading === undefined) {
      if (this.#monotonicMs() - this.#triedMs < PAUSE_MS) return this.#requireSome();
      this.#triedMs = this.#monotonicMs();
      this.#reading = this.#read().finally(() => (this.#reading = undefined));
    }
    try {
      await this.#reading;
    } catch (error) {
      if (this.#keys.length === 0) throw error;
    }
  }

  #requireSome(): void {
    if (this.#keys.length === 0) throw new Error('the keys of the issuer could not be read');
  }

  async #read(): Promise<void> {
    const text = /^https?:/.test(this.#jwks)
      ? await fetchText(this.#jwks)
      : await readFile(this.#jwks, 'utf8');
    const { keys } = JSON.parse(text) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new Error('the key set has no list of keys');
    this.#keys = keys.slice(0, MAX_KEYS).filter(isObject);
    this.#readMs = this.#monotonicMs();
  }
}

const isObject = (value: unknown): value is PublicJwk =>
  typeof value === 'object' && value !== null;

/** A redirect is an error: only the address that the operator wrote is asked. */
const fetchText = async (url: string): Promise<string> => {
  const signal = AbortSignal.timeout(FETCH_MS);
  const response = await fetch(url, { redirect: 'error', signal });
  if (!response.ok || response.body === null)
    throw new Error(`the address of the keys answers ${response.status}`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(`the key set is larger than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
