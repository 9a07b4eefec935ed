// The main thread's side of the thread that reads stored bytes again: one file at a time, in order of
// asking, and no thread while there is nothing to read.
import type { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../blobs/blob-store.ts';
import { startWorker } from '../lib/start-worker.ts';
import type { HashOutcome, HashRequest } from './hash-file.ts';
import type { HashOrder, HashReport } from './verify-worker.ts';

export interface Hasher {
  /**
   * @throws StoreUnavailable when the store does not answer
   * @throws when the thread dies or meets an error that says nothing about the file
   */
  hash(
    request: HashRequest,
    options: { signal: AbortSignal; onProgress?: (readBytes: number) => void },
  ): Promise<HashOutcome>;
  /** Ends the thread at once; what it reads rejects. */
  close(): Promise<void>;
}

const IDLE_MS = 10_000;
const MAX_HEAP_MIB = 64;

export const createHasher = (): Hasher => {
  let tail: Promise<unknown> = Promise.resolve();
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let isClosed = false;
  const thread = (): Worker => {
    clearTimeout(idle);
    if (worker !== undefined) return worker;
    const started = startWorker(import.meta.url, 'verify-worker', {
      name: 'kindred-hash',
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    });
    started.once('exit', () => {
      if (worker === started) worker = undefined;
    });
    return (worker = started);
  };
  const rest = (): void => {
    worker?.unref();
    idle = setTimeout(() => {
      void worker?.terminate();
      worker = undefined;
    }, IDLE_MS).unref();
  };
  return {
    hash(request, { signal, onProgress }) {
      const turn = tail.then(() => {
        if (isClosed) throw new Error('The hasher is closed.');
        if (signal.aborted) return { outcome: 'cancelled' } as const;
        return order(thread(), request, signal, onProgress).finally(rest);
      });
      tail = turn.catch(() => undefined);
      return turn;
    },
    async close() {
      isClosed = true;
      clearTimeout(idle);
      await worker?.terminate();
    },
  };
};

const order = (
  worker: Worker,
  request: HashRequest,
  signal: AbortSignal,
  onProgress: ((readBytes: number) => void) | undefined,
): Promise<HashOutcome> =>
  new Promise((resolve, reject) => {
    const cancel = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
    const abort = (): void => {
      const flag = new Int32Array(cancel);
      Atomics.store(flag, 0, 1);
      Atomics.notify(flag, 0);
    };
    const heard = (report: HashReport): void => {
      if (report.type === 'progress') return onProgress?.(report.readBytes);
      settle();
      if (report.type === 'outcome') resolve(report.outcome);
      else if (report.type === 'error') reject(new Error(report.message));
      else reject(new StoreUnavailable(report.message));
    };
    const died = (cause?: unknown): void => {
      settle();
      reject(new Error('The thread that reads stored bytes died.', { cause }));
    };
    const settle = (): void => {
      signal.removeEventListener('abort', abort);
      worker.off('message', heard).off('error', died).off('exit', died);
    };
    signal.addEventListener('abort', abort);
    worker.on('message', heard).on('error', died).on('exit', died);
    worker.ref();
    worker.postMessage({ request, cancel } satisfies HashOrder);
  });
