// The flood of `flood.ts`, in a thread of its own: signs first, says so, and sends when told.
import { parentPort, workerData } from 'node:worker_threads';
import { runLoad } from './load.ts';
import { presign, type PresignOptions } from './presign.ts';

const { port, connections, ...options } = workerData as PresignOptions & {
  port: number;
  connections: number;
};
const requests = presign(options);
parentPort!.postMessage('signed');
parentPort!.once('message', async () => {
  parentPort!.postMessage(await runLoad(port, requests, connections));
});
