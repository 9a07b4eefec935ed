import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A line to a server that may change its port, and the bytes that went along it. */
export interface CountingProxy {
  url: string;
  port: number;
  /** Towards the server. */
  readonly sentBytes: number;
  /** From the server. */
  readonly receivedBytes: number;
  /** Bytes from now on go to this port; running connections are cut. */
  leadTo(port: number): void;
  close(): void;
}

export const countingProxy = async (): Promise<CountingProxy> => {
  let target = 0;
  let [sentBytes, receivedBytes] = [0, 0];
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    // Counted when the server's socket takes them, like everything that must be sent again.
    client.on('data', (chunk) => (sentBytes += chunk.length));
    upstream.on('data', (chunk) => (receivedBytes += chunk.length));
    client.pipe(upstream);
    upstream.pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    get sentBytes() {
      return sentBytes;
    },
    get receivedBytes() {
      return receivedBytes;
    },
    leadTo(to) {
      target = to;
      for (const socket of open) socket.destroy();
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
};
