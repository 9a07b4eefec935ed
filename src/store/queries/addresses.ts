// Who may read a family (tokens, public families) and what was its head a moment ago. Who holds which
// right is decided in the domain.
import type { FamilyReadToken, FormerHead } from '../../domain/address.ts';
import type { FamilyScope } from '../../domain/address-tx.ts';
import type { Image } from '../../domain/image.ts';
import type { Counted, PageOf, Scope } from '../../domain/tx.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';
import { selectImages, toImage } from './image-rows.ts';

const familyOf = ({ accountId, regionId, imageFamily }: FamilyScope): FamilyScope => ({
  accountId,
  regionId,
  imageFamily,
});

const selectTokens = (db: QueryBuilder) =>
  db
    .selectFrom('family_read_token')
    .select([
      'token_id as tokenId',
      'account_id as accountId',
      'region_id as regionId',
      'image_family as imageFamily',
      'description as description',
      'creation_ms as creationMs',
      'expires_ms as expiresMs',
      'last_used_ms as lastUsedMs',
    ]);

const selectFormer = (db: QueryBuilder) =>
  db
    .selectFrom('former_head')
    .select([
      'account_id as accountId',
      'region_id as regionId',
      'image_family as imageFamily',
      'image_id as imageId',
      'file_name as fileName',
      'digest as digest',
      'creation_ms as creationMs',
      'until_ms as untilMs',
    ]);

const publicFamily = statement((db, arg: FamilyScope) =>
  db
    .selectFrom('public_family')
    .select('image_family')
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('image_family', '=', arg.imageFamily),
);
const tokenById = statement((db, arg: Scope & { tokenId: string }) =>
  selectTokens(db)
    .where('token_id', '=', arg.tokenId)
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId),
);
const tokenByHash = statement((db, arg: { tokenHash: string }) =>
  selectTokens(db).where('token_hash', '=', arg.tokenHash),
);
const formerOfFamily = statement((db, arg: FamilyScope & { sinceMs: number; limit: number }) =>
  selectFormer(db)
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('image_family', '=', arg.imageFamily)
    .where('until_ms', '>=', arg.sinceMs)
    .orderBy('until_ms', 'desc')
    .orderBy('image_id')
    .limit(arg.limit),
);
const formerOfImage = statement((db, arg: { imageId: string; sinceMs: number }) =>
  selectFormer(db).where('image_id', '=', arg.imageId).where('until_ms', '>=', arg.sinceMs),
);
const imageById = statement((db, arg: { imageId: string }) =>
  selectImages(db).where('image.image_id', '=', arg.imageId),
);

export const addressReads = (connection: Connection) => ({
  async isPublicFamily(family: FamilyScope): Promise<boolean> {
    return (await connection.one(publicFamily, familyOf(family))) !== undefined;
  },
  async familyReadToken({ accountId, regionId }: Scope, tokenId: string) {
    const row = await connection.one(tokenById, { accountId, regionId, tokenId });
    return row as FamilyReadToken | undefined;
  },
  async familyReadTokenByHash(tokenHash: string): Promise<FamilyReadToken | undefined> {
    return (await connection.one(tokenByHash, { tokenHash })) as FamilyReadToken | undefined;
  },
  async familyReadTokens(
    scope: Scope,
    imageFamily: string | undefined,
    page: PageOf,
  ): Promise<Counted<FamilyReadToken>> {
    let query = connection.builder
      .selectFrom('family_read_token')
      .where('account_id', '=', scope.accountId)
      .where('region_id', '=', scope.regionId);
    let listed = selectTokens(connection.builder)
      .where('account_id', '=', scope.accountId)
      .where('region_id', '=', scope.regionId);
    if (imageFamily !== undefined) {
      query = query.where('image_family', '=', imageFamily);
      listed = listed.where('image_family', '=', imageFamily);
    }
    const [count] = await connection.query(
      query.select((eb) => eb.fn.countAll<number>().as('total')),
    );
    const rows = await connection.query(
      listed.orderBy('creation_ms').orderBy('token_id').limit(page.limit).offset(page.offset),
    );
    return { total: count?.total ?? 0, rows: rows as FamilyReadToken[] };
  },
  async formerHeads(family: FamilyScope, sinceMs: number, limit: number): Promise<FormerHead[]> {
    const rows = await connection.all(formerOfFamily, { ...familyOf(family), sinceMs, limit });
    return rows as FormerHead[];
  },
  async formerHeadsOfImage(imageId: string, sinceMs: number): Promise<FormerHead[]> {
    return (await connection.all(formerOfImage, { imageId, sinceMs })) as FormerHead[];
  },
  async imageOfAnyone(imageId: string): Promise<Image | undefined> {
    const row = await connection.one(imageById, { imageId });
    return row && toImage(row);
  },
});

