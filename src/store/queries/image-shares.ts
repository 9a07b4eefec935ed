// Shares: who may see an image beside its owner, and the images of others that an account may see. What
// is shared and what is published are one condition, `isOpenTo`, that every verb here uses. The owner's
// own images are never among them.
import type { ExpressionBuilder } from 'kysely';
import type { AccountId, ImageId } from '../../domain/ids.ts';
import type { ImageShare } from '../../domain/image-sharing.ts';
import type { Image } from '../../domain/image.ts';
import type { Counted, PageOf, Scope } from '../../domain/tx.ts';
import type { Tables } from '../schema.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';
import { selectImages, toImage } from './image-rows.ts';
import { scopeOf } from './images.ts';

type Images = ExpressionBuilder<Tables, 'image'>;

/** Whether the image is shared with the account. */
export const isSharedWith = (eb: Images, accountId: string) =>
  eb.exists(
    eb
      .selectFrom('image_share as share')
      .select('share.image_id')
      .whereRef('share.image_id', '=', 'image.image_id')
      .where('share.shared_account_id', '=', accountId),
  );

/** Images of others in the region that the viewer may see. */
const openTo = (db: QueryBuilder, viewer: Scope) =>
  selectImages(db, viewer.accountId)
    .where('image.region_id', '=', viewer.regionId)
    .where('image.account_id', '<>', viewer.accountId)
    .where((eb) => eb.or([eb('image.is_public', '=', 1), isSharedWith(eb, viewer.accountId)]));

const openById = statement((db, arg: Scope & { imageId: string }) =>
  openTo(db, arg).where('image.image_id', '=', arg.imageId),
);
const openInFamily = statement(
  (db, arg: Scope & { ownerId: string; imageFamily: string; limit: number }) =>
    openTo(db, arg)
      .where('image.account_id', '=', arg.ownerId)
      .where('image.image_family', '=', arg.imageFamily)
      .where('image.status', '=', 'Available')
      .orderBy('image.seq', 'desc')
      .limit(arg.limit),
);

const sharePage = statement((db, arg: { imageId: string } & PageOf) =>
  db
    .selectFrom('image_share')
    .select(['shared_account_id as accountId', 'shared_ms as sharedMs'])
    .where('image_id', '=', arg.imageId)
    .orderBy('shared_ms')
    .orderBy('shared_account_id')
    .limit(arg.limit)
    .offset(arg.offset),
);
const shareTotal = statement((db, arg: { imageId: string }) =>
  db
    .selectFrom('image_share')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('image_id', '=', arg.imageId),
);

export const imageShareReads = (connection: Connection) => ({
  async imageOfOthers(viewer: Scope, imageId: string): Promise<Image | undefined> {
    const row = await connection.one(openById, { ...scopeOf(viewer), imageId });
    return row && toImage(row);
  },
  async othersInFamily(
    viewer: Scope,
    ownerId: AccountId,
    imageFamily: string,
    limit: number,
  ): Promise<Image[]> {
    const args = { ...scopeOf(viewer), ownerId, imageFamily, limit };
    const rows = await connection.all(openInFamily, args);
    return rows.map(toImage);
  },
  async imageShares(imageId: ImageId, page: PageOf): Promise<Counted<ImageShare>> {
    const rows = await connection.all(sharePage, { imageId, ...page });
    const count = await connection.one(shareTotal, { imageId });
    return { total: count?.total ?? 0, rows: rows as ImageShare[] };
  },
});

const insertShare = statement(
  (db, arg: Scope & { imageId: string; sharedAccountId: string; sharedMs: number }) =>
    db
      .insertInto('image_share')
      .values({
        image_id: arg.imageId,
        shared_account_id: arg.sharedAccountId,
        account_id: arg.accountId,
        region_id: arg.regionId,
        shared_ms: arg.sharedMs,
      })
      .onConflict((oc) => oc.doNothing()),
);
const deleteShare = statement((db, arg: { imageId: string; sharedAccountId: string }) =>
  db
    .deleteFrom('image_share')
    .where('image_id', '=', arg.imageId)
    .where('shared_account_id', '=', arg.sharedAccountId),
);

export const imageShareWrites = (connection: Connection) => ({
  async insertImageShare(
    image: Scope & Pick<Image, 'imageId'>,
    sharedAccountId: AccountId,
    sharedMs: number,
  ): Promise<boolean> {
    const args = { ...scopeOf(image), imageId: image.imageId, sharedAccountId, sharedMs };
    return (await connection.run(insertShare, args)) === 1;
  },
  async deleteImageShare(imageId: ImageId, sharedAccountId: string): Promise<boolean> {
    return (await connection.run(deleteShare, { imageId, sharedAccountId })) === 1;
  },
});
