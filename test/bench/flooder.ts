// The floods of `flood.ts`, in a process of its own: signs first, says so, sends so many when told, ends
// when told. A flood comes from another machine: here it has a lower priority than the others, so that it
// floods the server and takes no core from those whose time is measured.
import { getPriority, setPriority } from 'node:os';
import { runLoad } from './load.ts';
import { presign, type PresignOptions } from './presign.ts';

export type FlooderOptions = PresignOptions & { port: number; connections: number };
/** Then `{ calls }` as often as wanted, each ended by itself or by 'stop', and answered 'ended'. */
export type FlooderOrder = FlooderOptions | { calls: number } | 'stop';

const LOWEST_PRIORITY = 19;
const STEPS_LOWER = 10;

let signed: Buffer[] = [];
let sending: Buffer[] = [];
let options: FlooderOptions | undefined;

setPriority(Math.min(LOWEST_PRIORITY, getPriority() + STEPS_LOWER));
process.on('message', async (order: FlooderOrder) => {
  if (order === 'stop') sending.length = 0;
  else if ('calls' in order) {
    sending = signed.splice(0, order.calls);
    await runLoad(options!.port, sending, options!.connections);
    process.send!('ended');
  } else {
    options = order;
    signed = presign(order);
    process.send!('signed');
  }
});
