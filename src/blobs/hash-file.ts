// The SHA-256 of a whole file, computed on a thread of its own: gigabytes on the main thread would make
// every other caller wait.
import { startWorker } from '../lib/start-worker.ts';

/** @returns 64 hexadecimal digits */
export const hashFile = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const worker = startWorker(import.meta.url, 'hash-worker', { workerData: { path } });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('The thread that hashes a file died.')));
  });
