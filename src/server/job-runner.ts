// Jobs and the sweep, started when there is first something for them: a server that only answers
// reads loads neither. A wake-up carries no data; the rows say what is to be done.
import type { BlobStores } from '../blobs/blob-stores.ts';
import type { Buckets } from '../blobs/buckets.ts';
import type { GarbageSource } from '../blobs/garbage.ts';
import type { BlobHolds } from '../blobs/holds.ts';
import type { Sweep } from '../blobs/sweep.ts';
import type { JobEngine } from '../jobs/engine.ts';
import type { Hasher } from '../jobs/hasher.ts';
import type { IngestPool } from '../jobs/ingest-pool.ts';
import type { CollectedGarbage, FoundGarbage, GarbageRequest } from '../domain/garbage.ts';
import type { Actor } from '../domain/tx.ts';
import type { Clocks } from '../lib/clock.ts';
import type { FaultPlan, Faults } from '../lib/fault.ts';
import type { Removals } from './audit/removals.ts';
import type { House } from './house.ts';

/** The sweep looks for bytes that nobody owns so often, first soon after the start. */
const SWEEP_EVERY_MS = 10 * 60_000;
const FIRST_SWEEP_MS = 30_000;
/** Copies that are due are read again so often, a few at a time. */
const VERIFY_TICK_MS = 10 * 60_000;
const FIRST_VERIFY_MS = 60_000;
/** One call that collects garbage ends after so long, or so many looks. */
const COLLECT_MS = 5000;
const COLLECT_LOOKS = 10_000;

export interface JobRunnerParts {
  stores: BlobStores;
  buckets: Buckets;
  faults: Faults;
  /** What the sweep must leave for now. */
  holds: BlobHolds;
  /** What goes before each pass of the sweep. */
  alsoSweep: () => Promise<void>;
  /** What the sweep removes outside the stores of blobs. */
  otherGarbage: () => Promise<GarbageSource[]>;
}

export interface JobRunnerOptions {
  /** In how many days every stored copy is read again (default 7); 0: never by itself. */
  verifyEveryDays?: number;
  /** Nothing runs until `finishAll` (tests). */
  holdJobs?: boolean;
  faultPlan?: FaultPlan;
  /** Threads of the caller, which outlive this runner; without them it starts its own. */
  pool?: () => IngestPool | Promise<IngestPool>;
}

export interface JobRunner {
  /** Runs until no job is left but those that wait for the wall clock. For tests and commands without a server. */
  finishAll(): Promise<void>;
  /** The next moment of the wall clock that a job waits for, as far as is known. */
  nextWallMs(): Promise<number | undefined>;
  /** One pass of the sweep; rows whose time has passed go too. */
  sweep(): Promise<void>;
  /**
   * A piece of a pass, bounded in time, looks and finds; what it removes the sweep would remove.
   * @throws UnknownWalkPoint
   */
  collectGarbage(request: GarbageRequest): Promise<CollectedGarbage>;
  /** What a moved clock asks for: whatever time alone ends, and what is due by now. */
  passTime(): Promise<void>;
  /** One tick of the schedule of verification: asks for what is due by now. */
  verifyDue(): Promise<void>;
  close(): Promise<void>;
}

interface Running {
  engine: JobEngine;
  hasher: Hasher;
  pool: IngestPool;
  sweep: Sweep;
  removals: Removals;
}

