// The worker thread that reads stored bytes again: one file at a time, behind everything else.
import { setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { StoreUnavailable } from '../blobs/blob-store.ts';
import { systemClocks } from '../lib/clock.ts';
import { hashFile, type HashOutcome, type HashRequest } from './hash-file.ts';

/** The main thread to this one. `cancel` is one shared Int32: not 0 means stop. */
export interface HashOrder {
  request: HashRequest;
  cancel: SharedArrayBuffer;
}

/** This thread to the main one: progress, then exactly one of the other two. */
export type HashReport =
  | { type: 'progress'; readBytes: number }
  | { type: 'outcome'; outcome: HashOutcome }
  | { type: 'error'; message: string }
  /** The store did not answer. */
  | { type: 'unavailable'; message: string };

const port = parentPort;
if (port === null) throw new Error('verify-worker is the entry of a worker thread');
const report = (message: HashReport): void => port.postMessage(message);

const LOWEST = 19;
// On Linux this is of the thread alone; elsewhere it would be of the whole process.
if (process.platform === 'linux') setPriority(0, LOWEST);

const hash = async ({ request, cancel }: HashOrder): Promise<void> => {
  try {
    const outcome = await hashFile(request, {
      cancel: new Int32Array(cancel),
      monotonicMs: () => systemClocks.monotonicMs(),
      onProgress: (readBytes) => report({ type: 'progress', readBytes }),
    });
    report({ type: 'outcome', outcome });
  } catch (error) {
    if (error instanceof StoreUnavailable)
      return report({ type: 'unavailable', message: error.message });
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report({ type: 'error', message });
  }
};

port.on('message', (order: HashOrder) => void hash(order));
