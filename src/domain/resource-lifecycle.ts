import type { Resource, ResourceDraft } from './resource.ts';
import type { Tag } from './tag.ts';
import type { Tx } from './tx.ts';

/** Takes a record in, with its tags. Returns its place in the order of its account and region. */
export const acceptResource = async (
  tx: Tx,
  draft: ResourceDraft,
  tags: readonly Tag[] = [],
): Promise<{ seq: number; creationMs: number }> => {
  await tx.ensureAccountRegion(draft);
  const drawn = await tx.drawSeq(draft, tx.actor.nowMs);
  await tx.insertResource({ ...draft, ...drawn });
  for (const tag of tags)
    await tx.setTag(draft, {
      resourceType: draft.resourceType,
      resourceId: draft.resourceId,
      ...tag,
    });
  return drawn;
};

/** Deletes a record and its tags and leaves a tombstone: its id is never given again. */
export const removeResource = async (
  tx: Tx,
  resource: Pick<
    Resource,
    'resourceId' | 'resourceType' | 'accountId' | 'regionId' | 'resourceName'
  >,
): Promise<void> => {
  await tx.deleteResourceRows(resource.resourceType, resource.resourceId);
  await tx.insertTombstone({
    resourceId: resource.resourceId,
    accountId: resource.accountId,
    regionId: resource.regionId,
    resourceName: resource.resourceName,
    deletionMs: tx.actor.nowMs,
  });
};
