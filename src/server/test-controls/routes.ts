// `/_test/…`: the controls for programs in any language, as JSON over HTTP. A control is about the world that
// `?World=w-…` names, else about the main one. What each takes and answers is told by open-api.ts.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ControlError } from './control-error.ts';
import { refusalOf } from './guard.ts';
import { openApi } from './open-api.ts';
import { readAdvance, readClock, readNewWorld } from './read-controls.ts';
import type { World } from './world.ts';
import type { Worlds } from './worlds.ts';

/** Largest body of a control; a seed with its images is the largest. */
const MAX_CONTROL_BYTES = 16 * 1024 * 1024;

type Request = FastifyRequest<{ Querystring: { World?: string }; Params: { name: string } }>;

export const makeControls = async (
  worlds: Worlds,
  token: string | undefined,
): Promise<FastifyInstance> => {
  const { fastify } = await import('fastify');
  const app = fastify({ logger: false, bodyLimit: MAX_CONTROL_BYTES });
  // No body is as good as an empty one.
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(body as string));
    } catch {
      done(new ControlError('the body is not JSON'));
    }
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
    const refusal = refusalOf(request.raw, token);
    if (refusal !== undefined) await send(reply, 403, 'Forbidden', refusal);
  });
  app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
    if (error instanceof ControlError || error.name === 'KindredError')
      return send(reply, 400, 'InvalidControl', error.message);
    const status = error.statusCode ?? 500;
    return send(reply, status, status < 500 ? 'InvalidControl' : 'InternalError', error.message);
  });
  app.setNotFoundHandler(async (_request, reply) =>
    send(reply, 404, 'NotFound', 'there is no such control; GET /_test tells which there are'),
  );
  app.get('/_test', async () => openApi());
  worldRoutes(app, worlds);
  timeRoutes(app, worlds);
  stateRoutes(app, worlds);
  callRoutes(app, worlds);
  await app.ready();
  return app;
};

const send = (reply: FastifyReply, status: number, Code: string, Message: string) =>
  reply.code(status).send({ Code, Message });

const worldRoutes = (app: FastifyInstance, worlds: Worlds): void => {
  app.get('/_test/worlds', async () => ({
    Worlds: worlds.list().map(({ worldId, accountId }) => ({
      WorldId: worldId,
      AccountId: accountId,
    })),
  }));
  app.post('/_test/worlds', async (request, reply) => {
    const world = await worlds.create(readNewWorld(request.body));
    return reply.code(201).send({ ...worldView(world), Endpoint: request.host });
  });
  app.delete('/_test/worlds/:name', async (request: Request, reply) => {
    await worlds.remove(request.params.name);
    return reply.code(204).send();
  });
};

const worldView = ({ worldId, accountId, key }: World) => ({
  WorldId: worldId,
  AccountId: accountId,
  AccessKeyId: key.accessKeyId,
  AccessKeySecret: key.accessKeySecret,
});

const worldOf = (worlds: Worlds, { query }: Pick<Request, 'query'>): World =>
  query.World === undefined ? worlds.main : worlds.get(query.World);

const timeRoutes = (app: FastifyInstance, worlds: Worlds): void => {
  app.get('/_test/clock', async (request: Request) => clockView(worldOf(worlds, request)));
  app.put('/_test/clock', async (request: Request) => {
    const world = worldOf(worlds, request);
    const { nowMs, isFrozen, signatures } = readClock(request.body);
    if (isFrozen === true) world.clock.freeze();
    if (isFrozen === false) world.clock.run();
    if (nowMs !== undefined) world.clock.set(nowMs);
    if (signatures !== undefined) world.clock.signBy(signatures);
    return clockView(world);
  });
  app.post('/_test/clock/advance', async (request: Request) => {
    const world = worldOf(worlds, request);
    await world.advance(readAdvance(request.body));
    return clockView(world);
  });
  app.post('/_test/idle', async (request: Request) => {
    const world = worldOf(worlds, request);
    await world.idle();
    return clockView(world);
  });
};

const clockView = ({ clock }: World) => {
  const { nowMs, isFrozen, signatures } = clock.state();
  return { Now: new Date(nowMs).toISOString(), Frozen: isFrozen, Signatures: signatures };
};

const stateRoutes = (app: FastifyInstance, worlds: Worlds): void => {
  app.post('/_test/reset', async (request: Request) => {
    const world = worldOf(worlds, request);
    await world.reset();
    return worldView(world);
  });
  app.get('/_test/seed', async (request: Request) => worldOf(worlds, request).exportSeed());
  app.post('/_test/seed', async (request: Request) => worldOf(worlds, request).seed(request.body));
  app.get('/_test/snapshots', async (request: Request) => ({
    Snapshots: worldOf(worlds, request).snapshots(),
  }));
  app.put('/_test/snapshots/:name', async (request: Request, reply) => {
    await worldOf(worlds, request).snapshot(request.params.name);
    return reply.code(204).send();
  });
  app.post('/_test/snapshots/:name/restore', async (request: Request, reply) => {
    await worldOf(worlds, request).restore(request.params.name);
    return reply.code(204).send();
  });
};

const callRoutes = (app: FastifyInstance, worlds: Worlds): void => {
  app.get('/_test/calls', async (request: Request) => ({
    Calls: worldOf(worlds, request).calls.all(),
  }));
  app.delete('/_test/calls', async (request: Request, reply) => {
    worldOf(worlds, request).calls.clear();
    return reply.code(204).send();
  });
  app.get('/_test/faults', async (request: Request) => ({
    Faults: worldOf(worlds, request).faults.list(),
  }));
  app.post('/_test/faults', async (request: Request, reply) =>
    reply.code(201).send(worldOf(worlds, request).faults.add(request.body)),
  );
  app.delete('/_test/faults', async (request: Request, reply) => {
    worldOf(worlds, request).faults.clear();
    return reply.code(204).send();
  });
};
