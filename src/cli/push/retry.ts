// Trying again while a line is broken or the server restarts: with growing pauses, and not for ever.
import { setTimeout as sleep } from 'node:timers/promises';
import { KindredError } from '../../client/kindred-error.ts';
import { Passing, PatienceEnded } from './push-failed.ts';

const FIRST_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;

export interface Patience {
  /** How long nothing may go forward. */
  giveUpMs: number;
  say(text: string): void;
}

const isPassing = (error: unknown): boolean =>
  error instanceof Passing ||
  (error instanceof KindredError &&
    (error.code === 'EndpointUnreachable' ||
      error.code === 'ServiceUnavailable' ||
      error.code === 'Throttling.User' ||
      (error.code === 'UnreadableAnswer' && error.status >= 500)));

/** `marks()` grows while something goes forward. @throws PatienceEnded when patience is at its end */
export const patiently = async <T>(
  { giveUpMs, say }: Patience,
  act: () => Promise<T>,
  marks: () => number = () => 0,
): Promise<T> => {
  let pauseMs = FIRST_PAUSE_MS;
  let sinceMs = performance.now();
  let seen = marks();
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (marks() > seen) {
        seen = marks();
        sinceMs = performance.now();
        pauseMs = FIRST_PAUSE_MS;
      }
      const reason = (error as Error).message.replace(/\.$/, '');
      if (performance.now() - sinceMs > giveUpMs)
        throw new PatienceEnded(`${reason}; the same command goes on from here`, { cause: error });
      say(`${reason}; trying again\n`);
      await sleep(pauseMs);
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    }
  }
};
