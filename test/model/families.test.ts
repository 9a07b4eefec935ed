// The server against the model of the family rule: random runs of commands, compared after each one.
// Short in `npm test`; KINDRED_MODEL_RUNS makes it long, KINDRED_TEST_SEED repeats a run.
import { test } from 'node:test';
import { realResolver } from './compare.ts';
import { checkRuns } from './check-runs.ts';

const numRuns = Number(process.env.KINDRED_MODEL_RUNS ?? 12);
const commandCount = Number(process.env.KINDRED_MODEL_COMMANDS ?? 40);
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 1_000_000);

test(`runs of ${commandCount} commands do what the model says (${numRuns} runs, seed ${seed})`, () =>
  checkRuns({ numRuns, commandCount, seed, resolve: realResolver }));
