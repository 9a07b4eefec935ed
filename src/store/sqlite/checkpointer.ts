// Folds the write-ahead log back into the database file, in a worker with a connection of its own,
// so that no request waits for it. The worker is started when the log first grows large.
import { Worker } from 'node:worker_threads';

const workerFile = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? './checkpoint-worker.ts' : './checkpoint-worker.js',
    import.meta.url,
  );

export class Checkpointer {
  readonly #path: string;
  readonly #thresholdBytes: number;
  #worker: Worker | undefined;
  #isBusy = false;

  constructor(path: string, thresholdBytes: number) {
    this.#path = path;
    this.#thresholdBytes = thresholdBytes;
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
    const worker = new Worker(workerFile(), { workerData: { path: this.#path } });
    worker.unref();
    worker.on('message', () => {
      this.#isBusy = false;
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
