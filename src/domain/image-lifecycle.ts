// What happens to images, as rules over the store's verbs: acceptance, family, status, removal. Every
// rule keeps four things true in one transaction: the rows, the counters (quotas), the family's head
// and the journal. Refusals are values, since each operation answers them with a code of its own.
import { fileStemOf, noteFormerHead } from './address.ts';
import { lacksBytes } from './bytes.ts';
import type { Change, ChangeKind } from './change.ts';
import type { Image, ImageDisk, ImageDraft, ImageStatus } from './image.ts';
import { canBecome } from './image.ts';
import type { ImageId, TaskId } from './ids.ts';
import type { Quotas } from './quota.ts';
import type { Tag } from './tag.ts';
import type { ImageUpdate, Scope, Tx } from './tx.ts';

export type AcceptRefusal = 'name-taken' | 'images-full' | FamilyRefusal;
/** `no-bytes`: a family never names an image whose bytes are not all there. */
export type FamilyRefusal = 'family-full' | 'families-full' | 'no-bytes';

export type AcceptOutcome =
  | { accepted: true; seq: number; creationMs: number }
  | { accepted: false; refusal: AcceptRefusal };

/** Takes a new image in: sequence, time, quotas, disks, tags, family, journal. */
export const acceptImage = async (
  tx: Tx,
  draft: ImageDraft,
  disks: readonly ImageDisk[],
  tags: readonly Tag[],
  status: Extract<ImageStatus, 'Creating' | 'Waiting' | 'Available'>,
  quotas: Quotas,
): Promise<AcceptOutcome> => {
  await tx.ensureAccountRegion(draft);
  const counters = await tx.accountRegion(draft);
  if (counters !== undefined && counters.imageCount >= quotas.imagesPerRegion)
    return { accepted: false, refusal: 'images-full' };
  if ((await tx.imageByName(draft, draft.imageName)) !== undefined)
    return { accepted: false, refusal: 'name-taken' };
  if (draft.imageFamily !== null && (await lacksBytes(tx, draft, disks)))
    return { accepted: false, refusal: 'no-bytes' };
  const refusal = await joinFamily(tx, draft, draft.imageFamily, quotas);
  if (refusal !== undefined) return { accepted: false, refusal };
  const { seq, creationMs } = await tx.drawSeq(draft, tx.actor.nowMs);
  const fileStem = fileStemOf(draft.imageName, draft.imageId);
  await tx.insertImage({ ...draft, fileStem, seq, creationMs, status });
  for (const disk of disks) await tx.insertImageDisk(draft, draft.imageId, disk);
  for (const tag of tags)
    await tx.setTag(draft, { resourceType: 'image', resourceId: draft.imageId, ...tag });
  await tx.addToCounts(draft, 1, 0);
  const image = { ...draft, seq, status };
  await journal(tx, 'accepted', image, {
    familyBefore: null,
    familyAfter: draft.imageFamily,
    statusBefore: null,
    statusAfter: status,
  });
  if (draft.imageFamily !== null) await refreshHead(tx, draft, draft.imageFamily);
  return { accepted: true, seq, creationMs };
};

type Known = Pick<Image, 'accountId' | 'regionId' | 'imageId' | 'imageFamily' | 'status' | 'seq'>;

/** Moves an image into `imageFamily`; both families change in one step. */
export const changeFamily = async (
  tx: Tx,
  image: Known & Pick<Image, 'disks'>,
  imageFamily: string,
  quotas: Quotas,
): Promise<FamilyRefusal | undefined> => {
  if (image.imageFamily === imageFamily) return undefined;
  if (await lacksBytes(tx, image, image.disks)) return 'no-bytes';
  // Leave first: a family that the image empties makes room in the quota of families.
  if (image.imageFamily !== null) {
    await noteLeaving(tx, image, image.imageFamily, image.imageId);
    await leaveFamily(tx, image, image.imageFamily);
  }
  const refusal = await joinFamily(tx, image, imageFamily, quotas);
  if (refusal !== undefined) return refusal;
  await tx.setImageFamily(image.imageId, imageFamily);
  await journal(tx, 'family', image, {
    familyBefore: image.imageFamily,
    familyAfter: imageFamily,
    statusBefore: image.status,
    statusAfter: image.status,
  });
  if (image.imageFamily !== null) await refreshHead(tx, image, image.imageFamily);
  await refreshHead(tx, image, imageFamily);
  return undefined;
};

/** Compare-and-set along the table of states; false when the image is not in `from` any more. */
export const changeStatus = async (tx: Tx, image: Known, to: ImageStatus): Promise<boolean> => {
  if (!canBecome(image.status, to)) return false;
  if (!(await tx.setImageStatus(image.imageId, image.status, to))) return false;
  await journal(tx, 'status', image, {
    familyBefore: image.imageFamily,
    familyAfter: image.imageFamily,
    statusBefore: image.status,
    statusAfter: to,
  });
  if (image.imageFamily !== null) await refreshHead(tx, image, image.imageFamily);
  return true;
};

