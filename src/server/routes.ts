// The paths beside `/`: health, metrics, the bytes of disks. Fastify serves them, loaded at the first
// such request, since most servers in tests never see one.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { holderOf } from '../blobs/blob-stores.ts';
import type { Kindred } from './compose.ts';
import { openContentPath } from './content-path.ts';
import { VERSION } from './version.ts';

export type OtherPaths = (request: IncomingMessage, response: ServerResponse) => void;

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** @param isDraining tells whether the server is stopping */
export const makeOtherPaths = (kindred: Kindred, isDraining: () => boolean): OtherPaths => {
  let loading: Promise<FastifyInstance> | undefined;
  return (request, response) => {
    loading ??= loadRoutes(kindred, isDraining);
    loading.then(
      (app) => app.routing(request, response),
      (error: unknown) => {
        kindred.house.log.error({ err: error }, 'routes did not load');
        response.writeHead(500).end();
      },
    );
  };
};

const loadRoutes = async (
  kindred: Kindred,
  isDraining: () => boolean,
): Promise<FastifyInstance> => {
  const { fastify } = await import('fastify');
  const app = fastify({ logger: false, exposeHeadRoutes: true });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
  });
  app.get('/health', (_request, reply) => health(kindred, isDraining, reply));
  app.get('/metrics', (request, reply) => metrics(kindred, request, reply));
  app.get<{ Params: { hex: string; fileName: string }; Querystring: Record<string, string> }>(
    '/images/:hex/:fileName',
    (request, reply) => sendContent(kindred, request, reply),
  );
  await app.ready();
  return app;
};

const health = async ({ house }: Kindred, isDraining: () => boolean, reply: FastifyReply) => {
  const isFit = !house.store.isStopped && !isDraining();
  const status = isFit ? 'ok' : isDraining() ? 'draining' : 'writes-stopped';
  reply.header('cache-control', 'no-store');
  return reply.code(isFit ? 200 : 503).send({ status, version: VERSION });
};

const metrics = async ({ house }: Kindred, request: FastifyRequest, reply: FastifyReply) => {
  if (!LOOPBACK.has(request.socket.remoteAddress ?? '')) return reply.code(403).send();
  const { contentType, text } = await house.metrics.render();
  return reply.type(contentType).send(text);
};

/** The whole blob, or one range of it; the ETag is the digest. */
const sendContent = async (
  { house, stores }: Kindred,
  request: FastifyRequest<{
    Params: { hex: string; fileName: string };
    Querystring: Record<string, string>;
  }>,
  reply: FastifyReply,
) => {
  const { hex, fileName } = request.params;
  const { Expires: expires = '', Signature: signature = '' } = request.query;
  const path = { hex, fileName, expires, signature };
  const digest = openContentPath(house.secrets, path, house.clocks.wallMs());
  const holder = digest && (await holderOf(stores, digest));
  if (digest === undefined || holder === undefined) return reply.code(404).send();
  const { blobs, sizeBytes: size } = holder;
  const etag = `"${digest}"`;
  reply.header('etag', etag).header('accept-ranges', 'bytes').type('application/octet-stream');
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const range = parseRange(request.headers.range, size);
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${size}`).send();
  const opened = await blobs.open(digest, range);
  if (opened === undefined) return reply.code(404).send();
  if (range) {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end - 1}/${size}`);
    reply.header('content-length', range.end - range.start);
  } else reply.header('content-length', size);
  return reply.send(opened.stream);
};

/** `bytes=a-b`, `bytes=a-`, `bytes=-n`; anything else is served whole, as HTTP allows. */
const parseRange = (
  header: string | undefined,
  size: number,
): { start: number; end: number } | undefined | 'unsatisfiable' => {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return start < end ? { start, end } : 'unsatisfiable';
};
