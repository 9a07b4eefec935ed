// `npm run fuzz -- [--executions N] [--seconds N] [--seed N] [--out DIR]`: hostile images made from the
// corpus, guided by coverage: an image that reaches a new branch, or one more often, is kept and changed
// further. A throw, a run of over 100 ms and more than 16 MiB of arrays are findings; each is written to
// DIR, and the exit code is then 1. The same seed makes the same run, as long as no limit of time ends it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { corpus } from './corpus/corpus.ts';
import { instrument, type Coverage } from './instrument.ts';
import { Chance, mutate } from './mutate.ts';

const MAX_MS = 100;
const MAX_ALLOCATED_BYTES = 16 * 2 ** 20;
/** Larger images cost more to copy than they show. */
const MAX_SEED_BYTES = 160 * 1024;
const MAX_KEPT = 4000;
const MAX_FINDINGS = 20;

export interface FuzzOptions {
  readonly executions: number;
  readonly seconds: number;
  readonly seed: number;
}

export interface Finding {
  readonly kind: 'crash' | 'hang' | 'allocation' | 'size';
  readonly detail: string;
  readonly image: Uint8Array;
}

export interface FuzzReport {
  readonly executions: number;
  readonly seconds: number;
  /** Branches that were reached, of those that there are. */
  readonly reached: number;
  readonly places: number;
  readonly kept: number;
  readonly accepted: number;
  readonly slowestMs: number;
  readonly largestAllocationBytes: number;
  readonly findings: readonly Finding[];
}

/** AFL's classes of counts: 1, 2, 3, 4–7, 8–15, 16–31, 32–127, 128 and more. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, n) =>
  n === 0 ? 0 : 1 << [1, 2, 3, 4, 8, 16, 32, 128].findLastIndex((least) => n >= least),
);

/** Whether the run reached what none did before; forgets the counts. */
function isNews(coverage: Coverage, seen: Uint8Array): boolean {
  const { counts, places } = coverage;
  let news = false;
  for (let i = 0; i < places; i++) {
    const reached = CLASSES[counts[i]!]!;
    if ((reached & ~seen[i]!) !== 0) {
      seen[i]! |= reached;
      news = true;
    }
    counts[i] = 0;
  }
  return news;
}

/** Runs until one of the limits; to be called once per process. */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const coverage = instrument();
  const { inspect } = await import('../../src/disk/inspect.ts');
  const { bufferReader } = await import('../../src/disk/reader.ts');
  const chance = new Chance(options.seed);
  const seen = new Uint8Array(coverage.counts.length);
  const findings: Finding[] = [];
  const totals = { accepted: 0, slowestMs: 0, largest: 0 };
  const runOne = (image: Uint8Array): boolean => {
    coverage.allocatedBytes = 0;
    const find = (kind: Finding['kind'], detail: string) => {
      if (findings.length < MAX_FINDINGS) findings.push({ kind, detail, image: image.slice() });
    };
    const startMs = performance.now();
    try {
      const verdict = inspect(bufferReader(image));
      if (verdict.verdict === 'accepted') {
        totals.accepted += 1;
        const size = verdict.virtualSizeBytes;
        if (!(size > 0 && size <= 2 ** 41 && size % 512 === 0)) find('size', String(size));
      }
    } catch (error) {
      find('crash', String((error as Error).stack));
    }
    const tookMs = performance.now() - startMs;
    totals.slowestMs = Math.max(totals.slowestMs, tookMs);
    totals.largest = Math.max(totals.largest, coverage.allocatedBytes);
    // A busy machine interrupts a run; a hang is slow again.
    if (tookMs > MAX_MS && repeatMs(() => inspect(bufferReader(image))) > MAX_MS)
      find('hang', `${tookMs.toFixed(0)} ms`);
    if (coverage.allocatedBytes > MAX_ALLOCATED_BYTES)
      find('allocation', `${coverage.allocatedBytes} bytes`);
    return isNews(coverage, seen);
  };
  const kept = seeds();
  for (const image of kept) runOne(image);
  const startMs = performance.now();
  const scratch = Buffer.alloc(MAX_SEED_BYTES);
  let executions = 0;
  const isOver = () =>
    executions % 256 === 0 && performance.now() - startMs > options.seconds * 1000;
  for (; executions < options.executions && !isOver(); executions++) {
    // What was found last is tried most.
    const pick =
      chance.below(2) === 0
        ? chance.below(kept.length)
        : kept.length - 1 - chance.below(Math.min(64, kept.length));
    const base = kept[pick]!;
    base.copy(scratch);
    const image = mutate(scratch.subarray(0, base.length), chance);
    if (runOne(image) && kept.length < MAX_KEPT) kept.push(Buffer.from(image));
  }
  return {
    executions,
    seconds: (performance.now() - startMs) / 1000,
    reached: seen.subarray(0, coverage.places).filter(Boolean).length,
    places: coverage.places,
    kept: kept.length,
    accepted: totals.accepted,
    slowestMs: totals.slowestMs,
    largestAllocationBytes: totals.largest,
    findings,
  };
}

/** The quickest of three runs. */
function repeatMs(run: () => unknown): number {
  const times = [0, 1, 2].map(() => {
    const startMs = performance.now();
    run();
    return performance.now() - startMs;
  });
  return Math.min(...times);
}

function seeds(): Buffer[] {
  return corpus()
    .filter(({ image }) => image.sizeBytes > 0 && image.sizeBytes <= MAX_SEED_BYTES)
    .map(({ image }) => Buffer.from(image.read(0, image.sizeBytes)));
}

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { executions: text, seconds: text, seed: text, out: text },
  });
  const seed = Number(values.seed ?? Date.now() % 2 ** 31);
  console.log(`seed ${seed}`);
  const { findings, ...report } = await fuzz({
    executions: Number(values.executions ?? 1_000_000),
    seconds: Number(values.seconds ?? 600),
    seed,
  });
  console.log(report, `${Math.round(report.executions / report.seconds)} executions a second`);
  const directory = values.out ?? 'kindred-data/fuzz';
  if (findings.length > 0) mkdirSync(directory, { recursive: true });
  findings.forEach(({ kind, detail, image }, i) => {
    const path = join(directory, `${seed}-${i}-${kind}.img`);
    writeFileSync(path, image);
    console.log(`${kind}: ${detail}\n  ${path}`);
  });
  if (findings.length > 0) process.exitCode = 1;
}

if (import.meta.main) await main();