/** Changes name, description and the like, with a row of the journal. */
export const changeAttributes = async (
  tx: Tx,
  image: Known,
  set: ImageUpdate,
  kind: Extract<ChangeKind, 'renamed' | 'described' | 'attributes' | 'published' | 'unpublished'>,
): Promise<void> => {
  await tx.updateImage(image.imageId, set);
  await journalSame(tx, kind, image);
};

/** A row of the journal for a change that leaves family and status as they are (tags, shares). */
export const journalSame = (tx: Tx, kind: ChangeKind, image: Known): Promise<void> =>
  journal(tx, kind, image, {
    familyBefore: image.imageFamily,
    familyAfter: image.imageFamily,
    statusBefore: image.status,
    statusAfter: image.status,
  });

/** Deletes an image and leaves a tombstone; its snapshots stay. */
export const removeImage = async (
  tx: Tx,
  image: Known & Pick<Image, 'imageName'>,
): Promise<void> => {
  if (image.imageFamily !== null) await noteLeaving(tx, image, image.imageFamily, image.imageId);
  await tx.deleteImageRows(image.imageId);
  await tx.insertTombstone({
    resourceId: image.imageId,
    accountId: image.accountId,
    regionId: image.regionId,
    resourceName: image.imageName,
    deletionMs: tx.actor.nowMs,
  });
  await tx.addToCounts(image, -1, 0);
  await journal(tx, 'deleted', image, {
    familyBefore: image.imageFamily,
    familyAfter: null,
    statusBefore: image.status,
    statusAfter: null,
  });
  if (image.imageFamily !== null) {
    await leaveFamily(tx, image, image.imageFamily);
    await refreshHead(tx, image, image.imageFamily);
  }
};

/** Ends a task once; later attempts change nothing. Returns whether this call ended it. */
export const endTask = async (
  tx: Tx,
  taskId: TaskId,
  outcome:
    | { taskStatus: 'Finished' | 'Deleted' }
    | { taskStatus: 'Failed'; errorCode: string; errorMessage: string },
): Promise<boolean> => {
  const end = { errorCode: '', errorMessage: '', ...outcome, finishedMs: tx.actor.nowMs };
  return (
    (await tx.setTaskStatus(taskId, 'Processing', end)) || tx.setTaskStatus(taskId, 'Waiting', end)
  );
};

const joinFamily = async (
  tx: Tx,
  scope: Scope,
  imageFamily: string | null,
  quotas: Quotas,
): Promise<FamilyRefusal | undefined> => {
  if (imageFamily === null) return undefined;
  const count = await tx.addToFamily(scope, imageFamily, 1);
  if (count > quotas.imagesPerFamily) return 'family-full';
  if (count > 1) return undefined;
  await tx.addToCounts(scope, 0, 1);
  const counters = await tx.accountRegion(scope);
  return counters !== undefined && counters.familyCount > quotas.familiesPerRegion
    ? 'families-full'
    : undefined;
};

const leaveFamily = async (tx: Tx, scope: Scope, imageFamily: string): Promise<void> => {
  const count = await tx.addToFamily(scope, imageFamily, -1);
  if (count > 0) return;
  await tx.deleteFamily(scope, imageFamily);
  await tx.addToCounts(scope, 0, -1);
};

/** Recomputes the head of a family from the rows; keeps since when it is the head. */
const refreshHead = async (tx: Tx, scope: Scope, imageFamily: string): Promise<void> => {
  const family = await tx.family(scope, imageFamily);
  if (family === undefined) return;
  const head: ImageId | null = (await tx.familyHead(scope, imageFamily)) ?? null;
  if (family.headImageId === head && family.headSinceMs !== 0) return;
  if (family.headImageId !== null) await noteLeaving(tx, scope, imageFamily, family.headImageId);
  await tx.setFamilyHead(scope, imageFamily, head, tx.actor.nowMs);
};

/** Remembers the image as a former head, if it is the head and there; a deleted one was noted before. */
const noteLeaving = async (
  tx: Tx,
  scope: Scope,
  imageFamily: string,
  imageId: ImageId,
): Promise<void> => {
  const family = await tx.family(scope, imageFamily);
  if (family?.headImageId !== imageId) return;
  const { accountId, regionId } = scope;
  const image = await tx.image(scope, imageId);
  if (image !== undefined) await noteFormerHead(tx, { accountId, regionId, imageFamily }, image);
};

const journal = async (
  tx: Tx,
  kind: ChangeKind,
  image: Pick<Image, 'accountId' | 'regionId' | 'imageId' | 'seq'>,
  moved: Pick<Change, 'familyBefore' | 'familyAfter' | 'statusBefore' | 'statusAfter'>,
): Promise<void> =>
  tx.insertChange({
    accountId: image.accountId,
    regionId: image.regionId,
    changeSeq: await tx.drawChangeSeq(image),
    timeMs: tx.actor.nowMs,
    kind,
    imageId: image.imageId,
    imageSeq: image.seq,
    ...moved,
    principal: tx.actor.principal,
    requestId: tx.actor.requestId,
  });
