// How an execution of a pipeline ends. Once all copies have ended, shares and families are set in one
// transaction, so that a family never names the new image in one region and an unfinished one in another;
// an execution that fails or is cancelled before takes back what it made.
import { LOST, type BuildFailure, type BuildSettings } from './build-images.ts';
import { moveExecution, type Execution } from './image-pipeline-execution.ts';
import type { ImagePipeline } from './image-pipeline.ts';
import { cancelCopy, isBeingCopied } from './image-copy.ts';
import { isBeingExported } from './image-export.ts';
import { changeFamily, removeImage } from './image-lifecycle.ts';
import { shareImage, type ShareRefusal } from './image-sharing.ts';
import type { Image } from './image.ts';
import type { ImageId } from './ids.ts';
import type { Quotas } from './quota.ts';
import { removeSnapshot } from './snapshot-lifecycle.ts';
import type { Tx } from './tx.ts';

const FAMILY_FULL: BuildFailure = {
  errorCode: 'ImageQuotaExceed.ImageFamily',
  errorMessage: 'The quota of the image family, or of families, is used up.',
};

/** Once all copies have ended: shares, families and the end, at once. */
export const publishImages = async (
  tx: Tx,
  execution: Execution,
  pipeline: ImagePipeline,
  { quotas }: BuildSettings,
): Promise<BuildFailure | 'waiting' | 'published'> => {
  if (execution.status !== 'DISTRIBUTING') return 'published';
  const images: Image[] = [];
  const problems = [...execution.detail.problems];
  for (const [i, { regionId, imageId }] of execution.detail.images.entries()) {
    const image = await tx.image({ accountId: pipeline.accountId, regionId }, imageId);
    if (image?.status === 'Creating' || image?.status === 'Waiting') return 'waiting';
    if (image !== undefined && image.status !== 'CreateFailed') images.push(image);
    else if (i === 0) return LOST;
    else problems.push(`${regionId}: The copy has failed, was cancelled or was deleted.`);
  }
  const { imageFamily, addAccounts } = pipeline.detail;
  const joins = (image: Image): boolean => imageFamily !== '' && image.imageFamily === null;
  // Before anything is written: from here on nothing is refused as a whole.
  const [built] = images;
  if (built !== undefined && joins(built) && !(await hasRoom(tx, built, imageFamily, quotas)))
    return FAMILY_FULL;
  for (const image of images) {
    for (const accountId of addAccounts) {
      const refusal = await shareWith(tx, image, accountId, quotas);
      if (refusal !== undefined)
        problems.push(`${image.regionId}: Not shared with ${accountId}: ${refusal}`);
    }
    if (!joins(image)) continue;
    if (await hasRoom(tx, image, imageFamily, quotas))
      await changeFamily(tx, image, imageFamily, quotas);
    else problems.push(`${image.regionId}: ${FAMILY_FULL.errorMessage}`);
  }
  const status = problems.length === 0 ? 'SUCCESS' : 'PARTITION_SUCCESS';
  await moveExecution(tx, execution, status, { problems, message: problems.join(' ') });
  return 'published';
};

const SHARE_REFUSALS: Readonly<Record<ShareRefusal, string>> = {
  'wrong-status': 'the status of the image does not permit it.',
  'own-account': 'it is the own account.',
  'unknown-account': 'there is no such account.',
  published: 'the image is published.',
  'has-data-disks': 'the image has data disks.',
  'too-many': 'the image is shared with as many accounts as it may be.',
};

/** Asks first what a share would be refused for after it was written. */
const shareWith = async (
  tx: Tx,
  image: Image,
  accountId: string,
  quotas: Quotas,
): Promise<string | undefined> => {
  const { total } = await tx.imageShares(image.imageId, { limit: 0, offset: 0 });
  const isFull = total >= quotas.sharesPerImage;
  const refusal = isFull
    ? 'too-many'
    : await shareImage(tx, image, { add: [accountId], remove: [] }, quotas);
  return refusal && SHARE_REFUSALS[refusal];
};

const hasRoom = async (
  tx: Tx,
  image: Image,
  imageFamily: string,
  quotas: Quotas,
): Promise<boolean> => {
  const family = await tx.family(image, imageFamily);
  if (family !== undefined) return family.imageCount < quotas.imagesPerFamily;
  const counters = await tx.accountRegion(image);
  return (counters?.familyCount ?? 0) < quotas.familiesPerRegion;
};

/**
 * Ends an execution that has not published, and takes back what it has made. Kept is what somebody has
 * meanwhile begun to use: an image with instances, shares or a family, or that is copied or exported.
 */
export const giveUp = async (
  tx: Tx,
  execution: Execution,
  status: 'FAILED' | 'CANCELLED',
  { errorCode, errorMessage }: BuildFailure,
): Promise<void> => {
  const kept = await takeBack(tx, execution);
  const left =
    kept.length === 0 ? '' : ` In use meanwhile, and therefore kept: ${kept.join(', ')}.`;
  await moveExecution(tx, execution, status, { errorCode, message: errorMessage + left });
};

const takeBack = async (tx: Tx, execution: Execution): Promise<ImageId[]> => {
  const kept: ImageId[] = [];
  // The copies first: while one is under way, its source is in use.
  for (const { regionId, imageId } of execution.detail.images.toReversed()) {
    const image = await tx.image({ accountId: execution.accountId, regionId }, imageId);
    if (image === undefined || (await cancelCopy(tx, image))) continue;
    if (isUsed(image) || (await isBeingCopied(tx, image)) || (await isBeingExported(tx, image)))
      kept.push(imageId);
    else await removeWithSnapshots(tx, image);
  }
  return kept;
};

const isUsed = (image: Image): boolean =>
  image.isInUse || image.isShared || image.isPublic || image.imageFamily !== null;

const removeWithSnapshots = async (tx: Tx, image: Image): Promise<void> => {
  await removeImage(tx, image);
  for (const { snapshotId } of image.disks) {
    const snapshot = snapshotId === null ? undefined : await tx.snapshot(image, snapshotId);
    if (snapshot?.imageCount === 0) await removeSnapshot(tx, snapshot);
  }
};
