import assert from 'node:assert/strict';
import fc from 'fast-check';
import { commandRuns, finishJobs, furnish, perform, type Command } from './commands.ts';
import { compare, type Resolver } from './compare.ts';
import { newModel } from './model.ts';
import { Real } from './real.ts';

export interface RunOptions {
  numRuns: number;
  commandCount: number;
  seed: number;
  /** What the comparison is to believe of families. */
  resolve: Resolver;
  /** Do not look for the shortest failing run. */
  endOnFailure?: boolean;
}

/** After so many commands all scopes are compared, and not only the one that was touched. */
const ALL_EVERY = 8;

/** After this the shortest failing run so far is told: no test runner waits for ever. */
const LEAST_MS = 90_000;
const RUN_MS = 4_000;

/** @throws with the failing run, made short */
export const checkRuns = async (options: RunOptions): Promise<void> => {
  const { numRuns, commandCount, seed, resolve, endOnFailure = false } = options;
  const real = await Real.open();
  try {
    await fc.assert(
      fc.asyncProperty(commandRuns(commandCount), (commands) => checkRun(real, commands, resolve)),
      {
        numRuns,
        seed,
        endOnFailure,
        interruptAfterTimeLimit: Math.max(LEAST_MS, numRuns * RUN_MS),
      },
    );
    await real.restart();
    const fsck = await real.harness.call('Fsck');
    assert.deepEqual(fsck.Differences.Difference, []);
  } finally {
    await real.close();
  }
};

const checkRun = async (
  real: Real,
  commands: readonly Command[],
  resolve: Resolver,
): Promise<void> => {
  const model = newModel();
  await real.renew();
  await furnish(model, real);
  for (const [i, command] of commands.entries()) {
    await perform(model, real, command);
    await compare(model, real, resolve, i % ALL_EVERY === 0 ? undefined : command.at);
  }
  await finishJobs({ model, real });
  await real.harness.kindred.jobs.sweep();
  await compare(model, real, resolve);
  const fsck = await real.harness.call('Fsck');
  assert.deepEqual(fsck.Differences.Difference, []);
};
