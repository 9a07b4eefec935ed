// Which keys have lately proven whose they are, and from where: so a request can be put into its account's
// line before its signature is computed. It decides about order alone, never about what is allowed.
// A key counts from the address that it was used from: who has overheard an id only is a stranger.
import type { Clocks } from '../lib/clock.ts';
import type { Exchange } from './exchange.ts';
import type { House } from './house.ts';

/** How long a proof counts. */
const KNOWN_MS = 15 * 60_000;
/** After that it is noted anew. */
const STEP_MS = 60_000;
/** Pairs of key and address; the one noted first goes. */
const MAX_KNOWN = 10_000;

interface Proof {
  accountId: string;
  atMs: number;
}

export class KnownKeys {
  readonly #clocks: Pick<Clocks, 'monotonicMs'>;
  readonly #proofs = new Map<string, Proof>();
  readonly #maxKnown: number;

  constructor(clocks: Pick<Clocks, 'monotonicMs'>, maxKnown = MAX_KNOWN) {
    this.#clocks = clocks;
    this.#maxKnown = maxKnown;
  }

  /** After signature and nonce. */
  note(accessKeyId: string, address: string, accountId: string): void {
    const name = `${accessKeyId} ${address}`;
    const atMs = this.#clocks.monotonicMs();
    const known = this.#proofs.get(name);
    if (known !== undefined && atMs - known.atMs < STEP_MS) return;
    this.#proofs.delete(name);
    if (this.#proofs.size >= this.#maxKnown)
      for (const first of this.#proofs.keys()) {
        this.#proofs.delete(first);
        break;
      }
    this.#proofs.set(name, { accountId, atMs });
  }

  accountOf(accessKeyId: string, address: string): string | undefined {
    const known = this.#proofs.get(`${accessKeyId} ${address}`);
    if (known === undefined || this.#clocks.monotonicMs() - known.atMs > KNOWN_MS) return undefined;
    return known.accountId;
  }
}

export const noteKnownKey = ({ request, credentials }: Exchange, { knownKeys }: House): void =>
  knownKeys.note(credentials!.accessKeyId, request.remoteAddress ?? '', credentials!.accountId);
