// A TCP proxy before a server that dies and comes back on another port. It counts what the server sends,
// heads and bodies apart, so that a test can say how much was fetched twice. It changes nothing.
import { connect, createServer, type AddressInfo } from 'node:net';
import type { Scope } from '../../src/testing/server.ts';

/** Stands before a server that may be restarted on another port, and counts what the server sends. */
export interface CountingProxy {
  url: string;
  /** Bytes of bodies that came from the server so far. */
  readonly bodyBytes: number;
  /** The same with the heads of the answers. */
  readonly sentBytes: number;
  /** Resolves when the server has sent so many. */
  reached(bytes: number): Promise<void>;
}

/** Tells bodies from heads in the answers of one connection, which all have a Content-Length. */
const bodyCounter = (): ((chunk: Buffer) => number) => {
  let head = '';
  let left = 0;
  return (chunk) => {
    let counted = 0;
    for (let at = 0; at < chunk.length;) {
      if (left > 0) {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        counted += taken;
        at += taken;
        continue;
      }
      head += String.fromCharCode(chunk[at++]!);
      if (!head.endsWith('\r\n\r\n')) continue;
      left = Number(/\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      head = '';
    }
    return counted;
  };
};

/** @param portOf the server's port at the moment */
export const countingProxy = async (t: Scope, portOf: () => number): Promise<CountingProxy> => {
  let sentBytes = 0;
  let bodyBytes = 0;
  const waiting = new Set<() => void>();
  const server = createServer((client) => {
    const upstream = connect(portOf(), '127.0.0.1');
    const bodyOf = bodyCounter();
    upstream.on('data', (chunk) => {
      sentBytes += chunk.length;
      bodyBytes += bodyOf(chunk);
      for (const look of waiting) look();
      if (!client.write(chunk)) upstream.pause();
    });
    client.on('drain', () => upstream.resume());
    client.pipe(upstream);
    // What has come is passed on to its end, however the server went.
    upstream.on('error', () => client.end()).on('close', () => client.end());
    client.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(async () => void server.close());
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get bodyBytes() {
      return bodyBytes;
    },
    get sentBytes() {
      return sentBytes;
    },
    reached: (bytes) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (bodyBytes < bytes) return;
          waiting.delete(look);
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
};
