// Brings the missing blocks of a file, several at a time, each by one request for its range. A
// connection that breaks, and a server that restarts, are waited for; bytes of another content are not.
import type { PartFile } from './part-file.ts';
import type { PullSource } from './pull-source.ts';

/** Without a byte for so long the pull gives up; what came is kept. */
const PATIENCE_MS = 60_000;
const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;
/** A request that brings nothing for so long has failed. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The pull cannot go on. One sentence. */
export class PullFailed extends Error {
  override readonly name = 'PullFailed';
}

export interface DownloadOptions {
  connections: number;
  onProgress(doneBytes: number): void;
  patienceMs?: number;
}

/** @throws PullFailed; what came until then is in the part file */
export const download = async (
  source: PullSource,
  part: PartFile,
  options: DownloadOptions,
): Promise<void> => {
  const waiting = part.missing();
  const state = { url: await source.url(), progressMs: performance.now(), isOver: false };
  const patienceMs = options.patienceMs ?? PATIENCE_MS;
  const bring = async (block: number): Promise<void> => {
    for (
      let pauseMs = FIRST_PAUSE_MS;
      !state.isOver;
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)
    ) {
      const { url } = state;
      const outcome = await fetchBlock(source, url, part.rangeOf(block));
      if (outcome instanceof Uint8Array) {
        await part.write(block, outcome);
        state.progressMs = performance.now();
        return options.onProgress(part.doneBytes);
      }
      if (performance.now() - state.progressMs > patienceMs)
        throw new PullFailed(
          `${outcome.why}. What came is kept; the same command goes on from there`,
        );
      // A signed address may have ended: the first that notices asks for another.
      if (outcome.isRefused && state.url === url) state.url = await source.url().catch(() => url);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const connection = async (): Promise<void> => {
    for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
      if (state.isOver) return;
      await bring(block);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.connections }, connection));
  } finally {
    state.isOver = true;
  }
};

interface NotYet {
  why: string;
  /** The address opens nothing any more. */
  isRefused: boolean;
}

/** @throws PullFailed when the address gives other bytes, or no parts of them */
const fetchBlock = async (
  { headers, sha256 }: PullSource,
  url: URL,
  { start, end }: { start: number; end: number },
): Promise<Uint8Array | NotYet> => {
  try {
    const response = await fetch(url, {
      headers: { ...(await headers(url)), range: `bytes=${start}-${end - 1}` },
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    if (!response.ok) {
      await response.body?.cancel();
      const isRefused = [401, 403, 404, 410].includes(response.status);
      return { why: `the server answered HTTP ${response.status}`, isRefused };
    }
    checkAnswer(response, sha256);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length !== end - start)
      return { why: 'the server sent another length than was asked for', isRefused: false };
    return bytes;
  } catch (error) {
    if (error instanceof PullFailed) throw error;
    return { why: `the server does not answer: ${reasonOf(error)}`, isRefused: false };
  }
};

const checkAnswer = (response: Response, sha256: string): void => {
  const etag = response.headers.get('etag');
  if (etag !== null && etag !== `"sha256:${sha256}"`)
    throw new PullFailed('the address leads to other bytes than the server has told of');
  if (response.status !== 206)
    throw new PullFailed('what stands between here and the server does not serve ranges');
};

const reasonOf = (error: unknown): string => {
  const { cause, message } = error as { cause?: unknown; message: string };
  return cause instanceof Error
    ? cause.message || String((cause as { code?: string }).code)
    : message;
};
