// The one function that sends the bytes of a blob: whole or a range, with the digest as ETag and the
// conditions of HTTP. Who may read them was decided before; a digest opens nothing here either.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BlobStores } from '../../blobs/blob-stores.ts';
import { holderOf } from '../../blobs/holder.ts';
import type { Digest } from '../../domain/ids.ts';
import type { Store } from '../../domain/tx.ts';
import type { ImageUses, UsedImage } from '../audit/image-uses.ts';
import { parseRange } from './byte-range.ts';
import { preconditions, rangeApplies } from './preconditions.ts';
import { notFound } from './send-text.ts';

export interface Content {
  digest: Digest;
  /** What the client calls the file; ASCII letters, digits and `._-` only. */
  fileName: string;
  modifiedMs?: number;
  cacheControl?: string;
  /** The image that the bytes are of, as far as it is known: counted by day. */
  image?: UsedImage;
}

/** What sends bytes, and counts them. */
export interface Sources {
  store: Store;
  stores: BlobStores;
  uses: ImageUses;
  /** Who reads, as far as it is known. */
  principal: string;
}

/** RFC 9530: the digest of the whole, whichever part is sent. */
const reprDigest = (digest: Digest): string =>
  `sha-256=:${Buffer.from(digest.slice('sha256:'.length), 'hex').toString('base64')}:`;

export const sendBytes = async (
  sources: Sources,
  request: FastifyRequest,
  reply: FastifyReply,
  content: Content,
): Promise<FastifyReply> => {
  const { digest, modifiedMs } = content;
  const holder = await holderOf(sources, digest);
  if (holder === undefined) return notFound(reply, 'The bytes are not here.');
  const { blobs, sizeBytes } = holder;
  const { headers } = request;
  const validators = { etag: `"${digest}"`, ...(modifiedMs === undefined ? {} : { modifiedMs }) };
  reply.header('etag', validators.etag).header('accept-ranges', 'bytes');
  reply.header('repr-digest', reprDigest(digest));
  reply.header('content-disposition', `attachment; filename="${content.fileName}"`);
  if (modifiedMs !== undefined) reply.header('last-modified', new Date(modifiedMs).toUTCString());
  if (content.cacheControl !== undefined) reply.header('cache-control', content.cacheControl);
  const ended = preconditions(headers, validators);
  if (ended !== undefined) return reply.code(ended).send();
  reply.type('application/octet-stream');
  // Range says something to GET alone (RFC 9110, 14.2).
  if (request.method === 'HEAD') return reply.header('content-length', sizeBytes).send();
  const range = rangeApplies(headers, validators)
    ? parseRange(headers.range, sizeBytes)
    : undefined;
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${sizeBytes}`).send();
  const opened = await blobs.open(digest, range);
  if (opened === undefined) return notFound(reply, 'The bytes are not here.');
  // The client may have gone while the file was opened; nothing would ever read the stream then.
  if (request.raw.destroyed || reply.raw.destroyed) {
    opened.stream.destroy();
    return reply.hijack();
  }
  if (content.image !== undefined) countWhenSent(sources, reply, content.image);
  if (range) {
    reply.code(206);
    reply.header('content-range', `bytes ${range.start}-${range.end - 1}/${sizeBytes}`);
    reply.header('content-length', range.end - range.start);
  } else reply.header('content-length', sizeBytes);
  return reply.send(opened.stream);
};

/** By what left for the socket, head and all: a reader that goes away is counted with what he took. */
const countWhenSent = (
  { uses, principal }: Sources,
  reply: FastifyReply,
  image: UsedImage,
): void => {
  const { socket } = reply.raw;
  const before = socket?.bytesWritten ?? 0;
  reply.raw.once('close', () =>
    uses.read(principal, image, Math.max(0, (socket?.bytesWritten ?? 0) - before)),
  );
};
