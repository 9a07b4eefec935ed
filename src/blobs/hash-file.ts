// The SHA-256 of a whole file, computed on a thread of its own: gigabytes on the main thread would make
// every other caller wait.
import { Worker } from 'node:worker_threads';

/** The bundle keeps the worker beside itself; in the sources it is a file like this one. */
const workerUrl = (): URL =>
  new URL(
    import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js',
    import.meta.url,
  );

/** @returns 64 hexadecimal digits */
export const hashFile = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(workerUrl(), { workerData: { path } });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread that hashes a file died.')));
  });
