// The paths beside `/`, one file a family. Fastify serves them, loaded at the first such request, since
// most servers in tests never see one.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Kindred } from './compose.ts';
import type { PathContext } from './paths/path.ts';

export type OtherPaths = (request: IncomingMessage, response: ServerResponse) => void;

/** Of one part of a path: names of families have 128 characters, of four bytes, percent-encoded. */
const MAX_PARAM_LENGTH = 2_000;

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
  const [{ fastify }, { PATHS }] = await Promise.all([import('fastify'), import('./paths/all.ts')]);
  const app = fastify({
    logger: false,
    exposeHeadRoutes: true,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
  });
  for (const register of PATHS) register(app, context);
  await app.ready();
  return app;
};
