import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PathContext } from './path.ts';

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** `/metrics`: figures for Prometheus, to this machine only. */
export const metricsPath = (app: FastifyInstance, context: PathContext): void => {
  app.get('/metrics', (request, reply) => metrics(context, request, reply));
};

const metrics = async ({ kindred }: PathContext, request: FastifyRequest, reply: FastifyReply) => {
  if (!LOOPBACK.has(request.socket.remoteAddress ?? '')) return reply.code(403).send();
  const { contentType, text } = await kindred.house.metrics.render();
  return reply.type(contentType).send(text);
};
