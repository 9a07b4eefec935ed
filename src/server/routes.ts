// The paths beside `/`, one file a family. Fastify serves them, loaded at the first such request, since
// most servers in tests never see one.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Kindred } from './compose.ts';
import { healthPath } from './paths/health.ts';
import { imagesPath } from './paths/images.ts';
import { metricsPath } from './paths/metrics.ts';
import { uploadsPath } from './paths/uploads.ts';
import type { Path, PathContext } from './paths/path.ts';

export type OtherPaths = (request: IncomingMessage, response: ServerResponse) => void;

const PATHS: readonly Path[] = [healthPath, metricsPath, imagesPath, uploadsPath];

/** @param isDraining tells whether the server is stopping */
export const makeOtherPaths = (kindred: Kindred, isDraining: () => boolean): OtherPaths => {
  let loading: Promise<FastifyInstance> | undefined;
  return (request, response) => {
    loading ??= loadRoutes({ kindred, isDraining });
    loading.then(
      (app) => app.routing(request, response),
      (error: unknown) => {
        kindred.house.log.error({ err: error }, 'routes did not load');
        response.writeHead(500).end();
      },
    );
  };
};

const loadRoutes = async (context: PathContext): Promise<FastifyInstance> => {
  const { fastify } = await import('fastify');
  const app = fastify({ logger: false, exposeHeadRoutes: true });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
  });
  for (const register of PATHS) register(app, context);
  await app.ready();
  return app;
};