export const openJobRunner = async (
  house: House,
  parts: JobRunnerParts,
  options: JobRunnerOptions,
): Promise<JobRunner> => {
  let running: Promise<Running> | undefined;
  const timers = new Map<string, NodeJS.Timeout>();
  const start = (): Promise<Running> => (running ??= startEngine(house, parts, options));
  const wake = (): void =>
    void start().then(
      ({ engine }) => engine.wake(),
      (error: unknown) => house.log.fatal({ err: error }, 'jobs did not start'),
    );
  const sweep = async (): Promise<void> => {
    await forgetExpired(house);
    await house.trail.cut();
    await parts.alsoSweep();
    const { sweep: removing, removals } = await start();
    // What went before it failed is recorded, too.
    const report = await removing
      .run()
      .finally(() => removals.flush(house.store, actorOf(house, 'kindred:sweep')));
    if (report.freedBytes + report.droppedUploads > 0) house.log.info(report, 'swept');
  };
  const verifyDue = async (): Promise<void> => {
    const { scheduleVerification } = await import('../domain/verification.ts');
    await house.store.write(actorOf(house, 'kindred:schedule'), (tx) =>
      scheduleVerification(tx, options.verifyEveryDays ?? 7, VERIFY_TICK_MS),
    );
  };
  const repeat = (
    name: string,
    run: () => Promise<void>,
    { delayMs, everyMs }: { delayMs: number; everyMs: number },
  ): void => {
    const turn = (): void => {
      run().catch((error: unknown) => house.log.error({ err: error }, `${name} failed`));
      timers.set(name, setTimeout(turn, everyMs).unref());
    };
    timers.set(name, setTimeout(turn, delayMs).unref());
  };
  if (!options.holdJobs) {
    house.store.onJobChanged(wake);
    if ((await house.store.read((tx) => tx.openJobs(1))).length > 0) wake();
    repeat('sweep', sweep, { delayMs: FIRST_SWEEP_MS, everyMs: SWEEP_EVERY_MS });
    repeat('verification', verifyDue, { delayMs: FIRST_VERIFY_MS, everyMs: VERIFY_TICK_MS });
  }
  return {
    sweep,
    collectGarbage: async (request) => collectGarbage((await start()).sweep, request, house.clocks),
    verifyDue,
    async passTime() {
      await sweep();
      await verifyDue();
    },
    async finishAll() {
      // Nothing is loaded where nothing is to be done.
      if (running === undefined && (await house.store.read((tx) => tx.openJobs(1))).length === 0)
        return;
      await (await start()).engine.finishAll();
    },
    nextWallMs: async () => (await running)?.engine.nextWallMs(),
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      if (running === undefined) return;
      const { engine, pool, hasher } = await running;
      await engine.stop();
      await hasher.close();
      if (options.pool === undefined) await pool.close();
    },
  };
};

/** Sizes are of what goes, or would go. */
const collectGarbage = async (
  sweep: Sweep,
  { maxFound, ...request }: GarbageRequest,
  clocks: Clocks,
): Promise<CollectedGarbage> => {
  const garbage: FoundGarbage[] = [];
  let endMs: number | undefined;
  const next = await sweep.walk({
    ...request,
    found({ kind, name, place }, sizeBytes) {
      garbage.push({ kind, name, place, sizeBytes });
    },
    isEnough(found, looks) {
      endMs ??= clocks.monotonicMs() + COLLECT_MS;
      return found >= maxFound || looks >= COLLECT_LOOKS || clocks.monotonicMs() >= endMs;
    },
  });
  return { garbage, next };
};

/** Tokens and nonces whose time has passed: every write leaves one of these rows. */
const forgetExpired = ({ store, clocks, random }: House): Promise<void> => {
  const actor = actorOf({ clocks, random }, 'kindred:sweep');
  return store.write(actor, (tx) => tx.deleteExpired(actor.nowMs));
};

const actorOf = (
  { clocks, random }: Pick<House, 'clocks' | 'random'>,
  principal: string,
): Actor => ({ principal, requestId: random.uuid().toUpperCase(), nowMs: clocks.wallMs() });

const startEngine = async (
  house: House,
  parts: JobRunnerParts,
  options: JobRunnerOptions,
): Promise<Running> => {
  const [
    { createJobEngine },
    { createHasher },
    { createIngestPool },
    { createSweep },
    { Removals },
  ] = await Promise.all([
    import('../jobs/engine.ts'),
    import('../jobs/hasher.ts'),
    import('../jobs/ingest-pool.ts'),
    import('../blobs/sweep.ts'),
    import('./audit/removals.ts'),
  ]);
  const { store, clocks, random, log } = house;
  const { faultPlan } = options;
  const pool = (await options.pool?.()) ?? createIngestPool(faultPlan ? { faultPlan } : {});
  const { stores, buckets, faults, holds } = parts;
  const others = await parts.otherGarbage();
  const removals = new Removals();
  const removed = removals.add.bind(removals);
  const sweep = createSweep({ store, clocks, random, faults, stores, holds, others, removed });
  const hasher = createHasher();
  const engine = createJobEngine({
    store,
    settings: house.settings,
    clocks,
    random,
    log,
    faults,
    pool,
    hasher,
    sweep,
    stores,
    buckets,
    storageFailed: (error) => store.stopWrites(error),
    verified: (found) => house.metrics.verified(found),
    ...(house.watch && { plannedFailure: house.watch.plannedFailure }),
  });
  if (!options.holdJobs) await engine.start();
  return { engine, hasher, pool, sweep, removals };
};
