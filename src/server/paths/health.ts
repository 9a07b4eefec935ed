import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PathContext } from './path.ts';
import { VERSION } from '../version.ts';

/** `/health`: public; 503 while writes are stopped or the server drains. */
export const healthPath = (app: FastifyInstance, context: PathContext): void => {
  app.get('/health', (_request, reply) => health(context, reply));
};

const health = async ({ kindred, isDraining }: PathContext, reply: FastifyReply) => {
  const isFit = !kindred.house.store.isStopped && !isDraining();
  const status = isFit ? 'ok' : isDraining() ? 'draining' : 'writes-stopped';
  reply.header('cache-control', 'no-store');
  return reply.code(isFit ? 200 : 503).send({ status, version: VERSION });
};
