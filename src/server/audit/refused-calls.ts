// Calls that were refused, and writes that failed: gathered for a second and written as one record for each
// kind, with how many there were. Memory and rows are bounded whatever is sent: kinds beyond the limits are
// counted as dropped, and strangers, who can invent key ids, are told apart by address and error alone.
import { eventDraft, recordService, type Event } from '../../domain/audit-event.ts';
import type { Tx } from '../../domain/tx.ts';
import { resourcesIn } from './resources.ts';
import type { ApiError } from '../../errors.ts';
import { formatSeconds } from '../../lib/clock.ts';
import type { Exchange } from '../exchange.ts';
import { keptText } from './parameters.ts';
import { callEvent } from './record.ts';

export const GATHER_MS = 1_000;
/** Kinds of one second, of callers whose account is known and of strangers. */
const MOST_KINDS = 64;
const MOST_STRANGERS = 8;
const MOST_REQUEST_IDS = 10;

/** Codes by which a caller is turned away whose signature is right. */
const DENIALS = /^(NoPermission|Forbidden|SignatureNonceUsed|Throttling|InvalidSecurityToken)/;

export interface RefusedCallsParts {
  /** Writes one batch; rejects when it cannot be written. */
  write(fn: (tx: Tx) => Promise<void>): Promise<void>;
  /** Told of calls that no record will tell of one by one. */
  dropped(count: number): void;
  failed(error: unknown): void;
}

interface Kind {
  event: Event;
  count: number;
  lastMs: number;
  requestIds: string[];
}

export class RefusedCalls {
  readonly #parts: RefusedCallsParts;
  #kinds = new Map<string, Kind>();
  #strangers = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;

  constructor(parts: RefusedCallsParts) {
    this.#parts = parts;
  }

  /** A call through `/` that ended with an error, if it is one that is recorded. */
  call(exchange: Exchange, { code, message }: ApiError): void {
    const { operation, envelope, nonceFingerprint } = exchange;
    if (operation === undefined || envelope === undefined) return;
    const isDenied = nonceFingerprint === undefined || DENIALS.test(code);
    if (!isDenied && operation.kind === 'read') return;
    this.note(
      code,
      () => ({
        ...callEvent(exchange),
        ...(exchange.input && { resources: resourcesIn(exchange.input) }),
        errorCode: code,
        errorMessage: keptText(message.split(/ server string to sign/i)[0]!),
      }),
      {
        accountId: exchange.credentials?.accountId ?? '',
        accessKeyId: envelope.accessKeyId,
        name: operation.action,
        peer: exchange.request.remoteAddress ?? '',
        requestId: exchange.requestId,
        nowMs: exchange.nowMs,
      },
    );
  }

  /** `event` is made for the first call of a kind only. */
  note(
    code: string,
    event: () => Event,
    of: {
      accountId: string;
      accessKeyId: string;
      name: string;
      peer: string;
      requestId: string;
      nowMs: number;
    },
  ): void {
    const isStranger = of.accountId === '';
    const key = (
      isStranger ? [code, of.peer] : [code, of.peer, of.accountId, of.accessKeyId, of.name]
    ).join('\n');
    const kind = this.#kinds.get(key);
    if (kind !== undefined) {
      kind.count += 1;
      kind.lastMs = of.nowMs;
      if (kind.requestIds.length < MOST_REQUEST_IDS) kind.requestIds.push(of.requestId);
    } else if (isStranger ? this.#strangers >= MOST_STRANGERS : this.#known >= MOST_KINDS)
      this.#drop(1);
    else {
      if (isStranger) this.#strangers += 1;
      const first = { count: 1, lastMs: of.nowMs, requestIds: [of.requestId] };
      this.#kinds.set(key, { event: event(), ...first });
    }
    this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
  }

  /** Writes what has been gathered; what cannot be written is gathered on. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#flushing;
    if (this.#kinds.size > 0 || this.#dropped > 0)
      await (this.#flushing = this.#write().finally(() => (this.#flushing = undefined)));
  }

  get #known(): number {
    return this.#kinds.size - this.#strangers;
  }

  #drop(count: number): void {
    this.#dropped += count;
    this.#parts.dropped(count);
  }

  async #write(): Promise<void> {
    const kinds = this.#kinds;
    const dropped = this.#dropped;
    this.#kinds = new Map();
    this.#strangers = 0;
    this.#dropped = 0;
    try {
      await this.#parts.write(async (tx) => {
        for (const kind of kinds.values()) tx.record(eventDraft(eventOf(kind)));
        if (dropped > 0) recordService(tx, 'RefusedCallsDropped', { count: dropped });
      });
    } catch (error) {
      this.#parts.failed(error);
      const lost = [...kinds.values()].reduce((sum, { count }) => sum + count, 0);
      this.#drop(lost);
      this.#dropped += dropped;
      this.#timer ??= setTimeout(() => void this.flush(), GATHER_MS).unref();
    }
  }
}

const eventOf = ({ event, count, lastMs, requestIds }: Kind): Event =>
  count === 1
    ? event
    : {
        ...event,
        additionalEventData: { count, lastEventTime: formatSeconds(lastMs), requestIds },
      };
