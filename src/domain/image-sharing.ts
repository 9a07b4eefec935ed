// Sharing an image with accounts and publishing it to all. A share opens the image to the receiver at
// once, in its region and by the names of visible.ts; it takes nothing from the owner and gives no
// right but to see, to use and to copy within the region. Refusals are values, as in image-lifecycle.ts.
import type { AccountId } from './ids.ts';
import { changeAttributes, journalSame } from './image-lifecycle.ts';
import type { Image } from './image.ts';
import type { Quotas } from './quota.ts';
import type { Tx } from './tx.ts';

/** An account that an image is shared with. */
export interface ImageShare {
  accountId: AccountId;
  sharedMs: number;
}

export interface ShareRequest {
  add: readonly string[];
  /** After `add`; an account without a share is no fault. */
  remove: readonly string[];
  /** True publishes, false takes back, absent leaves as it is. */
  publish?: boolean | undefined;
}

export type ShareRefusal =
  | 'wrong-status'
  | 'own-account'
  | 'unknown-account'
  | 'published'
  | 'has-data-disks'
  | 'too-many';

/** Changes who may see the image. After a refusal the transaction is to be given up. */
export const shareImage = async (
  tx: Tx,
  image: Image,
  request: ShareRequest,
  quotas: Pick<Quotas, 'sharesPerImage'>,
): Promise<ShareRefusal | undefined> => {
  const { add, remove, publish } = request;
  const refusal = refusalOf(image, request) ?? (await refusalOfAccounts(tx, image, add));
  if (refusal !== undefined) return refusal;
  for (const accountId of add)
    if (await tx.insertImageShare(image, accountId as AccountId, tx.actor.nowMs))
      await journalSame(tx, 'shared', image);
  for (const accountId of remove)
    if (await tx.deleteImageShare(image.imageId, accountId))
      await journalSame(tx, 'unshared', image);
  if (add.length > 0) {
    const { total } = await tx.imageShares(image.imageId, { limit: 0, offset: 0 });
    if (total > quotas.sharesPerImage) return 'too-many';
  }
  if (publish !== undefined && publish !== image.isPublic)
    await changeAttributes(tx, image, { isPublic: publish }, publish ? 'published' : 'unpublished');
  return undefined;
};

const refusalOf = (image: Image, { add, publish }: ShareRequest): ShareRefusal | undefined => {
  const isPublishing = publish === true && !image.isPublic;
  if (add.length > 0 && image.status === 'Deprecated') return 'wrong-status';
  if (isPublishing && image.status !== 'Available') return 'wrong-status';
  if (isPublishing && image.disks.some((disk) => disk.diskType === 'data')) return 'has-data-disks';
  if (add.length > 0 && (publish ?? image.isPublic)) return 'published';
  return undefined;
};

const refusalOfAccounts = async (
  tx: Tx,
  image: Image,
  accountIds: readonly string[],
): Promise<ShareRefusal | undefined> => {
  for (const accountId of accountIds) {
    if (accountId === image.accountId) return 'own-account';
    if ((await tx.account(accountId as AccountId)) === undefined) return 'unknown-account';
  }
  return undefined;
};
