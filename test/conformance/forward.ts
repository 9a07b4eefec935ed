// A TCP forward before the server under test. Bytes go on unchanged in both directions; what was called
// is read along. It never answers, repairs or refuses anything.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { Target } from './clients.ts';
import { httpMessages, type HttpMessage } from './http-messages.ts';
import { exchangeOf, type Seen } from './seen.ts';

export interface Forward {
  port: number;
  /** Ends it with its connections. @throws when something went through that could not be read */
  close(): void;
}

/** Plain HTTP only. `tell` hears of each call when its answer is there. */
export const startForward = async (
  target: Target,
  tell: (seen: Seen) => void,
): Promise<Forward> => {
  if (!target.url.startsWith('http:')) throw new Error('only plain HTTP can be recorded');
  const sockets = new Set<Socket>();
  let fault: unknown;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const { port, host } = target;
    const upstream = connect({ port, host, allowHalfOpen: true });
    const { request, answer } = observer(tell);
    const link = (from: Socket, to: Socket, read: (bytes: Buffer) => void): void => {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => {
        try {
          read(bytes);
        } catch (thrown) {
          fault ??= thrown;
        }
      });
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.once('close', () => sockets.delete(from));
    };
    link(client, upstream, request);
    link(upstream, client, answer);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      if (fault !== undefined) throw fault;
    },
  };
};

/** Pairs the requests of one connection with their answers, which come in the same order. */
const observer = (tell: (seen: Seen) => void) => {
  const waiting: HttpMessage[] = [];
  return {
    request: httpMessages({
      isBodiless: () => false,
      seen: (message) => void waiting.push(message),
    }),
    answer: httpMessages({
      isBodiless: () => waiting[0]?.start.startsWith('HEAD ') ?? false,
      seen(message) {
        // `100 Continue` comes before the answer.
        if (/^HTTP\/1\.[01] 1/.test(message.start)) return;
        const request = waiting.shift();
        const seen = request && exchangeOf(request, message);
        if (seen !== undefined) tell(seen);
      },
    }),
  };
};
