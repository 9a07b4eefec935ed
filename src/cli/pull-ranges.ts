// Fetches what is missing of a file in small ranges over a few connections. Small, because what is under
// way when a process is killed is fetched twice; they grow only where each request waits long for its
// answer. A failed range goes back with what it has brought noted; the time without a byte is bounded.
import { Agent as HttpAgent, get as httpGet, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as httpsGet } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { ByteSpan, Part } from './pull-part.ts';

const MIN_STEP_BYTES = 32 * 1024;
const MAX_STEP_BYTES = 1024 * 1024;
const MAX_FAR_STEP_BYTES = 4 * 1024 * 1024;
/** What came is noted so often, also within a range. */
const NOTE_BYTES = 64 * 1024;
/** Even the shortest wait for an answer took longer: the server is far. */
const FAR_MS = 25;
const SEEN_WAITS = 64;
/** A connection that brings nothing for so long is given up. */
const IDLE_MS = 30_000;
/** After so long without a byte nothing more is tried: a server that restarts is back by then. */
const GIVE_UP_MS = 120_000;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 8_000;

export interface Source {
  /** Where the bytes are now; asked again after `renew`. */
  url(): URL;
  headers(): Record<string, string>;
  /** `"sha256:…"`: bytes of another one are refused by the server. */
  etag: string;
  sizeBytes: number;
  /** The address has ended: asks for another one; false when there is none. */
  renew(): Promise<boolean>;
}

/** The server says that there is no such file, or no right to it (any more). */
export class PullRefused extends Error {
  override readonly name = 'PullRefused';
}

interface Fetcher {
  source: Source;
  part: Part;
  agent: HttpAgent | HttpsAgent;
  queue: ByteSpan[];
  stepBytes: number;
  waitsMs: number[];
  /** Attempts in a row, of all connections, that brought nothing. */
  failures: number;
  /** When the last byte came, monotonic. */
  lastByteMs: number;
  isRenewed: boolean;
  onBytes(count: number): void;
}

/** @throws PullRefused, or the last error when nothing comes for too long */
export const fetchMissing = async (
  source: Source,
  part: Part,
  connections: number,
  onBytes: (count: number) => void,
): Promise<void> => {
  const options = { keepAlive: true, maxSockets: connections };
  const isTls = source.url().protocol === 'https:';
  const fetcher: Fetcher = {
    source,
    part,
    agent: isTls ? new HttpsAgent(options) : new HttpAgent(options),
    queue: part.missing.map((span) => ({ ...span })),
    stepBytes: Math.min(
      MAX_STEP_BYTES,
      Math.max(MIN_STEP_BYTES, Math.floor(source.sizeBytes / 2048)),
    ),
    waitsMs: [],
    failures: 0,
    lastByteMs: performance.now(),
    isRenewed: false,
    onBytes,
  };
  try {
    await Promise.all(Array.from({ length: connections }, () => work(fetcher)));
  } finally {
    fetcher.agent.destroy();
  }
};

const take = ({ queue, stepBytes }: Fetcher): ByteSpan | undefined => {
  const first = queue[0];
  if (first === undefined) return undefined;
  const span = { start: first.start, end: Math.min(first.end, first.start + stepBytes) };
  first.start = span.end;
  if (first.start >= first.end) queue.shift();
  return span;
};

const work = async (fetcher: Fetcher): Promise<void> => {
  for (let span = take(fetcher); span !== undefined; span = take(fetcher)) {
    let reached = span.start;
    let noted = span.start;
    try {
      await fetchSpan(fetcher, span, (position) => {
        reached = position;
        if (reached - noted < NOTE_BYTES) return;
        fetcher.part.note({ start: noted, end: reached });
        noted = reached;
      });
      if (reached < span.end) throw new Error('the connection ended early');
      fetcher.part.note(span);
      fetcher.failures = 0;
    } catch (error) {
      if (reached > span.start) {
        fetcher.part.note({ start: span.start, end: reached });
        fetcher.failures = 0;
      }
      fetcher.queue.unshift({ start: reached, end: span.end });
      await mayGoOn(fetcher, error);
    }
  }
};

/** Waits, longer each time; throws what is final. */
const mayGoOn = async (fetcher: Fetcher, error: unknown): Promise<void> => {
  if (error instanceof PullRefused) {
    if (fetcher.isRenewed || !(await fetcher.source.renew())) {
      fetcher.queue.length = 0;
      throw error;
    }
    fetcher.isRenewed = true;
    return;
  }
  fetcher.failures += 1;
  // Also a full disk here: nothing gets better by asking the server again.
  const isLocal = ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EFBIG'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
  if (isLocal || performance.now() - fetcher.lastByteMs > GIVE_UP_MS) {
    fetcher.queue.length = 0;
    throw error;
  }
  await delay(Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, fetcher.failures / 4)));
};

const fetchSpan = async (
  fetcher: Fetcher,
  span: ByteSpan,
  reach: (position: number) => void,
): Promise<void> => {
  const { source } = fetcher;
  const sentMs = performance.now();
  const response = await ask(fetcher, span);
  noteWait(fetcher, performance.now() - sentMs);
  const status = response.statusCode ?? 0;
  const expected = `bytes ${span.start}-${span.end - 1}/${source.sizeBytes}`;
  if (status !== 206 || response.headers['content-range'] !== expected) {
    response.destroy();
    if (status >= 500 || status === 429) throw new Error(`the server answered ${status}`);
    throw new PullRefused(refusal(status));
  }
  let position = span.start;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const bytes = chunk.subarray(0, span.end - position);
    fetcher.part.write(position, bytes);
    position += bytes.length;
    reach(position);
    fetcher.lastByteMs = performance.now();
    fetcher.onBytes(bytes.length);
  }
  fetcher.isRenewed = false;
};

const refusal = (status: number): string => {
  if (status === 401) return 'The token opens nothing (any more): it has ended or was deleted.';
  if (status === 404) return 'The image is not there any more, or may not be read any more.';
  if (status === 412) return 'There are other bytes at the address than those that were begun.';
  return `The server answered ${status} to a request for a range; it may be no Kindred.`;
};

/** The answer's head; the body follows. */
const ask = ({ source, agent }: Fetcher, span: ByteSpan): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const url = source.url();
    const headers = {
      ...source.headers(),
      range: `bytes=${span.start}-${span.end - 1}`,
      'if-match': source.etag,
      'accept-encoding': 'identity',
    };
    const get = url.protocol === 'https:' ? httpsGet : httpGet;
    const request = get(url, { agent, headers, timeout: IDLE_MS }, resolve);
    request.on('timeout', () => request.destroy(new Error('the server sends nothing')));
    request.on('error', reject);
  });

/** Twice the range where even the quickest of the last answers was slow to begin. */
const noteWait = (fetcher: Fetcher, waitMs: number): void => {
  fetcher.waitsMs.push(waitMs);
  if (fetcher.waitsMs.length < SEEN_WAITS) return;
  if (Math.min(...fetcher.waitsMs) > FAR_MS)
    fetcher.stepBytes = Math.min(MAX_FAR_STEP_BYTES, fetcher.stepBytes * 2);
  fetcher.waitsMs = [];
};
