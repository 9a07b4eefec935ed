// The server against the model of the family rule: random runs of commands, compared after each one.
// Short in `npm test`; KINDRED_MODEL_RUNS makes it long, KINDRED_TEST_SEED repeats a run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { commandRuns, finishJobs } from './commands.ts';
import { compare, realResolver } from './compare.ts';
import { newModel } from './model.ts';
import { Real } from './real.ts';

const numRuns = Number(process.env.KINDRED_MODEL_RUNS ?? 30);
const MAX_COMMANDS = Number(process.env.KINDRED_MODEL_COMMANDS ?? 40);
const seed = Number(process.env.KINDRED_TEST_SEED ?? Date.now() % 1_000_000);

test(`every run of commands does what the model says (${numRuns} runs, seed ${seed})`, async () => {
  await fc.assert(
    fc.asyncProperty(commandRuns(MAX_COMMANDS, realResolver), async (commands) => {
      const model = newModel();
      const real = await Real.open();
      try {
        await fc.asyncModelRun(() => ({ model, real }), commands);
        await finishJobs({ model, real });
        await compare(model, real, realResolver);
        await real.harness.kindred.jobs.sweep();
        const { body } = await real.call(0, 'Fsck', {});
        assert.deepEqual(body.Differences.Difference, []);
        await real.restart();
        await compare(model, real, realResolver);
      } finally {
        await real.close();
      }
    }),
    { numRuns, seed, interruptAfterTimeLimit: 15 * 60_000 },
  );
});
