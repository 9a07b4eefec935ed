// What a run does with signals: until the command is there they call the run off, so that what was made
// is removed; then they are the command's.
const HEARD: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
/** By a terminal's keys the command gets these itself: a second one would tell it to hurry. */
const BY_KEY: ReadonlySet<NodeJS.Signals> = new Set(['SIGINT', 'SIGQUIT']);

export interface Signals {
  /** The first one that came before somebody took them. */
  readonly early: NodeJS.Signals | undefined;
  /** From now on they are given to `kill`. */
  giveTo(kill: (signal: NodeJS.Signals) => void): void;
  /** As before. */
  release(): void;
}

export const hearSignals = (isAtTerminal: boolean): Signals => {
  let early: NodeJS.Signals | undefined;
  let take: ((signal: NodeJS.Signals) => void) | undefined;
  const hear = (signal: NodeJS.Signals): void => {
    if (take === undefined) early ??= signal;
    else if (!(isAtTerminal && BY_KEY.has(signal))) take(signal);
  };
  for (const signal of HEARD) process.on(signal, hear);
  return {
    get early() {
      return early;
    },
    giveTo: (kill) => (take = kill),
    release() {
      for (const signal of HEARD) process.off(signal, hear);
    },
  };
};
