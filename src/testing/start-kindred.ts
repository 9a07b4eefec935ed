// `kindred/testing`: a whole Kindred inside the process of a test, behind a port of its own on the loopback.
// The same program over the same store as in service; only its clock, its faults and its memory of calls
// are in the hands of the test. Several of them in one process share nothing but a few threads each.
import type { AddressInfo } from 'node:net';
import type { Client } from '../client/client.ts';
import { makeHttpServer } from '../server/http.ts';
import { makeLog, type LogLevel } from '../server/log.ts';
import type { Call } from '../server/test-controls/call-log.ts';
import type { FaultSpec } from '../server/test-controls/fault-spec.ts';
import type { WaitingFault } from '../server/test-controls/faults.ts';
import { openTestServer } from '../server/test-controls/test-server.ts';
import type { SignatureMode } from '../server/test-controls/world-clock.ts';
import type { World } from '../server/test-controls/world.ts';
import { answerFetch } from './answer-fetch.ts';
import { lazyClient } from './lazy-client.ts';
import { noteOpen } from './open-instances.ts';

export type { Call, Client, FaultSpec, WaitingFault };

export interface AccessKey {
  accessKeyId: string;
  accessKeySecret: string;
}

/** What a world of its own can be given. */
export interface WorldSettings {
  /** Its root key; drawn without one. */
  accessKey?: AccessKey;
  /** Ids and keys are drawn from this number and repeat from one run to the next. */
  randomSeed?: number;
  /** Jobs (imports, copies, exports) run only during `idle()` and `advance()`. */
  holdJobs?: boolean;
}

export interface StartOptions extends WorldSettings {
  /** Default: a free one. */
  port?: number;
  /** Regions besides the vendor's. */
  regions?: readonly string[];
  /** `{ imagesPerFamily: 2 }` */
  quotas?: Readonly<Record<string, number>>;
  /** Folder with `<bucket>/<object>`; default one of its own. */
  buckets?: string;
  /** Default `silent`. */
  logLevel?: LogLevel;
}

export interface Clock {
  /** Wall clock of the world. */
  now(): Date;
  set(time: Date | number): void;
  freeze(): void;
  /** Runs again, from where it stands. */
  run(): void;
  /**
   * What timestamps of signatures are held against: `either` the real clock or the world's (default), or
   * the world's `wall` clock alone.
   */
  signatures(mode: SignatureMode): void;
}

export interface Faults {
  /** `{ Operation: 'CopyImage', Kind: 'fail-task', Progress: 37, Times: 2 }` @throws when it is misspelt */
  add(fault: FaultSpec): WaitingFault;
  list(): readonly WaitingFault[];
  clear(): void;
}

/** One Kindred with everything that a test may do to it. */
export interface TestWorld extends AsyncDisposable {
  /** `http://127.0.0.1:41234` */
  readonly endpoint: string;
  /** `127.0.0.1:41234`, as the SDKs want it. */
  readonly host: string;
  /** The root key. */
  readonly accessKey: AccessKey;
  readonly accountId: string;
  readonly clock: Clock;
  readonly faults: Faults;
  /** A typed client of every operation, without the port; it signs by the world's clock. */
  client(key?: AccessKey): Client;
  /** One request, without the port. Rejects where a fault drops the connection. */
  handle(request: Request): Promise<Response>;
  /** Moves the wall clock on; resolves when everything due has been done. */
  advance(ms: number): Promise<void>;
  /** Resolves when no work is left. */
  idle(): Promise<void>;
  /** As new; endpoint and root key stay. */
  reset(): Promise<void>;
  /** Makes accounts and images as a seed says (docs/guide/seeds.md). @throws KindredError that names the place */
  seed(seed: object): Promise<void>;
  /** The state as a seed: equal states are equal texts. */
  exportSeed(): Promise<Record<string, unknown>>;
  snapshot(name: string): Promise<void>;
  restore(name: string): Promise<void>;
  /** The calls so far, each with the parameters that were read and ignored. */
  calls(): readonly Call[];
  close(): Promise<void>;
}

export interface TestKindred extends TestWorld {
  /** Another world behind the same port, found by its key. */
  world(settings?: WorldSettings): Promise<TestWorld>;
}

/** Ready when it resolves. Close it, or declare it with `await using`. */
export const startKindred = async (options: StartOptions = {}): Promise<TestKindred> => {
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
