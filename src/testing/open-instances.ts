// Instances that a test began and did not close are told of when the process ends, with the place that
// began them, and what they left on the disk goes.
interface Open {
  place: string;
  discard(): void;
}

const open = new Set<Open>();

/** @returns what to call when it is closed */
export const noteOpen = (discard: () => void): (() => void) => {
  if (open.size === 0) process.once('exit', report);
  const one: Open = { place: callerOf(new Error().stack ?? ''), discard };
  open.add(one);
  return () => {
    open.delete(one);
    if (open.size === 0) process.removeListener('exit', report);
  };
};

const report = (): void => {
  for (const { place, discard } of open) {
    process.stderr.write(
      `kindred/testing: a Kindred was not closed, started ${place}; call close(), or declare it with await using\n`,
    );
    discard();
  }
};

/** The first line of a stack that is neither ours nor Node's. */
const callerOf = (stack: string): string =>
  stack
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .find((line) => !line.includes('node:') && !OWN.test(line)) ?? 'somewhere';

const OWN = /noteOpen|startKindred|open-instances|start-kindred/;
