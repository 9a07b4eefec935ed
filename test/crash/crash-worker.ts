// Many rounds of work, death and recovery on one data directory. A named round dies at a point of
// the program, a random one at any moment (now and then again while it recovers). Each ends with
// every check; what they find stays with the round that found it.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Api } from './api.ts';
import { Chance } from './chance.ts';
import { checkAll } from './check.ts';
import { Client, REGION } from './client.ts';
import { Ledger, type ImageEntry } from './ledger.ts';
import { Objects } from './objects.ts';
import type { Program } from './program.ts';
import { damagedBlobs } from './rows.ts';
import { isReady, KEY, launch, start, type ServerProcess } from './server-process.ts';
import { awaitEnd, resolveLostAccepts, resolveLostChanges, retryAcknowledged } from './settle.ts';

/** Longest wait for a named death once the clients have ended. */
const DEATH_DEADLINE_MS = 6_000;
const MAX_RECOVERY_MS = 600;
/** Images that are kept from round to round; more are deleted. */
const MAX_IMAGES = 45;

export interface Round {
  /** False: the point was not reached. */
  isKilled: boolean;
  violations: string[];
  log: string;
}

export interface CrashWorkerOptions {
  /** Clients at work at once (default 4). */
  clients?: number;
  /** Longest time to a random death (default 900 ms). */
  mostMs?: number;
}

export class CrashWorker {
  readonly ledger = new Ledger();
  readonly #program: Program;
  readonly #dataDir: string;
  readonly #chance: Chance;
  readonly #objects: Objects;
  readonly #options: Required<CrashWorkerOptions>;
  #server: ServerProcess | undefined;
  #log = '';
  #judged = 0;
  kills = 0;

  constructor(program: Program, dataDir: string, seed: number, options: CrashWorkerOptions = {}) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    this.#program = program;
    this.#dataDir = dataDir;
    this.#chance = new Chance(seed);
    this.#options = { clients: 4, mostMs: 900, ...options };
    this.#objects = new Objects(join(dataDir, 'buckets'), seed);
  }

  /** Dies at the `occurrence`-th time that `point` is reached. */
  async namedRound(point: string, occurrence: number): Promise<Round> {
    await this.#kill();
    const server = launch(this.#program, {
      dataDir: this.#dataDir,
      fault: `${point}:${occurrence}`,
    });
    this.#server = server;
    if (await isReady(server)) await this.#work(server, () => awaitDeath(server));
    const isKilled = server.isDead;
    return this.#recovered(isKilled);
  }

  /** Dies at a random moment of the work, and sometimes again during the recovery. */
  async randomRound(): Promise<Round> {
    const server = this.#server ?? (await this.#start());
    await this.#work(server, async () => {
      await pause(this.#chance.below(this.#options.mostMs));
      await this.#kill();
    });
    for (let again = this.#chance.below(4); again > 1; again--) {
      const next = launch(this.#program, { dataDir: this.#dataDir });
      this.#server = next;
      await pause(this.#chance.below(MAX_RECOVERY_MS));
      await this.#kill();
    }
    return this.#recovered(true);
  }

  /** The last look: every stored file is hashed. Ends the server and removes the data. */
  async end(): Promise<string[]> {
    await this.stop();
    const damaged = damagedBlobs(this.#dataDir);
    rmSync(this.#dataDir, { recursive: true, force: true });
    return damaged.map((name) => `blob ${name} holds other bytes`);
  }

  /** Nothing of it runs any more. */
  stop(): Promise<void> {
    return this.#kill();
  }

  async #start(): Promise<ServerProcess> {
    this.#server = await start(this.#program, { dataDir: this.#dataDir });
    return this.#server;
  }

  async #kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    if (!server.isDead) this.kills += 1;
    await server.kill();
    this.#log = server.log;
    this.#readLog();
  }

  /** An error in the log is a bug, whatever the answers were. */
  #readLog(): void {
    for (const line of this.#log.split('\n'))
      if (/^\{"level":[56]0/.test(line)) this.ledger.violated(`logged: ${line.slice(0, 600)}`);
  }

  /** All clients at once, until they have ended or `meanwhile` has killed the server. */
  async #work(server: ServerProcess, meanwhile: () => Promise<void>): Promise<void> {
    const api = new Api(server.port, KEY);
    const fresh = this.#objects.fresh();
    const own: ImageEntry[][] = Array.from({ length: this.#options.clients }, () => []);
    for (const entry of this.ledger.alive()) this.#chance.pick(own)?.push(entry);
    const clients = own.map(
      (entries) => new Client(api, this.ledger, this.#chance, this.#objects.fixed, fresh, entries),
    );
    const work = Promise.all(
      clients.map(async (client, i) => {
        if (i === 0) await client.opening();
        await client.run();
      }),
    );
    await Promise.all([work, meanwhile()]);
    api.close();
  }

  async #recovered(isKilled: boolean): Promise<Round> {
    await this.#kill();
    const server = await this.#start();
    const api = new Api(server.port, KEY);
    try {
      await resolveLostAccepts(api, this.ledger);
      await awaitEnd(api, this.ledger, this.#dataDir);
      await resolveLostChanges(api, this.ledger);
      await retryAcknowledged(api, this.ledger, 3);
      await checkAll(api, this.ledger, this.#dataDir);
      await this.#makeRoom(api);
    } catch (error) {
      this.ledger.violated(`the checks could not be made: ${(error as Error).stack}`);
    } finally {
      api.close();
    }
    this.ledger.requestIds = [];
    this.#objects.forgetFresh();
    const violations = this.ledger.violations.slice(this.#judged);
    this.#judged = this.ledger.violations.length;
    return {
      isKilled,
      violations,
      log: violations.length > 0 ? `${this.#log}\n---\n${server.log}` : '',
    };
  }

  async #makeRoom(api: Api): Promise<void> {
    const { ledger } = this;
    for (const entry of ledger.images.values()) {
      if (ledger.alive().length <= MAX_IMAGES) break;
      if (entry.fate !== 'alive') continue;
      await api.must('DeleteImage', { RegionId: REGION, ImageId: entry.imageId });
      entry.fate = 'deleted';
    }
    // Long gone: asking for them again in every round would cost more than it could find.
    for (const [imageId, { fate }] of ledger.images)
      if (fate !== 'alive' && ledger.images.size > 2 * MAX_IMAGES) ledger.images.delete(imageId);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const awaitDeath = async (server: ServerProcess): Promise<void> => {
  await Promise.race([server.died, pause(DEATH_DEADLINE_MS)]);
};
