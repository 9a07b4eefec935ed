import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { preconditions } from './preconditions.ts';

export interface Text {
  body: string | Uint8Array;
  type: string;
  cacheControl: string;
}

/** Small bodies with the conditions of HTTP; what polls them costs a 304. */
export const sendText = (
  request: FastifyRequest,
  reply: FastifyReply,
  { body, type, cacheControl }: Text,
): FastifyReply => {
  const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 32)}"`;
  reply.header('etag', etag).header('cache-control', cacheControl);
  const ended = preconditions(request.headers, { etag });
  if (ended !== undefined) return reply.code(ended).send();
  reply.type(type).header('content-length', Buffer.byteLength(body));
  return request.method === 'HEAD' ? reply.send() : reply.send(Buffer.from(body));
};

const answer = (reply: FastifyReply, status: number, error: string): FastifyReply => {
  const body = Buffer.from(`${JSON.stringify({ error })}\n`);
  reply.code(status).type('application/json; charset=utf-8').header('cache-control', 'no-store');
  reply.header('content-length', body.length);
  return reply.request.method === 'HEAD' ? reply.send() : reply.send(body);
};

/** For a reader who has the right to know. */
export const notFound = (reply: FastifyReply, error: string): FastifyReply =>
  answer(reply, 404, error);

/**
 * One answer for what is not there, what belongs to others and what the reader may not see: without a
 * valid credential 401, which programs like wget wait for, with one 404. Neither tells what exists.
 */
export const denied = (reply: FastifyReply, { hasToken }: { hasToken: boolean }): FastifyReply => {
  if (hasToken) return answer(reply, 404, 'There is nothing here that this token opens.');
  reply.header(
    'www-authenticate',
    'Basic realm="kindred", charset="UTF-8", Bearer realm="kindred"',
  );
  return answer(
    reply,
    401,
    'Send a read token of the family as a Bearer token or as the password of any user.',
  );
};
