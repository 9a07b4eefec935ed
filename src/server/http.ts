// The port. `/` goes to `handle()` as raw bytes; every other path goes to Fastify, loaded when the
// first such request comes. Limits against slow and oversized requests stand here, and the answers to
// what Node's parser lets through and we refuse: two Hosts, CONNECT, HTTP/1.0 with chunks.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { ApiError } from '../errors.ts';
import { splitTarget } from '../wire/params.ts';
import type { WireRequest, WireResponse } from '../wire/request.ts';
import { FairQueue } from './fair-queue.ts';
import { lineOf, type KnownKeys } from './known-keys.ts';
import { isOssRequest } from './oss/is-oss.ts';
import type { Handle } from './pipeline.ts';
import { MAX_BODY_BYTES } from './read-request.ts';
import type { FollowedTls } from './tls-files.ts';

const HEADERS_TIMEOUT_MS = 10_000;
/** From its head to the end of its body. */
const CALL_TIMEOUT_MS = 30_000;
/** Disks take as long as they take: on the other paths only silence ends a connection. */
const IDLE_TIMEOUT_MS = 60_000;
const KEEP_ALIVE_MS = 25_000;
/** How long running requests have to end when the server stops. */
const DRAIN_MS = 5_000;
const MAX_HEADERS = 200;
/** When to come again who found no room to wait: the longest line is empty by then. */
const RETRY_AFTER_MS = 1_000;

export interface HttpOptions {
  handle: Handle;
  /** Tells accounts apart while calls wait; without it all are strangers. */
  knownKeys?: KnownKeys;
  /** Every path but `/`. */
  other(request: IncomingMessage, response: ServerResponse): void;
  /** What carries credentials of the object door, whatever its path; default: as its path says. */
  oss?(request: IncomingMessage, response: ServerResponse): void;
  /** What a browser sees that asks `/` without an Action. */
  welcome: string;
  tls?: FollowedTls;
  /** How long a call to `/` may take to arrive (default 30 s). */
  callTimeoutMs?: number;
  /** How long no byte may move on any other path, either way (default 60 s). */
  idleTimeoutMs?: number;
}

export interface HttpServer {
  server: Server;
  /** How many calls wait for their turn. */
  waiting(): number;
  /** Stops listening and lets running requests end; every answer says `Connection: close`. */
  drain(): Promise<void>;
}

