// The kill suite in short, for every `npm test`: each named point, and some random moments. The long
// one is `npm run crash` (kill.ts). The seed is printed; KINDRED_TEST_SEED repeats a run.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CrashWorker } from './crash-worker.ts';
import { POINTS } from './points.ts';
import { buildProgram } from './program.ts';

const RANDOM_KILLS = 15;
/** Tries until a point is reached: which jobs run, and when, is the server's affair. */
const TRIES = 3;
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 1_000_000);

const program = buildProgram();
const folder = mkdtempSync(join(tmpdir(), 'kindred-kill-'));
after(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  rmSync(folder, { recursive: true, force: true });
  program.remove();
});

/** Two data directories side by side; each takes the next round when it has ended one. */
const workers = [0, 1].map(
  (i) =>
    new CrashWorker(program, join(folder, String(i)), seed * 2 + i, { clients: 3, mostMs: 500 }),
);
const inPairs = async (rounds: ((worker: CrashWorker) => Promise<void>)[]): Promise<void> => {
  const left = [...rounds];
  await Promise.all(
    workers.map(async (worker) => {
      for (let round = left.shift(); round !== undefined; round = left.shift()) await round(worker);
    }),
  );
};

test(`a death at every named point loses nothing (seed ${seed})`, () =>
  inPairs(
    POINTS.map((point) => async (worker) => {
      let isKilled = false;
      for (let i = 0; i < TRIES && !isKilled; i++) {
        const round = await worker.namedRound(point, 1);
        isKilled = round.isKilled;
        assert.deepEqual(round.violations, [], `${point}, seed ${seed}\n${round.log}`);
      }
      assert.ok(isKilled, `${point} was not reached`);
    }),
  ));

test(`a death at a random moment loses nothing (seed ${seed})`, async () => {
  await inPairs(
    Array.from({ length: RANDOM_KILLS }, () => async (worker) => {
      const round = await worker.randomRound();
      assert.deepEqual(round.violations, [], `seed ${seed}\n${round.log}`);
    }),
  );
  for (const worker of workers) assert.deepEqual(await worker.end(), []);
});
