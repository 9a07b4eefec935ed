import { Worker, type WorkerOptions } from 'node:worker_threads';
import { programForm, readAsset } from './program-form.ts';

/**
 * Starts a worker thread from a file beside the one that asks, in each form that the program has.
 *
 * @param from `import.meta.url` of the file that asks
 * @param name of the worker's file, without its ending
 */
export const startWorker = (from: string, name: string, options: WorkerOptions = {}): Worker => {
  const form = programForm(from);
  if (form === 'one file')
    return new Worker(Buffer.from(readAsset(`${name}.js`)).toString(), { ...options, eval: true });
  return new Worker(new URL(`./${name}${form === 'sources' ? '.ts' : '.js'}`, from), options);
};
