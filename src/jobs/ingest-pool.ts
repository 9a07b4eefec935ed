// The main thread's side of the workers that move bytes: a bounded number of threads, a queue that
// serves accounts in turn, and no thread at all while nothing is imported. A worker that dies takes
// its one order with it, as a failed attempt; the process lives on.
import type { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../blobs/blob-store.ts';
import type { FaultPlan } from '../lib/fault.ts';
import { startWorker } from '../lib/start-worker.ts';
import type {
  IngestOrder,
  IngestOutcome,
  IngestReport,
  IngestRequest,
  IngestWorkerData,
  PackOutcome,
  PackRequest,
} from './ingest-message.ts';

export interface IngestPoolOptions {
  /** Threads at most (default 2). */
  maxWorkers?: number;
  /** A thread that has had nothing to do for so long ends (default 10 s). */
  idleMs?: number;
  /** Crash points, set only under test controls. */
  faultPlan?: FaultPlan;
}

export interface IngestOptions {
  /** Accounts take turns. */
  accountId: string;
  /** Aborting resolves with `cancelled`; the partial file stays. */
  signal: AbortSignal;
  onProgress(stagedBytes: number): void;
}

export interface IngestPool {
  /**
   * @throws StoreUnavailable when the store that has the source does not answer
   * @throws when the worker dies or meets an error that nobody expected
   */
  ingest(request: IngestRequest, options: IngestOptions): Promise<IngestOutcome>;
  /** The same for an archive. Throws as `ingest` does; what was cancelled begins anew. */
  pack(request: PackRequest, options: IngestOptions): Promise<PackOutcome>;
  /** Ends every thread at once; orders under way reject. */
  close(): Promise<void>;
}

const DEFAULT_WORKERS = 2;
const DEFAULT_IDLE_MS = 10_000;
const MAX_HEAP_MIB = 256;

interface Order extends IngestOptions {
  request: IngestRequest | PackRequest;
  cancel: SharedArrayBuffer;
  resolve(outcome: IngestOutcome | PackOutcome): void;
  reject(error: Error): void;
}

interface Thread {
  worker: Worker;
  order: Order | undefined;
  idle: NodeJS.Timeout | undefined;
}

export const createIngestPool = (options: IngestPoolOptions = {}): IngestPool => new Pool(options);

class Pool implements IngestPool {
  readonly #options: IngestPoolOptions;
  readonly #threads = new Set<Thread>();
  /** Orders that wait, by account; the account served last stands last. */
  readonly #waiting = new Map<string, Order[]>();
  #closed = false;

  constructor(options: IngestPoolOptions) {
    this.#options = options;
  }

  ingest(request: IngestRequest, options: IngestOptions): Promise<IngestOutcome> {
    // A worker answers a request to ingest with its outcome.
    return this.#order(request, options) as Promise<IngestOutcome>;
  }

  pack(request: PackRequest, options: IngestOptions): Promise<PackOutcome> {
    // And one to pack with the other.
    return this.#order(request, options) as Promise<PackOutcome>;
  }

  #order(
    request: IngestRequest | PackRequest,
    options: IngestOptions,
  ): Promise<IngestOutcome | PackOutcome> {
    if (this.#closed) return Promise.reject(new Error('The ingest pool is closed.'));
    if (options.signal.aborted) return Promise.resolve({ outcome: 'cancelled' });
    return new Promise((resolve, reject) => {
      const cancel = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
      const abort = (): void => this.#abort(order);
      const settled = (): void => options.signal.removeEventListener('abort', abort);
      const order: Order = {
        ...options,
        request,
        cancel,
        resolve: (outcome) => (settled(), resolve(outcome)),
        reject: (error) => (settled(), reject(error)),
      };
      options.signal.addEventListener('abort', abort);
      const queue = this.#waiting.get(options.accountId);
      if (queue === undefined) this.#waiting.set(options.accountId, [order]);
      else queue.push(order);
      this.#dispatch();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const order of [...this.#waiting.values()].flat())
      order.reject(new Error('The ingest pool is closed.'));
    this.#waiting.clear();
    await Promise.all([...this.#threads].map((thread) => thread.worker.terminate()));
  }

  #abort(order: Order): void {
    Atomics.store(new Int32Array(order.cancel), 0, 1);
    const queue = this.#waiting.get(order.accountId) ?? [];
    const index = queue.indexOf(order);
    if (index < 0) return;
    queue.splice(index, 1);
    if (queue.length === 0) this.#waiting.delete(order.accountId);
    order.resolve({ outcome: 'cancelled' });
  }

  /** Gives waiting orders to free threads, and starts threads while there may be more. */
  #dispatch(): void {
    while (this.#waiting.size > 0 && !this.#closed) {
      const thread = this.#freeThread();
      const order = thread && this.#next();
      if (thread === undefined || order === undefined) return;
      clearTimeout(thread.idle);
      thread.order = order;
      thread.worker.ref();
      thread.worker.postMessage({
        request: order.request,
        cancel: order.cancel,
      } satisfies IngestOrder);
    }
  }

  #freeThread(): Thread | undefined {
    for (const thread of this.#threads) if (thread.order === undefined) return thread;
    return this.#threads.size < (this.#options.maxWorkers ?? DEFAULT_WORKERS)
      ? this.#startThread()
      : undefined;
  }

  /** The oldest order of the account that has waited longest for its turn. */
  #next(): Order | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const [accountId, queue] = first;
    this.#waiting.delete(accountId);
    const order = queue.shift();
    if (queue.length > 0) this.#waiting.set(accountId, queue);
    return order;
  }

  #startThread(): Thread {
    const worker = startWorker(import.meta.url, 'ingest-worker', {
      name: 'kindred-ingest',
      workerData: { faultPlan: this.#options.faultPlan } satisfies IngestWorkerData,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    });
    const thread: Thread = { worker, order: undefined, idle: undefined };
    this.#threads.add(thread);
    let cause: unknown;
    worker.on('message', (message: IngestReport) => this.#heard(thread, message));
    worker.on('error', (error) => (cause = error));
    worker.on('exit', () => {
      this.#threads.delete(thread);
      clearTimeout(thread.idle);
      thread.order?.reject(new Error('The worker of an import died.', { cause }));
      this.#dispatch();
    });
    return thread;
  }

  #heard(thread: Thread, report: IngestReport): void {
    const { order } = thread;
    if (order === undefined) return;
    if (report.type === 'progress') return order.onProgress(report.stagedBytes);
    thread.order = undefined;
    if (report.type === 'error') order.reject(new Error(report.message));
    else if (report.outcome.outcome !== 'unavailable') order.resolve(report.outcome);
    else order.reject(new StoreUnavailable(report.outcome.message));
    this.#dispatch();
    if (thread.order === undefined) this.#rest(thread);
  }

  #rest(thread: Thread): void {
    thread.worker.unref();
    thread.idle = setTimeout(() => {
      // Not free any more from here on: an order must not meet a thread that is ending.
      this.#threads.delete(thread);
      void thread.worker.terminate();
    }, this.#options.idleMs ?? DEFAULT_IDLE_MS).unref();
  }
}
