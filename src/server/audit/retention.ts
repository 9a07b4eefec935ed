// Old records go, from the front, and the hash of the last one that went is kept, so that what is left can
// still be verified. Each cut is a record itself. A day's worth at a time at least: a trail is not cut all
// the time.
import { recordService } from '../../domain/audit-event.ts';
import type { Actor, Store } from '../../domain/tx.ts';
import { formatSeconds } from '../../lib/clock.ts';

const DAY_MS = 24 * 60 * 60_000;
const RECORDS_A_WRITE = 2_000;
const MOST_WRITES = 200;

/** Removes what is older than `days`; returns how many records went. */
export const cutTrail = async (
  store: Store,
  newActor: () => Actor,
  days: number,
): Promise<number> => {
  const beforeMs = newActor().nowMs - days * DAY_MS;
  const last = await lastExpired(store, beforeMs);
  let count = 0;
  for (let i = 0; i < MOST_WRITES && last !== undefined; i++) {
    const removed = await cutSome(store, newActor(), last, days);
    count += removed;
    if (removed < RECORDS_A_WRITE) break;
  }
  const beforeDay = new Date(beforeMs).toISOString().slice(0, 10);
  if (last !== undefined)
    await store.write(newActor(), async (tx) => void (await tx.deleteImageUses(beforeDay)));
  return count;
};

/** The newest record that is to go; undefined when there is less than a day's worth, or nothing. */
const lastExpired = (store: Store, beforeMs: number): Promise<number | undefined> =>
  store.read(async (tx) => {
    const [oldest] = await tx.auditRecordsAfter(0, 1);
    if (oldest === undefined || oldest.timeMs > beforeMs - DAY_MS) return undefined;
    const head = (await tx.auditHead())!.sequence;
    const kept = (await tx.auditSequenceAt(beforeMs)) ?? head;
    return kept > oldest.sequence ? kept - 1 : undefined;
  });

const cutSome = (store: Store, actor: Actor, last: number, days: number): Promise<number> =>
  store.write(actor, async (tx) => {
    const some = await tx.auditRecordsAfter(0, RECORDS_A_WRITE);
    const newest = some.findLast(({ sequence }) => sequence <= last);
    if (newest === undefined) return 0;
    const { sequence, hash, timeMs } = newest;
    const removed = await tx.deleteAuditRecords(sequence, RECORDS_A_WRITE);
    await tx.insertAuditCut({ sequence, hash, timeMs });
    recordService(tx, 'AuditRecordsExpired', {
      count: removed,
      lastSequence: sequence,
      lastHash: hash,
      lastEventTime: formatSeconds(timeMs),
      retentionDays: days,
    });
    return removed;
  });
