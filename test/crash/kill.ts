// `npm run crash`: the whole kill suite. Every named point many times, then many random moments, on two
// data directories side by side; one table at the end. Exit code 1 on any violation, or when a point
// was hardly ever reached. Options: --named N (kills of each point), --random N, --seed N.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Chance } from './chance.ts';
import { CrashWorker, type Round } from './crash-worker.ts';
import { POINTS, occurrenceOf } from './points.ts';
import { buildProgram } from './program.ts';

const WORKERS = 2;
/** Tries of one point, for each kill that was asked for. */
const TRIES_PER_KILL = 3;

interface Line {
  /** Rounds that have been begun and have not ended. */
  open: number;
  kills: number;
  missed: number;
  violations: number;
}

const { values } = parseArgs({
  options: {
    named: { type: 'string', default: '20' },
    random: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const seed = Number(values.seed);
const namedKills = Number(values.named);
let randomLeft = Number(values.random);

const chance = new Chance(seed);
const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), 'kindred-crash-'));
const lines = new Map<string, Line>();
const lineOf = (name: string): Line => {
  const line = lines.get(name) ?? { open: 0, kills: 0, missed: 0, violations: 0 };
  lines.set(name, line);
  return line;
};

const note = (name: string, round: Round): void => {
  const line = lineOf(name);
  if (round.isKilled) line.kills += 1;
  else line.missed += 1;
  line.violations += round.violations.length;
  for (const violation of round.violations)
    console.log(`VIOLATION (seed ${seed}, ${name}): ${violation}`);
  if (round.log !== '') console.log(round.log.split('\n').slice(-30).join('\n'));
};

/** The point that is furthest behind, as long as tries are left for it. */
const nextPoint = (): string | undefined => {
  const left = POINTS.filter((point) => {
    const { open, kills, missed } = lineOf(point);
    return open + kills < namedKills && open + kills + missed < namedKills * TRIES_PER_KILL;
  });
  const begun = (point: string): number => lineOf(point).kills + lineOf(point).open;
  return left.toSorted((a, b) => begun(a) - begun(b))[0];
};

const tallies: CrashWorker[] = [];

const work = async (index: number): Promise<void> => {
  const worker = new CrashWorker(program, join(folder, `data-${index}`), seed * WORKERS + index);
  tallies.push(worker);
  for (let point = nextPoint(); point !== undefined; point = nextPoint()) {
    lineOf(point).open += 1;
    const round = await worker.namedRound(point, occurrenceOf(point, chance));
    lineOf(point).open -= 1;
    note(point, round);
  }
  while (randomLeft > 0) {
    randomLeft -= 1;
    note('a random moment', await worker.randomRound());
  }
  const violations = await worker.end();
  if (violations.length > 0) note('stored bytes', { isKilled: false, violations, log: '' });
};

const startedMs = performance.now();
console.log(`kill: seed ${seed}, ${program.isBundle ? 'bundle' : 'sources'}, data in ${folder}`);
const report = (): boolean => {
  console.log(`${'point'.padEnd(20)} kills  missed  violations`);
  for (const [name, { kills, missed, violations }] of lines)
    console.log(
      `${name.padEnd(20)} ${String(kills).padStart(5)}  ${String(missed).padStart(6)}  ${String(violations).padStart(10)}`,
    );
  const all = [...lines.values()];
  const sum = (of: (line: Line) => number): number =>
    all.reduce((total, line) => total + of(line), 0);
  const acknowledged = tallies.reduce((total, { ledger }) => total + ledger.acknowledged, 0);
  const processes =
    tallies.reduce((total, { kills }) => total + kills, 0) + sum((line) => line.kills);
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(
    `${sum((line) => line.kills)} rounds of death (${processes} processes killed), ${acknowledged} acknowledged writes, ${sum((line) => line.violations)} violations, ${seconds} s, seed ${seed}`,
  );
  const isStarved = POINTS.some((point) => lineOf(point).kills < namedKills);
  if (isStarved) console.log('some points were reached too seldom');
  return sum((line) => line.violations) === 0 && !isStarved;
};

try {
  await Promise.all(Array.from({ length: WORKERS }, (_, index) => work(index)));
} finally {
  process.exitCode = report() ? 0 : 1;
  rmSync(folder, { recursive: true, force: true });
  program.remove();
}
