// The audit trail of a running installation. A write that succeeds records itself in its own transaction
// (execute.ts); here is what comes beside that: refused calls, what doors other than `/` have done, and the
// end. Nothing here decides what stands in a record.
import type { AuditDraft } from '../../domain/audit.ts';
import type { Logger } from '../log.ts';
import { beginTrail, trailActor, type TrailParts } from './begin.ts';
import { RefusedCalls } from './refused-calls.ts';
import type { SigningKey } from './signing-key.ts';

export interface Trail {
  readonly refused: RefusedCalls;
  readonly signingKey: SigningKey;
  /** Calls for which no record could be made, since the start. */
  readonly droppedCount: number;
  /** Adds a record of its own; resolves when it is on disk. */
  record(draft: AuditDraft): Promise<void>;
  close(): Promise<void>;
}

export const openTrail = async (parts: TrailParts & { log: Logger }): Promise<Trail> => {
  const { store, log } = parts;
  const signingKey = await beginTrail(parts);
  let droppedCount = 0;
  const refused = new RefusedCalls({
    actor: () => trailActor(parts),
    write: (fn) => store.write(trailActor(parts), fn),
    dropped: (count) => void (droppedCount += count),
    failed: (error) => log.error({ err: error }, 'refused calls could not be recorded'),
  });
  return {
    refused,
    signingKey,
    get droppedCount() {
      return droppedCount;
    },
    record: (draft) => store.write(trailActor(parts), async (tx) => tx.record(draft)),
    close: () => refused.flush(),
  };
};
