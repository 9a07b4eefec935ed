// The audit trail of a running installation. A write that succeeds records itself in its own transaction
// (execute.ts); here is what comes beside that: refused calls, what doors other than `/` have done, and the
// end. Nothing here decides what stands in a record.
import type { AuditDraft } from '../../domain/audit.ts';
import type { Logger } from '../log.ts';
import type { Checkpoints } from './checkpoints.ts';
import { ImageUses } from './image-uses.ts';
import { beginTrail, trailActor, type TrailParts } from './begin.ts';
import { RefusedCalls } from './refused-calls.ts';
import type { SigningKey } from './signing-key.ts';

export interface Trail {
  readonly refused: RefusedCalls;
  readonly uses: ImageUses;
  readonly signingKey: SigningKey;
  /** What sends its head out, once a server has started it. */
  checkpoints: Checkpoints | undefined;
  /** Calls for which no record could be made, since the start. */
  readonly droppedCount: number;
  /** Adds a record of its own; resolves when it is on disk. */
  record(draft: AuditDraft): Promise<void>;
  /** Removes what is older than the retention; returns how many records went. */
  cut(): Promise<number>;
  close(): Promise<void>;
}

/** In days, when nothing else is said. */
const RETENTION_DAYS = 365;

/** @param parts.retentionDays 0: for ever */
export const openTrail = async (
  parts: TrailParts & { log: Logger; retentionDays: number | undefined },
): Promise<Trail> => {
  const { store, log, clocks, retentionDays = RETENTION_DAYS } = parts;
  const signingKey = await beginTrail(parts);
  let droppedCount = 0;
  const refused = new RefusedCalls({
    write: (fn) => store.write(trailActor(parts), fn),
    dropped: (count) => void (droppedCount += count),
    failed: (error) => log.error({ err: error }, 'refused calls could not be recorded'),
  });
  const uses = new ImageUses({
    clocks,
    actor: () => trailActor(parts),
    write: (actor, fn) => store.write(actor, fn),
    failed: (error) => log.error({ err: error }, 'uses of images could not be counted'),
  });
  return {
    refused,
    uses,
    signingKey,
    checkpoints: undefined,
    get droppedCount() {
      return droppedCount;
    },
    record: (draft) => store.write(trailActor(parts), async (tx) => tx.record(draft)),
    async cut() {
      if (retentionDays === 0) return 0;
      const { cutTrail } = await import('./retention.ts');
      const count = await cutTrail(store, () => trailActor(parts), retentionDays);
      if (count > 0) log.info({ count, retentionDays }, 'old records of the audit trail went');
      return count;
    },
    async close() {
      await refused.flush();
      await uses.flush();
    },
  };
};
