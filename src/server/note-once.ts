// Notes of what was used and when, which nobody waits for. Of one thing at most one note waits to be written,
// however many calls come until it is; that it cannot be written stops no request. Such a note is no change
// that the audit trail tells of: the calls that it is about are counted or recorded themselves.
import type { Tx } from '../domain/tx.ts';
import type { House } from './house.ts';

export const noteOnce = (
  { store, log, waitingNotes }: Pick<House, 'store' | 'log' | 'waitingNotes'>,
  what: string,
  nowMs: number,
  note: (tx: Tx) => Promise<void>,
): void => {
  if (waitingNotes.has(what)) return;
  waitingNotes.add(what);
  store
    .write({ principal: 'kindred', requestId: '', nowMs }, note)
    .catch((error: unknown) => log.debug({ err: error, what }, 'a use was not noted'))
    .finally(() => waitingNotes.delete(what));
};
