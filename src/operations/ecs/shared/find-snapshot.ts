import type { RegionId } from '../../../domain/ids.ts';
import type { Snapshot } from '../../../domain/snapshot.ts';
import { optional, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';
import { regionsOfId } from './regions-of-id.ts';

/** `RegionId` of an operation that finds a thing by its id alone, for clients that send one. */
export const ownRegion = optional(
  string({
    description: 'Looks in this region only; absent: in every one.',
    maxLength: 64,
    invalid: 'InvalidRegionId.NotFound',
  }),
);

/** The caller's snapshot, in the region that is named or in whichever has it. */
export const findSnapshot = async (
  { caller, settings, tx }: Pick<ReadContext<never>, 'caller' | 'settings' | 'tx'>,
  { SnapshotId, RegionId }: { SnapshotId: string; RegionId?: string },
): Promise<Snapshot | undefined> => {
  const regions =
    RegionId === undefined ? regionsOfId(settings.regions, SnapshotId) : [RegionId as RegionId];
  for (const regionId of regions) {
    const snapshot = await tx.snapshot({ accountId: caller.accountId, regionId }, SnapshotId);
    if (snapshot !== undefined) return snapshot;
  }
  return undefined;
};
