// Folds the write-ahead log back into the database file, in a worker with a connection of its own,
// so that no request waits for it. The worker is started when the log first grows large.
import { Worker } from 'node:worker_threads';

const workerFile = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js',
    import.meta.url,
  );

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

  /** To be called after each commit with the size of the log. */
  committed(walBytes: number): void {
    if (walBytes < this.#thresholdBytes || this.#isBusy) return;
    this.#isBusy = true;
    this.#start().postMessage('checkpoint');
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
    const worker = new Worker(workerFile(), {
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
