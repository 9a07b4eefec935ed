// One world: a whole Kindred of its own with a clock that moves, faults that wait, and a memory of its
// calls. It is the same program over the same store; what is special is only who holds its clock. A reset
// or a restore closes it and opens it anew, while calls that come wait.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newAccessKeyPair, type AccountId } from '../../domain/ids.ts';
import type { ApiError } from '../../errors.ts';
import { seededRandom, systemRandom } from '../../lib/random.ts';
import type { WireRequest, WireResponse } from '../../wire/request.ts';
import type { CallWatch } from '../call-watch.ts';
import { openKindred, type Kindred, type KindredOptions } from '../compose.ts';
import { readRootKey, type KeyPair } from '../first-account.ts';
import { CallLog } from './call-log.ts';
import { ControlError } from './control-error.ts';
import { FaultPlans } from './faults.ts';
import { MAX_ADVANCE_MS, MAX_SNAPSHOTS } from './limits.ts';
import { copyTree, emptyFolder } from './copy-tree.ts';
import { exportWorld, seedWorld, type SeededWorld } from './world-seed.ts';
import { WorldClock, type ClockState } from './world-clock.ts';

export interface WorldOptions {
  worldId: string;
  /** Settings of its Kindred; clocks and directory are the world's own. */
  kindred: Omit<KindredOptions, 'dataDir' | 'clocks' | 'random'>;
  /** Default: a temporary one, which goes with the world. */
  dataDir?: string;
  /** Ids and keys repeat from one run to the next: the number that they are drawn from. */
  randomSeed?: number;
  /** Told of keys and secret addresses that the world gave out. */
  claimed?: (claims: readonly string[]) => void;
}

interface Snapshot {
  path: string;
  clock: ClockState;
}

