// Shares: who may see an image beside its owner, and the images of others that an account may see. What
// is shared and what is published are one condition, `openTo`; in listings it is `seenBy`, which takes
// own images in too.
import type { ExpressionBuilder, SelectQueryBuilder } from 'kysely';
import type { AccountId, ImageId } from '../../domain/ids.ts';
import type { ImageShare } from '../../domain/image-sharing.ts';
import type { Image } from '../../domain/image.ts';
import type { Counted, ImageFilter, PageOf, Scope, Whose } from '../../domain/tx.ts';
import type { Tables } from '../schema.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';
import { narrowed } from './image-filter.ts';
import { selectImages, toImage } from './image-rows.ts';
import { imageReads, scopeOf } from './images.ts';

type Images = ExpressionBuilder<Tables, 'image'>;

/** Whether the image is shared with the account. */
const isSharedWith = (eb: Images, accountId: string) =>
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

const anyShare = statement((db, arg: Scope) =>
  db
    .selectFrom('image_share')
    .select('image_id')
    .where('shared_account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .limit(1),
);

/** Own images and images of others in one listing. */
const seenBy = (db: QueryBuilder, viewer: Scope, whose: Whose, filter: ImageFilter) => {
  const { ownerId } = whose;
  const query = db
    .selectFrom('image')
    .where('image.region_id', '=', viewer.regionId)
    .where((eb) => {
      const isOwn = eb('image.account_id', '=', viewer.accountId);
      const isOpen =
        whose.others === 'published'
          ? eb('image.is_public', '=', 1)
          : eb('image.image_id', 'in', (inner) =>
              inner
                .selectFrom('image_share')
                .select('image_share.image_id')
                .where('image_share.shared_account_id', '=', viewer.accountId)
                .where('image_share.region_id', '=', viewer.regionId),
            );
      const isOfOthers = eb.and([
        isOpen,
        eb('image.account_id', '<>', viewer.accountId),
        ...(ownerId === undefined ? [] : [eb('image.account_id', '=', ownerId)]),
      ]);
      return whose.own ? eb.or([isOwn, isOfOthers]) : isOfOthers;
    });
  return narrowed(query, filter, viewer.accountId);
};

/** Sequence numbers of two accounts say nothing of each other; times and ids make the order total. */
const newestFirst = <O>(query: SelectQueryBuilder<Tables, 'image', O>) =>
  query
    .orderBy('image.creation_ms', 'desc')
    .orderBy('image.seq', 'desc')
    .orderBy('image.image_id', 'desc');

export const imageShareReads = (connection: Connection) => ({
  async imagesSeenBy(
    viewer: Scope,
    whose: Whose,
    filter: ImageFilter,
    page: PageOf,
  ): Promise<Counted<Image>> {
    const isOnlyOwn =
      whose.others === undefined ||
      (whose.own && (await connection.one(anyShare, scopeOf(viewer))) === undefined);
    if (isOnlyOwn)
      return whose.own
        ? imageReads(connection).images(viewer, filter, page)
        : { total: 0, rows: [] };
    const { builder } = connection;
    const found = seenBy(builder, viewer, whose, filter);
    const [count] = await connection.query(
      found.select((eb) => eb.fn.countAll<number>().as('total')),
    );
    // The page first: disks and tags are then asked of its images alone.
    const ids = await connection.query(
      newestFirst(found.select('image.image_id')).limit(page.limit).offset(page.offset),
    );
    const rows =
      ids.length === 0
        ? []
        : await connection.query(
            newestFirst(
              selectImages(builder, viewer.accountId).where(
                'image.image_id',
                'in',
                ids.map((row) => row.image_id),
              ),
            ),
          );
    return { total: count?.total ?? 0, rows: rows.map(toImage) };
  },
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
