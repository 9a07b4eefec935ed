// Shares: who may see an image beside its owner, and the images of others that an account may see. What
// is shared and what is published are one condition, `isOpenTo`, that every verb here uses. The owner's
// own images are never among them.
import type { ExpressionBuilder } from 'kysely';
import type { AccountId } from '../../domain/ids.ts';
import type { Image } from '../../domain/image.ts';
import type { Scope } from '../../domain/tx.ts';
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
});
