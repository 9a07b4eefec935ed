import type { World } from '../server/test-controls/world.ts';

/** One request of the Fetch API, answered by a world's own pipeline without a port. */
export const answerFetch = async (world: World, request: Request): Promise<Response> => {
  const { pathname, search, host } = new URL(request.url);
  const { status, headers, body, isDropped } = await world.handle({
    method: request.method,
    target: `${pathname}${search}`,
    rawHeaders: [...Array.from(request.headers).flat(), ...hostOf(request, host)],
    body: new Uint8Array(await request.arrayBuffer()),
    remoteAddress: '127.0.0.1',
  });
  if (isDropped) throw new TypeError('fetch failed', { cause: reset() });
  return new Response(Buffer.from(body), { status, headers });
};

const hostOf = ({ headers }: Request, host: string): string[] =>
  headers.has('host') ? [] : ['host', host];

/** As a socket tells of it. */
const reset = (): Error => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
