// `kindred/testing`: a whole Kindred inside the process of a test, behind a port of its own on the loopback.
// The same program over the same store as in service; only its clock, its faults and its memory of calls
// are in the hands of the test. Several of them in one process share nothing but a few threads each.
import type { AddressInfo } from 'node:net';
import { makeHttpServer } from '../server/http.ts';
import { makeLog } from '../server/log.ts';
import { openTestServer } from '../server/test-controls/test-server.ts';
import type { World } from '../server/test-controls/world.ts';
import { answerFetch } from './answer-fetch.ts';
import { lazyClient } from './lazy-client.ts';
import { noteOpen } from './open-instances.ts';
import type { StartKindred, TestWorld, WorldSettings } from './test-kindred.ts';

export type * from './test-kindred.ts';

/** Ready when it resolves. Close it, or declare it with `await using`. */
export const startKindred: StartKindred = async (options = {}) => {
  const { accessKey, regions, quotas, buckets, holdJobs, randomSeed } = options;
  const server = await openTestServer({
    kindred: {
      log: makeLog(options.logLevel ?? 'silent'),
      isEphemeral: true,
      ...(accessKey && { givenKey: accessKey }),
      ...(regions && { regions }),
      ...(quotas && { quotas }),
      ...(buckets !== undefined && { buckets }),
      test: { verifyEveryDays: 0, ...(holdJobs !== undefined && { holdJobs }) },
    },
    ...(randomSeed !== undefined && { randomSeed }),
    isDraining: () => false,
    token: undefined,
  });
  const http = await makeHttpServer({ ...server.doors, welcome: 'Kindred, in a test\n' });
  await new Promise<void>((resolve, reject) => {
    http.server.once('error', reject);
    http.server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  // An instance that nobody closes is reported at the end; it must not keep the end from coming.
  http.server.unref();
  const { port } = http.server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  const { worlds } = server;
  const noteClosed = noteOpen(() => worlds.discard());
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closing ??= (async () => {
      noteClosed();
      http.server.closeAllConnections();
      await new Promise((resolve) => http.server.close(resolve));
      await server.close();
    })());
  return Object.assign(viewOf(worlds.main, host, close), {
    async world(settings: WorldSettings = {}) {
      const { accessKey: givenKey, holdJobs: holds, randomSeed: drawnFrom } = settings;
      const world = await worlds.create({
        ...(givenKey && { givenKey }),
        ...(holds !== undefined && { holdJobs: holds }),
        ...(drawnFrom !== undefined && { randomSeed: drawnFrom }),
      });
      return viewOf(world, host, () => worlds.remove(world.worldId));
    },
  });
};

const viewOf = (world: World, host: string, close: () => Promise<void>): TestWorld => ({
  endpoint: `http://${host}`,
  host,
  accessKey: world.key,
  get accountId() {
    return world.accountId;
  },
  clock: {
    now: () => new Date(world.clock.wallMs()),
    set: (time) => world.clock.set(Number(time)),
    freeze: () => world.clock.freeze(),
    run: () => world.clock.run(),
    signatures: (mode) => world.clock.signBy(mode),
  },
  faults: world.faults,
  client: (key = world.key) =>
    lazyClient({
      ...key,
      endpoint: `http://${host}`,
      nowMs: () => world.clock.wallMs(),
      transport: async ({ form }) => {
        const request = new Request(`http://${host}/`, {
          method: 'POST',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          body: form,
        });
        const answer = await answerFetch(world, request);
        return { status: answer.status, body: await answer.text() };
      },
    }),
  handle: (request) => answerFetch(world, request),
  advance: (ms) => world.advance(ms),
  idle: () => world.idle(),
  reset: () => world.reset(),
  seed: async (seed) => {
    await world.seed(seed);
  },
  exportSeed: () => world.exportSeed(),
  snapshot: (name) => world.snapshot(name),
  restore: (name) => world.restore(name),
  calls: () => world.calls.all(),
  close,
  [Symbol.asyncDispose]: close,
});
