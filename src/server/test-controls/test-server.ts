import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { splitTarget } from '../../wire/params.ts';
import type { Kindred } from '../compose.ts';
import type { Doors } from '../doors.ts';
import { Worlds, type WorldsOptions } from './worlds.ts';

export const CONTROLS_PATH = '/_test';

export interface TestServerOptions extends WorldsOptions {
  /** What callers must send that are not on the loopback; without it they are refused. */
  token: string | undefined;
}

/** The doors of a server with test controls: its worlds, and `/_test/` in front of them. */
export interface TestServer {
  readonly worlds: Worlds;
  readonly kindred: Kindred;
  readonly doors: Doors;
  close(): Promise<void>;
}

/** @throws StartRefused */
export const openTestServer = async (options: TestServerOptions): Promise<TestServer> => {
  const worlds = await Worlds.open(options);
  let controls: Promise<FastifyInstance> | undefined;
  const control = (request: IncomingMessage, response: ServerResponse): void => {
    controls ??= import('./routes.ts').then(({ makeControls }) =>
      makeControls(worlds, options.token),
    );
    controls.then(
      (app) => app.routing(request, response),
      () => response.writeHead(500).end(),
    );
  };
  return {
    worlds,
    get kindred() {
      return worlds.main.kindred;
    },
    doors: {
      handle: (request, refusal) => worlds.handle(request, refusal),
      oss: (request, response) => worlds.oss(request, response),
      other(request, response) {
        const { path } = splitTarget(request.url ?? '/');
        if (path === CONTROLS_PATH || path.startsWith(`${CONTROLS_PATH}/`))
          control(request, response);
        else worlds.other(request, response);
      },
    },
    close: () => worlds.close(),
  };
};
