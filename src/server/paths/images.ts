import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { holderOf } from '../../blobs/holder.ts';
import { openContentPath } from '../content-path.ts';
import { parseRange } from './byte-range.ts';
import type { PathContext } from './path.ts';

interface ContentRoute {
  Params: { hex: string; fileName: string };
  Querystring: Record<string, string>;
}

/** `/images/<hex>/<file name>`: the bytes of a disk, on a path that a signed call gave out. */
export const imagesPath = (app: FastifyInstance, context: PathContext): void => {
  app.get<ContentRoute>('/images/:hex/:fileName', (request, reply) =>
    sendContent(context, request, reply),
  );
};

/** The whole blob, or one range of it; the ETag is the digest. */
const sendContent = async (
  { kindred: { house, stores } }: PathContext,
  request: FastifyRequest<ContentRoute>,
  reply: FastifyReply,
) => {
  const { hex, fileName } = request.params;
  const { Expires: expires = '', Signature: signature = '' } = request.query;
  const path = { hex, fileName, expires, signature };
  const digest = openContentPath(house.secrets, path, house.clocks.wallMs());
  const holder = digest && (await holderOf({ store: house.store, stores }, digest));
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