export const makeHttpServer = async (options: HttpOptions): Promise<HttpServer> => {
  let isDraining = false;
  const queue = new FairQueue();
  const desk: Desk = { ...options, queue, isDraining: () => isDraining };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    if (isDraining) response.setHeader('connection', 'close');
    if (isTwoFramings(request)) return void response.writeHead(400, REFUSED).end();
    if (options.oss !== undefined && isOssRequest(request)) {
      request.setTimeout(options.idleTimeoutMs ?? IDLE_TIMEOUT_MS, () => request.destroy());
      return options.oss(request, response);
    }
    const { path } = splitTarget(request.url ?? '/');
    if (path !== '/') {
      request.setTimeout(options.idleTimeoutMs ?? IDLE_TIMEOUT_MS, () => request.destroy());
      return options.other(request, response);
    }
    if (isBrowser(request)) return sendWelcome(response, options.welcome);
    answer(request, response, desk);
  };
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    // Node knows one limit for every path; ours stand where a body is read.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 2_000,
    joinDuplicateHeaders: false,
  };
  const server = options.tls
    ? await serveTls(options.tls, limits, listener)
    : createServer(limits, listener);
  server.maxHeadersCount = MAX_HEADERS;
  server.on('connect', (_request, socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  return {
    server: server as Server,
    waiting: () => queue.waiting,
    async drain() {
      isDraining = true;
      await new Promise<void>((resolve) => {
        // A request that never ends must not keep the data from being closed in order.
        const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
};

const serveTls = async (tls: FollowedTls, limits: ServerOptions, listener: RequestListener) => {
  const { createServer: createTlsServer } = await import('node:https');
  const server = createTlsServer({ ...limits, ...tls.options }, listener);
  server.once('close', tls.follow(server));
  return server;
};

const REFUSED = { connection: 'close', 'content-length': 0 } as const;

/** HTTP/1.0 knows no chunks: what stands before us may have seen another end of this request. */
const isTwoFramings = (request: IncomingMessage): boolean =>
  request.httpVersion !== '1.1' && request.headers['transfer-encoding'] !== undefined;

const isBrowser = (request: IncomingMessage): boolean =>
  request.method === 'GET' &&
  (request.url === '/' || request.url === '') &&
  request.headers['x-acs-action'] === undefined &&
  (request.headers.accept ?? '').includes('text/html');

const sendWelcome = (response: ServerResponse, text: string): void => {
  response.writeHead(200, {
    'content-type': 'text/plain;charset=utf-8',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  response.end(text);
};

const NO_BODY = new Uint8Array(0);

/** What every call to `/` is answered with. */
interface Desk extends HttpOptions {
  queue: FairQueue;
  isDraining(): boolean;
}

const answer = (
  request: IncomingMessage,
  response: ServerResponse,
  {
    handle,
    knownKeys,
    queue,
    isDraining,
    callTimeoutMs = CALL_TIMEOUT_MS,
    idleTimeoutMs = IDLE_TIMEOUT_MS,
  }: Desk,
): void => {
  const send = (body: Uint8Array): void => {
    const call = wireRequest(request, body);
    const begin = (refusal?: ApiError): void =>
      void handle(call, refusal).then((rendered) => {
        // Asked now: the request may have begun before the end did.
        if (isDraining() && !response.headersSent) response.setHeader('connection', 'close');
        write(response, rendered, idleTimeoutMs);
      });
    queue.enter({
      sizeBytes: body.length,
      line: () => (knownKeys === undefined ? [''] : lineOf(call, knownKeys)),
      begin: () => begin(),
      refuse: () => begin(new ApiError('ServiceUnavailable', { retryAfterMs: RETRY_AFTER_MS })),
      isGone: () => response.destroyed,
    });
  };
  if (hasBody(request.rawHeaders)) return collect(request, response, callTimeoutMs, send);
  request.resume();
  send(NO_BODY);
};

/** Looks at the raw list: Node builds its object of headers only when somebody asks for it. */
const hasBody = (rawHeaders: readonly string[]): boolean => {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 14 && name.toLowerCase() === 'content-length')
      return rawHeaders[at + 1] !== '0';
    if (name.length === 17 && name.toLowerCase() === 'transfer-encoding') return true;
  }
  return false;
};

/** Reads the body up to one byte past the limit: the pipeline refuses what is longer. */
const collect = (
  request: IncomingMessage,
  response: ServerResponse,
  timeoutMs: number,
  send: (body: Uint8Array) => void,
): void => {
  const chunks: Buffer[] = [];
  let size = 0;
  let isSent = false;
  const timer = setTimeout(() => {
    isSent = true;
    response.writeHead(408, REFUSED).end(() => request.destroy());
  }, timeoutMs);
  request.once('close', () => clearTimeout(timer));
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (isSent) return;
    chunks.push(chunk);
    if (size <= MAX_BODY_BYTES) return;
    isSent = true;
    clearTimeout(timer);
    response.setHeader('connection', 'close');
    send(Buffer.concat(chunks));
    response.once('finish', () => request.destroy());
  });
  request.on('end', () => {
    clearTimeout(timer);
    if (!isSent) send(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
  });
};

const wireRequest = (request: IncomingMessage, body: Uint8Array): WireRequest => {
  const address = request.socket.remoteAddress;
  return {
    method: request.method ?? '',
    target: request.url ?? '/',
    rawHeaders: request.rawHeaders,
    body,
    ...(address === undefined ? {} : { remoteAddress: address }),
    isSecure: 'encrypted' in request.socket,
  };
};

const write = (
  response: ServerResponse,
  { status, headers, body, isDropped }: WireResponse,
  idleTimeoutMs: number,
): void => {
  if (response.destroyed) return;
  if (isDropped) return void response.destroy();
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length;
  response.writeHead(status, { ...headers, 'content-length': length });
  response.end(body);
  // Nobody reads: Node closes what times out, and sets its own time once the answer has gone.
  const { socket } = response;
  if (socket !== null && socket.writableLength > 0) socket.setTimeout(idleTimeoutMs);
};