export class World {
  readonly worldId: string;
  readonly clock = new WorldClock();
  readonly faults = new FaultPlans();
  readonly calls = new CallLog();
  readonly #options: WorldOptions;
  /** Everything of the world that goes with it. */
  readonly #folder: string;
  #dataDir: string;
  #folderCount = 0;
  /** What earlier states still hold is given back while the next one works already. */
  readonly #leaving = new Set<Promise<void>>();
  readonly #snapshots = new Map<string, Snapshot>();
  #snapshotCount = 0;
  #kindred!: Kindred;
  #key!: KeyPair;
  #accountId!: AccountId;
  #inFlight = 0;
  #quiet: (() => void) | undefined;
  #changing: Promise<void> | undefined;
  #isClosed = false;
  /** Requests of the controls themselves. */
  readonly #own = new WeakSet<WireRequest>();

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.worldId = options.worldId;
    this.#folder = mkdtempSync(join(tmpdir(), 'kindred-world-'));
    this.#dataDir = options.dataDir ?? this.#newFolder();
  }

  /** @throws StartRefused */
  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options);
    try {
      await world.#open(options.kindred.givenKey ?? world.#drawnKey());
    } catch (error) {
      rmSync(world.#folder, { recursive: true, force: true });
      throw error;
    }
    return world;
  }

  get kindred(): Kindred {
    return this.#kindred;
  }

  /** The root key; it stays the same over resets. */
  get key(): KeyPair {
    return this.#key;
  }

  get accountId(): AccountId {
    return this.#accountId;
  }

  /** One call, by the world's own pipeline. */
  async handle(request: WireRequest, refusal?: ApiError): Promise<WireResponse> {
    return this.using(({ handle }) => handle(request, refusal));
  }

  /** Whatever is done with the world's Kindred; it is not exchanged meanwhile. */
  async using<T>(fn: (kindred: Kindred) => Promise<T>): Promise<T> {
    while (this.#changing !== undefined) await this.#changing;
    if (this.#isClosed) throw new ControlError(`the world ${this.worldId} is closed`);
    this.#inFlight += 1;
    try {
      return await fn(this.#kindred);
    } finally {
      this.#inFlight -= 1;
      if (this.#inFlight === 0) this.#quiet?.();
    }
  }

  /** Resolves when nothing is left to do, but for what waits for the wall clock. */
  idle(): Promise<void> {
    return this.using(({ jobs }) => jobs.finishAll());
  }

  /** Moves the wall clock on, stopping wherever something is due; resolves when that is done. */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms <= MAX_ADVANCE_MS))
      throw new ControlError('a clock is advanced by 0 milliseconds up to ten years');
    await this.using(async ({ jobs }) => {
      await jobs.finishAll();
      const untilMs = this.clock.wallMs() + ms;
      for (;;) {
        const nextMs = await jobs.nextWallMs();
        if (nextMs === undefined || nextMs > untilMs) break;
        this.clock.set(Math.max(nextMs, this.clock.wallMs()));
        await jobs.finishAll();
      }
      this.clock.set(Math.max(untilMs, this.clock.wallMs()));
      await jobs.passTime();
      await jobs.finishAll();
    });
  }

  /** As it was when it was new: no row, no byte, no fault, no call, the real time, the same root key. */
  reset(): Promise<void> {
    const clear = (): void => {
      this.clock.reset();
      this.faults.clear();
      this.calls.clear();
    };
    if (this.#options.dataDir === undefined) return this.#replace(clear);
    return this.#exchange(() => {
      clear();
      emptyFolder(this.#dataDir);
    });
  }

  /** Keeps the state under a name, in place of an earlier one of that name. Jobs are finished first. */
  async snapshot(name: string): Promise<void> {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
      throw new ControlError(
        'a snapshot is named by up to 64 letters, digits, dots, hyphens and _',
      );
    const earlier = this.#snapshots.get(name);
    if (earlier === undefined && this.#snapshots.size >= MAX_SNAPSHOTS)
      throw new ControlError(`${MAX_SNAPSHOTS} snapshots are kept already`);
    await this.idle();
    await this.#exchange(() => {
      const path = join(this.#folder, `snapshot-${++this.#snapshotCount}`);
      copyTree(this.#dataDir, path);
      this.#snapshots.set(name, { path, clock: this.clock.state() });
    });
    if (earlier !== undefined) rmSync(earlier.path, { recursive: true, force: true });
  }

  async restore(name: string): Promise<void> {
    const snapshot = this.#snapshots.get(name);
    if (snapshot === undefined)
      throw new ControlError(
        `there is no snapshot ${name.slice(0, 64)}; there are: ${[...this.#snapshots.keys()].join(', ') || 'none'}`,
      );
    await this.#exchange(() => {
      emptyFolder(this.#dataDir);
      copyTree(snapshot.path, this.#dataDir);
      this.faults.clear();
      this.clock.take(snapshot.clock);
    });
  }

  /** Makes accounts and images as the seed says. @throws KindredError that names the place in it */
  seed(seed: unknown) {
    return seedWorld(this.#seeded(), seed);
  }

  /** The state as a seed. */
  exportSeed(): Promise<Record<string, unknown>> {
    return exportWorld(this.#seeded());
  }

  snapshots(): string[] {
    return [...this.#snapshots.keys()];
  }

  /** Removes everything of it. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#settled();
    await this.#kindred.close();
    await Promise.all(this.#leaving);
    // Not on this thread: other worlds go on meanwhile, and a busy disk takes its time.
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** At the end of a process that did not close it: only what lies on the disk. */
  discard(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A world of its own needs no file that tells its key. */
  #drawnKey(): KeyPair | undefined {
    const { dataDir, randomSeed } = this.#options;
    if (dataDir !== undefined) return undefined;
    return newAccessKeyPair(randomSeed === undefined ? systemRandom() : seededRandom(randomSeed));
  }

  #newFolder(): string {
    this.#folderCount += 1;
    return join(this.#folder, `data-${this.#folderCount}`);
  }

  /** The next state lies in another folder, so that nobody waits until this one is gone. */
  #replace(change: () => void): Promise<void> {
    return this.#alone(async () => {
      const [kindred, dataDir] = [this.#kindred, this.#dataDir];
      this.#dataDir = this.#newFolder();
      change();
      await this.#open(this.#key);
      const leaving: Promise<void> = kindred
        .close()
        .then(() => rm(dataDir, { recursive: true, force: true }))
        .finally(() => this.#leaving.delete(leaving));
      this.#leaving.add(leaving);
    });
  }

  #exchange(change: () => void): Promise<void> {
    return this.#alone(async () => {
      await this.#kindred.close();
      change();
      await this.#open(this.#key);
    });
  }

  /** Without any call; those that come wait. */
  async #alone(work: () => Promise<void>): Promise<void> {
    while (this.#changing !== undefined) await this.#changing;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#changing = promise;
    try {
      await this.#settled();
      await work();
    } finally {
      this.#changing = undefined;
      resolve();
    }
  }

  async #settled(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#quiet = resolve));
    this.#quiet = undefined;
  }

  async #open(givenKey: KeyPair | undefined): Promise<void> {
    const { kindred, randomSeed } = this.#options;
    mkdirSync(this.#dataDir, { recursive: true, mode: 0o700 });
    this.#kindred = await openKindred({
      ...kindred,
      ...(givenKey && { givenKey }),
      dataDir: this.#dataDir,
      hasTestControls: true,
      clocks: this.clock,
      ...(randomSeed !== undefined && { random: seededRandom(randomSeed) }),
      test: { ...kindred.test, watch: this.#watch(), signatureClock: this.clock },
    });
    const { freshRootKey, house } = this.#kindred;
    this.#key = givenKey ?? freshRootKey ?? readRootKey(this.#dataDir)!;
    const operator = await house.store.read((tx) => tx.accounts({ limit: 1, offset: 0 }));
    this.#accountId = operator.rows[0]!.accountId;
    this.#options.claimed?.([this.#key.accessKeyId]);
  }

  #seeded(): SeededWorld {
    return {
      key: this.#key,
      nowMs: () => this.clock.wallMs(),
      handle: (request) => {
        this.#own.add(request);
        return this.handle(request);
      },
    };
  }

  #watch(): CallWatch {
    const { faults, calls, clock } = this;
    const own = this.#own;
    return {
      beforeOperation: (exchange) =>
        own.has(exchange.request) ? undefined : faults.meet(exchange),
      answered: async (exchange, response, code) => {
        if (own.has(exchange.request)) return response;
        const elapsedMs = clock.monotonicMs() - exchange.startMs;
        calls.add(exchange, response.status, code, elapsedMs);
        if (exchange.output !== undefined) this.#options.claimed?.(claimsOf(exchange.output));
        return faults.answer(exchange, response, code);
      },
      plannedFailure: (job) => faults.failureOf(job),
    };
  }
}

/** Keys and secret addresses in an answer: by them the world is found again. */
const claimsOf = (output: object): string[] => {
  const claims: string[] = [];
  const look = (value: unknown, name: string, depth: number): void => {
    if (typeof value === 'string') {
      if (name === 'AccessKeyId' || (name === 'Url' && value.startsWith('/'))) claims.push(value);
    } else if (typeof value === 'object' && value !== null && depth < 4)
      for (const [key, inner] of Object.entries(value)) look(inner, key, depth + 1);
  };
  look(output, '', 0);
  return claims;
};
