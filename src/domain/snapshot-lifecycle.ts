import type { Snapshot } from './snapshot.ts';
import type { Tx } from './tx.ts';

/** Deletes a snapshot and leaves a tombstone; the sweep takes its bytes once nothing names them. */
export const removeSnapshot = async (tx: Tx, snapshot: Snapshot): Promise<void> => {
  await tx.deleteSnapshotRows(snapshot.snapshotId);
  await tx.insertTombstone({
    resourceId: snapshot.snapshotId,
    accountId: snapshot.accountId,
    regionId: snapshot.regionId,
    resourceName: snapshot.snapshotName,
    deletionMs: tx.actor.nowMs,
  });
};
