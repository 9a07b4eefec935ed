// The loopback proxy of `kindred run`. It judges every host: what Kindred stands in for goes to Kindred, over
// TLS that ends here with a leaf of the run's CA; another host of the cloud is answered here with a refusal
// and counted; everything else is passed on, or refused too (`isOffline`). It knows nothing of operations.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { hostKind, isLoopback, parseAuthority, type Authority } from './cloud-host.ts';
import { forward } from './forward.ts';
import type { Leaves } from './leaves.ts';
import type { PassOn } from './pass-on.ts';
import type { Refusals } from './refusals.ts';
import { refusalMessage, refuse } from './refuse.ts';

export interface ProxyOptions {
  /** Kindred: `http://127.0.0.1:41234`. */
  kindred: URL;
  leaves: Leaves;
  refusals: Refusals;
  passOn: PassOn;
  /** Refuses what is neither the cloud's nor this machine. */
  isOffline: boolean;
  /** Hosts that are let through whatever they are. */
  allowed: ReadonlySet<string>;
}

export interface Proxy {
  readonly port: number;
  close(): Promise<void>;
}

/** Hosts of the cloud that get a certificate in one run; a test that makes up more is refused. */
const MAX_DOORS = 1_000;
/** Uploads take as long as they take; headers do not. */
const LIMITS = { requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 60_000 } as const;
const TLS_HANDSHAKE = 0x16;

/** What answers inside a tunnel to one host. */
interface Door {
  secure: Server;
  plain: Server;
}

export const startProxy = async (options: ProxyOptions): Promise<Proxy> => {
  const sockets = new Set<Duplex>();
  const doors = makeDoors(options);
  const server = createServer(LIMITS, (request, response) => {
    const found = splitAbsolute(request.url ?? '');
    if (found === undefined) return refuse(request, response, 'Kindred.NoProxyRequest', '');
    answer(found.to, found.target, request, response, options);
  });
  const track = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', track);
  server.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const to = parseAuthority(request.url ?? '', 443);
    if (to === undefined) return endWith(socket, 400, 'CONNECT needs host:port.');
    const kind = kindOf(to.host, options);
    if (kind === 'pass') return options.passOn.tunnel(to, socket, head);
    if (kind === 'offline') {
      options.refusals.count('offline', to.host);
      return endWith(socket, 403, refusalMessage('Kindred.Offline', to.host));
    }
    openDoor(socket, head, doors(to.host));
  });
  server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

type Verdict = 'served' | 'refused' | 'pass' | 'offline';

const kindOf = (host: string, { allowed, isOffline }: ProxyOptions): Verdict => {
  if (allowed.has(host)) return 'pass';
  const kind = hostKind(host);
  if (kind !== 'other') return kind;
  return isOffline && !isLoopback(host) ? 'offline' : 'pass';
};

const answer = (
  to: Authority,
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  options: ProxyOptions,
): void => {
  const { host } = to;
  const kind = kindOf(host, options);
  if (kind === 'pass') return options.passOn.plain(to, target, request, response);
  if (kind === 'served')
    return forward(request, response, { origin: options.kindred, target, host: 'Kindred' });
  options.refusals.count(kind === 'refused' ? 'cloud' : 'offline', host);
  const code = kind === 'refused' ? 'Kindred.HostNotServed' : 'Kindred.Offline';
  refuse(request, response, code, host);
};

const makeDoors = (options: ProxyOptions) => {
  const doors = new Map<string, Promise<Door | undefined>>();
  return (host: string): Promise<Door | undefined> => {
    let door = doors.get(host);
    if (door === undefined) {
      if (doors.size >= MAX_DOORS) return Promise.resolve(undefined);
      door = makeDoor(host, options);
      doors.set(host, door);
    }
    return door;
  };
};

const makeDoor = async (host: string, options: ProxyOptions): Promise<Door> => {
  const listener: RequestListener = (request, response) => {
    const { url = '/' } = request;
    // Some clients send the absolute form inside a tunnel too.
    const target = splitAbsolute(url)?.target ?? url;
    answer({ host, port: 443 }, target, request, response, options);
  };
  const { certificate: cert, key } = await options.leaves.leafOf(host);
  const secure = createTlsServer({ ...LIMITS, cert, key, ALPNProtocols: ['http/1.1'] }, listener);
  secure.on('tlsClientError', (_error, socket) => {
    options.refusals.count('distrust', host);
    socket.destroy();
  });
  return { secure, plain: createServer(LIMITS, listener) };
};

/** The first byte tells whether the client speaks TLS: some send plain HTTP through CONNECT. */
const openDoor = (socket: Duplex, head: Buffer, opening: Promise<Door | undefined>): void => {
  const enter = async (first: Buffer): Promise<void> => {
    socket.pause();
    socket.unshift(first);
    const door = await opening;
    if (door === undefined) return void socket.destroy();
    (first[0] === TLS_HANDSHAKE ? door.secure : door.plain).emit('connection', socket);
    socket.resume();
  };
  const begin = (first: Buffer): void =>
    void enter(first).catch((error: unknown) => socket.destroy(error as Error));
  socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
  if (head.length > 0) begin(head);
  else socket.once('data', begin);
};

/** `http://host:port/path?query` in its parts; undefined for any other form. */
const splitAbsolute = (url: string): { to: Authority; target: string } | undefined => {
  const [, scheme, authority = '', rest = ''] = /^(https?):\/\/([^/?#]+)([^#]*)/i.exec(url) ?? [];
  if (scheme === undefined) return undefined;
  const to = parseAuthority(authority, scheme.toLowerCase() === 'https' ? 443 : 80);
  return to && { to, target: rest.startsWith('/') ? rest : `/${rest}` };
};

const endWith = (socket: Duplex, status: number, why: string): void =>
  void socket.end(
    `HTTP/1.1 ${status} ${status === 403 ? 'Forbidden' : 'Bad Request'}\r\nconnection: close\r\ncontent-type: text/plain;charset=utf-8\r\ncontent-length: ${Buffer.byteLength(why) + 1}\r\n\r\n${why}\n`,
  );
