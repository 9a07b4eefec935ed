// Folds the write-ahead log back into the database file, in a worker with a connection of its own,
// so that no request waits for it. The worker is started when the log first grows large.
import { statSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { startWorker } from '../../lib/start-worker.ts';

/** Asks the size without opening the file: opening and closing it would drop locks. */
const walBytes = (path: string): number =>
  statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0;

/** What the worker says of one checkpoint. */
export interface CheckpointOutcome {
  /** Why the storage cannot be trusted any more. */
  failure?: string;
}

export class Checkpointer {
  readonly #path: string;
  readonly #thresholdBytes: number;
  readonly #failed: (cause: Error) => void;
  #worker: Worker | undefined;
  #isBusy = false;

  /** `failed` is told when the storage reported an error: no write may follow. */
  constructor(path: string, thresholdBytes: number, failed: (cause: Error) => void) {
    this.#path = path;
    this.#thresholdBytes = thresholdBytes;
    this.#failed = failed;
  }

  /** To be called after each commit. Never throws: a log that grows longer is no reason to lose a writer. */
  committed(): void {
    if (this.#isBusy) return;
    try {
      if (walBytes(this.#path) < this.#thresholdBytes) return;
      this.#start().postMessage('checkpoint');
      this.#isBusy = true;
    } catch {
      // No worker, no descriptor: the next commit tries again.
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('close');
    await ended;
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = startWorker(import.meta.url, 'checkpoint-worker', {
      name: 'kindred-fold',
      workerData: { path: this.#path },
    });
    worker.unref();
    worker.on('message', ({ failure }: CheckpointOutcome) => {
      this.#isBusy = false;
      if (failure !== undefined) this.#failed(new Error(failure));
    });
    worker.on('error', () => {
      // The log only grows a little longer; the next commit tries again.
      this.#worker = undefined;
      this.#isBusy = false;
    });
    this.#worker = worker;
    return worker;
  }
}
