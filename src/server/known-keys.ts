// Whom a call seems to come from, before its signature is computed: which keys have lately proven whose they
// are, and from where, and so in whose line a call waits. It decides about order alone, and must never
// decide about what is allowed. A key counts from the address that it was used from: who has overheard an
// id only is a stranger.
import type { Clocks } from '../lib/clock.ts';
import type { WireRequest } from '../wire/request.ts';
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

/**
 * Where a request waits: in the line of the account whose key it names, if that key was lately used from
 * the same address; else with the strangers, who have one turn together and take it by address in turn.
 */
export const lineOf = (request: WireRequest, knownKeys: KnownKeys): readonly string[] => {
  const address = request.remoteAddress ?? '';
  const accessKeyId = claimedKey(request);
  const accountId = accessKeyId && knownKeys.accountOf(accessKeyId, address);
  return accountId ? [accountId] : ['strangers', networkOf(address)];
};

/** Whoever has one address of IPv6 has a whole network of them. */
const networkOf = (address: string): string =>
  address.startsWith('::ffff:') ? address : address.split(':', 4).join(':');

/** Ids are shorter. */
const MAX_ID = 128;
/** Of a form: how much of it is searched. */
const MAX_SEARCHED_BYTES = 64 * 1024;

const CREDENTIAL = /Credential=([^,\s]{1,128})/;
const PARAMETER = 'AccessKeyId=';

/**
 * The AccessKeyId that a request names, unproven, as it stands in the V3 header, the query or the form.
 * It parses nothing: for the order of those who wait, and for nothing else.
 */
export const claimedKey = ({ target, rawHeaders, body }: WireRequest): string | undefined => {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 13 && name.toLowerCase() === 'authorization')
      return CREDENTIAL.exec(rawHeaders[at + 1]!)?.[1];
  }
  const found = parameterIn(target, /[?&]/);
  if (found !== undefined || body.length === 0) return found;
  const form = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, MAX_SEARCHED_BYTES));
  const at = form.indexOf(PARAMETER);
  if (at < 0) return undefined;
  const start = Math.max(0, at - 1);
  return parameterIn(form.toString('latin1', start, at + PARAMETER.length + MAX_ID + 1), /&/);
};

const parameterIn = (text: string, separator: RegExp): string | undefined => {
  const at = text.indexOf(PARAMETER);
  if (at < 0 || (at > 0 && !separator.test(text[at - 1]!))) return undefined;
  const start = at + PARAMETER.length;
  const end = text.indexOf('&', start);
  const id = text.slice(start, end < 0 ? undefined : end);
  return id.length > 0 && id.length <= MAX_ID ? id : undefined;
};
