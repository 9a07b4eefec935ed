// The worlds of one server behind one port. A request belongs to the world whose key it names, or that gave
// out the secret address it asks for; everything else is the main world's, which lives as long as the
// server.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiError } from '../../errors.ts';
import type { IngestPool } from '../../jobs/ingest-pool.ts';
import { systemRandom } from '../../lib/random.ts';
import type { WireRequest, WireResponse } from '../../wire/request.ts';
import type { Kindred, KindredOptions } from '../compose.ts';
import { doorsOf, type Doors } from '../doors.ts';
import { claimedAddress, claimedKey } from './claimed-key.ts';
import { ControlError } from './control-error.ts';
import { MAX_CLAIMS, MAX_WORLDS } from './limits.ts';
import { World, type WorldOptions } from './world.ts';

export interface WorldsOptions {
  kindred: WorldOptions['kindred'];
  /** Of the main world; default a temporary one. */
  dataDir?: string;
  /** Of the main world's ids and keys. */
  randomSeed?: number;
  isDraining(): boolean;
}

export type NewWorld = Pick<WorldOptions, 'randomSeed'> & {
  /** Jobs run only when a control asks for it. */
  holdJobs?: boolean;
  givenKey?: KindredOptions['givenKey'];
};

export const MAIN = 'main';

export class Worlds {
  readonly #options: WorldsOptions;
  readonly #worlds = new Map<string, World>();
  /** Key or address → id of its world. */
  readonly #claims = new Map<string, string>();
  readonly #doors = new WeakMap<Kindred, Doors>();
  readonly #random = systemRandom();
  #pool: Promise<IngestPool> | undefined;
  #opening = 0;

  private constructor(options: WorldsOptions) {
    this.#options = options;
  }

  /** @throws StartRefused */
  static async open(options: WorldsOptions): Promise<Worlds> {
    const worlds = new Worlds(options);
    const { dataDir, randomSeed } = options;
    await worlds.#open({
      worldId: MAIN,
      kindred: options.kindred,
      ...(dataDir !== undefined && { dataDir }),
      ...(randomSeed !== undefined && { randomSeed }),
    });
    return worlds;
  }

  get main(): World {
    return this.#worlds.get(MAIN)!;
  }

  /** @throws ControlError */
  get(worldId: string): World {
    const world = this.#worlds.get(worldId);
    if (world === undefined) throw new ControlError(`there is no world ${worldId.slice(0, 64)}`);
    return world;
  }

  list(): World[] {
    return [...this.#worlds.values()];
  }

  /** Another world beside the main one, with a key of its own. @throws ControlError */
  async create({ randomSeed, holdJobs, givenKey }: NewWorld = {}): Promise<World> {
    if (this.#worlds.size + this.#opening > MAX_WORLDS)
      throw new ControlError(`${MAX_WORLDS} worlds are open; delete some`);
    if (givenKey !== undefined && this.#claims.has(givenKey.accessKeyId))
      throw new ControlError('the key belongs to another world already');
    this.#opening += 1;
    try {
      const { kindred } = this.#options;
      const { givenKey: _main, ...settings } = kindred;
      return await this.#open({
        worldId: `w-${Buffer.from(this.#random.bytes(10)).toString('hex')}`,
        kindred: {
          ...settings,
          isEphemeral: true,
          ...(givenKey && { givenKey }),
          test: { ...kindred.test, ...(holdJobs !== undefined && { holdJobs }) },
        },
        ...(randomSeed !== undefined && { randomSeed }),
      });
    } finally {
      this.#opening -= 1;
    }
  }

  /** @throws ControlError */
  async remove(worldId: string): Promise<void> {
    if (worldId === MAIN)
      throw new ControlError('the main world goes with the server; reset it instead');
    const world = this.get(worldId);
    this.#worlds.delete(worldId);
    for (const [claim, owner] of this.#claims) if (owner === worldId) this.#claims.delete(claim);
    await world.close();
  }

  async handle(request: WireRequest, refusal?: ApiError): Promise<WireResponse> {
    const key = claimedKey(request.target, request.rawHeaders, request.body);
    return (await this.#find(key)).handle(request, refusal);
  }

  other(request: IncomingMessage, response: ServerResponse): void {
    void this.#pass(request, response, 'other');
  }

  oss(request: IncomingMessage, response: ServerResponse): void {
    void this.#pass(request, response, 'oss');
  }

  async close(): Promise<void> {
    await Promise.all(this.list().map((world) => world.close()));
    if (this.#pool !== undefined) await (await this.#pool).close();
  }

  /** At the end of a process that did not close them. */
  discard(): void {
    for (const world of this.list()) world.discard();
  }

  async #open(options: WorldOptions): Promise<World> {
    const { worldId, kindred } = options;
    const world = await World.open({
      ...options,
      kindred: {
        ...kindred,
        test: {
          // A planned crash is of the threads of its own Kindred.
          ...(kindred.test?.faultPlan === undefined && { pool: () => this.#sharedPool() }),
          ...kindred.test,
        },
      },
      claimed: (claims) => this.#claim(worldId, claims),
    });
    this.#worlds.set(worldId, world);
    return world;
  }

  /** To start a thread takes longer than to open a world: all of them share a few. */
  #sharedPool(): Promise<IngestPool> {
    this.#pool ??= import('../../jobs/ingest-pool.ts').then(({ createIngestPool }) =>
      createIngestPool(),
    );
    return this.#pool;
  }

  #claim(worldId: string, claims: readonly string[]): void {
    for (const claim of claims) {
      if (this.#claims.size >= MAX_CLAIMS) {
        const oldest = this.#claims.keys().next().value;
        if (oldest !== undefined) this.#claims.delete(oldest);
      }
      this.#claims.set(claim, worldId);
    }
  }

  async #find(key: string | undefined): Promise<World> {
    if (key === undefined || this.#worlds.size === 1) return this.main;
    const claimed = this.#worlds.get(this.#claims.get(key) ?? '');
    if (claimed !== undefined) return claimed;
    // A key that came by a seed, or was forgotten: the rows know it.
    for (const world of this.list()) {
      const isKnown = await world.using(
        async ({ house }) => (await house.store.read((tx) => tx.credentials(key))) !== undefined,
      );
      if (!isKnown) continue;
      this.#claim(world.worldId, [key]);
      return world;
    }
    return this.main;
  }

  async #pass(
    request: IncomingMessage,
    response: ServerResponse,
    door: 'other' | 'oss',
  ): Promise<void> {
    const { url = '/', rawHeaders } = request;
    const claim = claimedAddress(request) ?? claimedKey(url, rawHeaders);
    const world = await this.#find(claim).catch(() => this.main);
    await world
      .using(async (kindred) => {
        const doors = this.#doors.get(kindred) ?? doorsOf(kindred, this.#options.isDraining);
        this.#doors.set(kindred, doors);
        const closed = new Promise((resolve) => response.once('close', resolve));
        doors[door](request, response);
        await closed;
      })
      .catch(() => response.destroy());
  }
}
