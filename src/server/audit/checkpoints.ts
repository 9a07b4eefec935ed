// Sends the signed head of the audit trail out, every few minutes, to places that whoever owns this machine
// cannot rewrite. A place that does not take it is tried again; what waits for it is bounded, and a newer
// checkpoint vouches for all before it. Nothing here stops a request, or the server.
import type { Store } from '../../domain/tx.ts';
import { checkpointLine } from '../../lib/checkpoint.ts';
import { formatSeconds, type Clocks } from '../../lib/clock.ts';
import type { DataDirectory } from '../data-directory.ts';
import type { CheckpointAddress } from './checkpoint-address.ts';
import { sendCheckpoint } from './send-checkpoint.ts';
import type { SigningKey } from './signing-key.ts';

const FIRST_RETRY_MS = 5_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** Undelivered checkpoints of one place; the oldest go first. */
const MOST_WAITING = 64;
/** How long the last one may take when the server stops. */
const LAST_MS = 2_000;

export interface CheckpointParts {
  store: Store;
  clocks: Clocks;
  log: Record<'debug' | 'info' | 'warn' | 'error', (fields: object, message: string) => void>;
  signingKey: SigningKey;
  directory: Pick<DataDirectory, 'instanceId' | 'incarnation'>;
  /** Before the first new try (default 5 s). */
  retryMs?: number;
}

export interface Checkpoints {
  /** Makes one now and tries each place once, but those that wait before a new try. */
  send(): Promise<void>;
  places(): PlaceState[];
  close(): Promise<void>;
}

export interface PlaceState {
  destination: string;
  /** Since when it has taken none. */
  seconds: number;
  /** Checkpoints that wait for it. */
  waiting: number;
  /** Checkpoints that it will never get, since the start: newer ones vouch for what they did. */
  dropped: number;
}

interface Line {
  line: string;
  time: string;
}

interface Place {
  address: CheckpointAddress;
  waiting: Line[];
  failures: number;
  dropped: number;
  /** On the monotonic clock. */
  deliveredMs: number;
  sending: Promise<void> | undefined;
  retry: NodeJS.Timeout | undefined;
}

export const startCheckpoints = (
  parts: CheckpointParts,
  addresses: readonly CheckpointAddress[],
  everyMs: number,
): Checkpoints => {
  const { clocks, log, retryMs = FIRST_RETRY_MS } = parts;
  const places = addresses.map((address): Place => {
    const deliveredMs = clocks.monotonicMs();
    const idle = { sending: undefined, retry: undefined };
    return { address, waiting: [], failures: 0, dropped: 0, deliveredMs, ...idle };
  });

  const drain = async (place: Place): Promise<void> => {
    for (let next = place.waiting[0]; next !== undefined; next = place.waiting[0]) {
      try {
        await sendCheckpoint(place.address, next.line, next.time);
      } catch (error) {
        failed(place, error as Error);
        return;
      }
      if (place.waiting[0] === next) place.waiting.shift();
      place.deliveredMs = clocks.monotonicMs();
      if (place.failures > 0) recovered(place);
      place.failures = 0;
    }
  };
  const failed = (place: Place, error: Error): void => {
    const level = place.failures === 0 ? 'warn' : 'debug';
    const destination = place.address.name;
    log[level](
      { destination, reason: reasonOf(error) },
      'a checkpoint of the audit trail was not taken',
    );
    const waitMs = Math.min(LONGEST_RETRY_MS, retryMs * 2 ** Math.min(place.failures, 10));
    place.failures += 1;
    place.retry = setTimeout(() => {
      place.retry = undefined;
      void push(place);
    }, waitMs).unref();
  };
  const recovered = ({ address, failures, waiting, dropped }: Place): void =>
    log.info(
      { destination: address.name, failures, waiting: waiting.length, dropped },
      'checkpoints of the audit trail are taken again',
    );
  const add = (place: Place, line: Line): void => {
    place.waiting.push(line);
    if (place.waiting.length <= MOST_WAITING) return;
    place.waiting.shift();
    place.dropped += 1;
    // The first, and then now and then: a place that is away for days does not fill the log.
    if (place.dropped % MOST_WAITING === 1)
      log.warn(
        { destination: place.address.name, dropped: place.dropped, waiting: MOST_WAITING },
        'checkpoints of the audit trail that were not taken were dropped; newer ones vouch for the same records',
      );
  };
  const push = (place: Place): Promise<void> =>
    (place.sending ??= drain(place).finally(() => (place.sending = undefined)));

  const send = async (): Promise<void> => {
    const line = await makeLine(parts);
    if (line === undefined) return;
    for (const place of places) add(place, line);
    await Promise.all(places.filter(({ retry }) => retry === undefined).map(push));
  };
  const sendAndLog = (): void =>
    void send().catch((error: unknown) => log.error({ err: error }, 'no checkpoint was made'));
  const timer = setInterval(sendAndLog, everyMs).unref();
  sendAndLog();

  return {
    send,
    places: () =>
      places.map(({ address, waiting, dropped, deliveredMs }) => ({
        destination: address.name,
        seconds: (clocks.monotonicMs() - deliveredMs) / 1000,
        waiting: waiting.length,
        dropped,
      })),
    async close() {
      clearInterval(timer);
      for (const place of places) clearTimeout(place.retry);
      const late = new Promise((resolve) => setTimeout(resolve, LAST_MS));
      await Promise.race([send().catch(() => undefined), late]);
      for (const place of places) {
        clearTimeout(place.retry);
        const { address, waiting } = place;
        if (waiting.length > 0)
          log.warn(
            { destination: address.name, waiting: waiting.length },
            'checkpoints of the audit trail were not taken before the end; the next start sends its head',
          );
      }
    },
  };
};

/** Undefined while there is nothing to vouch for. */
const makeLine = async ({
  store,
  clocks,
  signingKey,
  directory,
}: CheckpointParts): Promise<Line | undefined> => {
  const { head, first } = await store.read(async (tx) => ({
    head: await tx.auditHead(),
    first: (await tx.auditCut())?.sequence ?? 0,
  }));
  if (head === undefined) return undefined;
  const time = formatSeconds(clocks.wallMs());
  const { instanceId, incarnation } = directory;
  const { keyId, publicKey } = signingKey;
  const line = checkpointLine(
    { instanceId, incarnation, ...head, firstSequence: first + 1, time, keyId, publicKey },
    (text) => signingKey.sign(text),
  );
  return { line, time };
};

/** `fetch failed` says nothing; its cause does. */
const reasonOf = (error: Error): string =>
  error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