const insertPublic = statement((db, arg: FamilyScope) =>
  db
    .insertInto('public_family')
    .values({
      account_id: arg.accountId,
      region_id: arg.regionId,
      image_family: arg.imageFamily,
    })
    .onConflict((oc) => oc.doNothing()),
);
const deletePublic = statement((db, arg: FamilyScope) =>
  db
    .deleteFrom('public_family')
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('image_family', '=', arg.imageFamily),
);
const insertToken = statement((db, arg: FamilyReadToken & { tokenHash: string }) =>
  db.insertInto('family_read_token').values({
    token_id: arg.tokenId,
    token_hash: arg.tokenHash,
    account_id: arg.accountId,
    region_id: arg.regionId,
    image_family: arg.imageFamily,
    description: arg.description,
    creation_ms: arg.creationMs,
    expires_ms: arg.expiresMs,
    last_used_ms: arg.lastUsedMs,
  }),
);
const deleteToken = statement((db, arg: { tokenId: string }) =>
  db.deleteFrom('family_read_token').where('token_id', '=', arg.tokenId),
);
const setUsed = statement((db, arg: { tokenId: string; lastUsedMs: number }) =>
  db
    .updateTable('family_read_token')
    .set({ last_used_ms: arg.lastUsedMs })
    .where('token_id', '=', arg.tokenId),
);
const insertFormer = statement((db, arg: FormerHead) =>
  db
    .insertInto('former_head')
    .values({
      account_id: arg.accountId,
      region_id: arg.regionId,
      image_family: arg.imageFamily,
      image_id: arg.imageId,
      file_name: arg.fileName,
      digest: arg.digest,
      creation_ms: arg.creationMs,
      until_ms: arg.untilMs,
    })
    .onConflict((oc) =>
      oc
        .columns(['account_id', 'region_id', 'image_family', 'image_id'])
        .doUpdateSet((eb) => ({ until_ms: eb.ref('excluded.until_ms') })),
    ),
);
const deleteFormer = statement((db, arg: FamilyScope & { beforeMs: number }) =>
  db
    .deleteFrom('former_head')
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('image_family', '=', arg.imageFamily)
    .where('until_ms', '<', arg.beforeMs),
);

export const addressWrites = (connection: Connection) => ({
  async setPublicFamily(family: FamilyScope, isPublic: boolean): Promise<void> {
    await connection.run(isPublic ? insertPublic : deletePublic, familyOf(family));
  },
  async insertFamilyReadToken(token: FamilyReadToken & { tokenHash: string }): Promise<void> {
    await connection.run(insertToken, token);
  },
  async deleteFamilyReadToken(tokenId: string): Promise<void> {
    await connection.run(deleteToken, { tokenId });
  },
  async setFamilyReadTokenUsed(tokenId: string, lastUsedMs: number): Promise<void> {
    await connection.run(setUsed, { tokenId, lastUsedMs });
  },
  async insertFormerHead(head: FormerHead): Promise<void> {
    await connection.run(insertFormer, head);
  },
  async deleteFormerHeads(family: FamilyScope, beforeMs: number): Promise<void> {
    await connection.run(deleteFormer, { ...familyOf(family), beforeMs });
  },
});
