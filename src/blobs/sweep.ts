// The only deleter of bytes nobody owns: blobs that no snapshot and no lease names, files without a
// row, staged files without a job, what lies unfinished in stores and buckets. It says in which order
// that is looked for, and lets only one removal run at a time; what is garbage its sources decide.
import type { WalkPoint } from '../domain/garbage.ts';
import type { Store } from '../domain/tx.ts';
import type { Clocks } from '../lib/clock.ts';
import type { Faults } from '../lib/fault.ts';
import type { Random } from '../lib/random.ts';
import type { BlobPlace, BlobStores } from './blob-stores.ts';
import { walkGarbage, type Garbage, type GarbageSource, type GarbageWalk } from './garbage.ts';
import type { BlobHolds } from './holds.ts';
import { StoreGarbage } from './store-garbage.ts';

export interface SweepParts {
  store: Store;
  stores: BlobStores;
  clocks: Clocks;
  random: Random;
  faults?: Faults;
  /** What a backup still reads. */
  holds?: BlobHolds;
  /** How long a file without a row, or of an unknown name in staging, may lie (default a day). */
  graceMs?: number;
  /** Told of each thing that a whole pass has removed. */
  removed?: (garbage: Garbage, freedBytes: number) => void;
  /** What is garbage outside the stores of blobs. */
  others?: readonly GarbageSource[];
}

export interface SweepReport {
  deletedBlobs: number;
  deletedOrphans: number;
  deletedStaged: number;
  freedBytes: number;
  /** Uploads into stores and buckets that were begun and never ended. */
  droppedUploads: number;
}

export interface Sweep {
  /** One whole pass that begins after this call. Passes never overlap. */
  run(): Promise<SweepReport>;
  /** A piece of a pass, as the walk says; a plan changes nothing and waits for no pass. */
  walk(walk: GarbageWalk): Promise<WalkPoint | undefined>;
  /** Completes the deletions that were marked and not finished (a crash, an error of the disk). */
  finishDeletions(): Promise<void>;
}

export const createSweep = (parts: SweepParts): Sweep => {
  let tail: Promise<unknown> = Promise.resolve();
  const queued = new Map<string, Promise<unknown>>();
  let walks = 0;
  /** Runs `work` after everything before it; callers that wait for the same work share it. */
  const inTurn = <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const waiting = queued.get(name) as Promise<T> | undefined; // stored below under the same name
    if (waiting !== undefined) return waiting;
    const turn = tail.then(() => {
      queued.delete(name);
      return work();
    });
    queued.set(name, turn);
    tail = turn.catch(() => undefined);
    return turn;
  };
  return {
    run: () => inTurn('run', () => runWhole(parts)),
    walk(walk) {
      const pass = (): Promise<WalkPoint | undefined> => walkGarbage(sourcesOf(parts), walk);
      return walk.isPlan ? pass() : inTurn(`walk ${(walks += 1)}`, pass);
    },
    finishDeletions: () => inTurn('finish', () => finishMarked(parts)),
  };
};

const COUNTERS = {
  UnreferencedBlob: 'deletedBlobs',
  UnneededCopy: 'deletedBlobs',
  OrphanBlob: 'deletedOrphans',
  StaleStaging: 'deletedStaged',
  UnfinishedPut: 'droppedUploads',
  BucketLeftover: 'droppedUploads',
  SpentUpload: 'droppedUploads',
} as const satisfies Record<Garbage['kind'], keyof SweepReport>;

const runWhole = async (parts: SweepParts): Promise<SweepReport> => {
  const report: SweepReport = {
    deletedBlobs: 0,
    deletedOrphans: 0,
    deletedStaged: 0,
    freedBytes: 0,
    droppedUploads: 0,
  };
  await walkGarbage(sourcesOf(parts), {
    isPlan: false,
    found(garbage, freedBytes) {
      report[COUNTERS[garbage.kind]] += 1;
      report.freedBytes += freedBytes;
      parts.removed?.(garbage, freedBytes);
    },
  });
  return report;
};

const finishMarked = async (parts: SweepParts): Promise<void> => {
  const rows = new StoreGarbage(parts).rows('', true);
  await walkGarbage([{ name: 'marked', look: () => rows }], {
    isPlan: false,
    found: () => undefined,
  });
};

const sourcesOf = (parts: SweepParts): GarbageSource[] => {
  const garbage = new StoreGarbage(parts);
  const ofStore = (place: BlobPlace): GarbageSource[] => [
    { name: `files ${place.blobs.name}`, look: (after) => garbage.files(place.blobs, after) },
    { name: `staging ${place.blobs.name}`, look: (after) => garbage.staged(place, after) },
    { name: `puts ${place.blobs.name}`, look: (after) => garbage.puts(place.blobs, after) },
  ];
  return [
    { name: 'rows', look: (after) => garbage.rows(after, false) },
    ...parts.stores.all.flatMap(ofStore),
    ...(parts.others ?? []),
  ];
};
