// Families and the counters of an account in a region. Each verb is one statement; that counters and
// heads agree with the images is the domain's to keep and fsck's to recount.
import type { Family } from '../../domain/family.ts';
import type { ImageId } from '../../domain/ids.ts';
import type { AccountRegion, Counted, PageOf, Scope } from '../../domain/tx.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';
import { scopeOf } from './images.ts';

const selectFamilies = (db: QueryBuilder) =>
  db
    .selectFrom('family')
    .select([
      'image_family as imageFamily',
      'image_count as imageCount',
      'head_image_id as headImageId',
      'head_since_ms as headSinceMs',
    ]);

const selectCounters = (db: QueryBuilder) =>
  db
    .selectFrom('account_region')
    .select([
      'account_id as accountId',
      'region_id as regionId',
      'next_seq as nextSeq',
      'next_change_seq as nextChangeSeq',
      'last_creation_ms as lastCreationMs',
      'image_count as imageCount',
      'family_count as familyCount',
    ]);

const familyByName = statement((db, arg: Scope & { imageFamily: string }) =>
  selectFamilies(db)
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('image_family', '=', arg.imageFamily),
);
const familyPage = statement((db, arg: Scope & PageOf) =>
  selectFamilies(db)
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .orderBy('image_family')
    .limit(arg.limit)
    .offset(arg.offset),
);
const familyTotal = statement((db, arg: Scope) =>
  db
    .selectFrom('family')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId),
);
const headOf = statement((db, arg: Scope & { imageFamily: string }) =>
  db
    .selectFrom('image')
    .select('image_id')
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('image_family', '=', arg.imageFamily)
    .where('status', '=', 'Available')
    .orderBy('seq', 'desc')
    .limit(1),
);
const counters = statement((db, arg: Scope) =>
  selectCounters(db).where('account_id', '=', arg.accountId).where('region_id', '=', arg.regionId),
);
const allCounters = statement((db) =>
  selectCounters(db).orderBy('account_id').orderBy('region_id'),
);

export const familyReads = (connection: Connection) => ({
  async family(scope: Scope, imageFamily: string): Promise<Family | undefined> {
    const row = await connection.one(familyByName, { ...scopeOf(scope), imageFamily });
    return row as Family | undefined;
  },
  async families(scope: Scope, page: PageOf): Promise<Counted<Family>> {
    const rows = await connection.all(familyPage, { ...scopeOf(scope), ...page });
    const count = await connection.one(familyTotal, scopeOf(scope));
    return { total: count?.total ?? 0, rows: rows as Family[] };
  },
  async familyHead(scope: Scope, imageFamily: string): Promise<ImageId | undefined> {
    const row = await connection.one(headOf, { ...scopeOf(scope), imageFamily });
    return row?.image_id as ImageId | undefined;
  },
  async accountRegion(scope: Scope): Promise<AccountRegion | undefined> {
    return (await connection.one(counters, scopeOf(scope))) as AccountRegion | undefined;
  },
  async accountRegions(): Promise<AccountRegion[]> {
    return (await connection.all(allCounters, {})) as AccountRegion[];
  },
});

const ensureCounters = statement((db, arg: Scope) =>
  db
    .insertInto('account_region')
    .values({
      account_id: arg.accountId,
      region_id: arg.regionId,
      next_seq: 1,
      next_change_seq: 1,
      last_creation_ms: 0,
      image_count: 0,
      family_count: 0,
    })
    .onConflict((oc) => oc.doNothing()),
);
const draw = statement((db, arg: Scope & { nowMs: number }) =>
  db
    .updateTable('account_region')
    .set((eb) => ({
      next_seq: eb('next_seq', '+', 1),
      last_creation_ms: eb
        .case()
        .when('last_creation_ms', '>', arg.nowMs)
        .then(eb.ref('last_creation_ms'))
        .else(arg.nowMs)
        .end(),
    }))
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .returning(['next_seq as nextSeq', 'last_creation_ms as creationMs']),
);
const drawChange = statement((db, arg: Scope) =>
  db
    .updateTable('account_region')
    .set((eb) => ({ next_change_seq: eb('next_change_seq', '+', 1) }))
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .returning('next_change_seq as nextChangeSeq'),
);
const addCounts = statement((db, arg: Scope & { images: number; families: number }) =>
  db
    .updateTable('account_region')
    .set((eb) => ({
      image_count: eb('image_count', '+', arg.images),
      family_count: eb('family_count', '+', arg.families),
    }))
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId),
);
const addFamily = statement((db, arg: Scope & { imageFamily: string; images: number }) =>
  db
    .insertInto('family')
    .values({
      account_id: arg.accountId,
      region_id: arg.regionId,
      image_family: arg.imageFamily,
      image_count: arg.images,
      head_image_id: null,
      head_since_ms: 0,
    })
    .onConflict((oc) =>
      oc
        .columns(['account_id', 'region_id', 'image_family'])
        .doUpdateSet((eb) => ({ image_count: eb('family.image_count', '+', arg.images) })),
    )
    .returning('image_count as imageCount'),
);
const setHead = statement(
  (db, arg: Scope & { imageFamily: string; head: string | null; sinceMs: number }) =>
    db
      .updateTable('family')
      .set({ head_image_id: arg.head, head_since_ms: arg.sinceMs })
      .where('account_id', '=', arg.accountId)
      .where('region_id', '=', arg.regionId)
      .where('image_family', '=', arg.imageFamily),
);
const dropFamily = statement((db, arg: Scope & { imageFamily: string }) =>
  db
    .deleteFrom('family')
    .where('account_id', '=', arg.accountId)
    .where('region_id', '=', arg.regionId)
    .where('image_family', '=', arg.imageFamily),
);

export const familyWrites = (connection: Connection) => ({
  async ensureAccountRegion(scope: Scope): Promise<void> {
    await connection.run(ensureCounters, scopeOf(scope));
  },
  async drawSeq(scope: Scope, nowMs: number): Promise<{ seq: number; creationMs: number }> {
    const row = await connection.one(draw, { ...scopeOf(scope), nowMs });
    if (row === undefined) throw new Error('drawSeq before ensureAccountRegion');
    return { seq: row.nextSeq - 1, creationMs: row.creationMs };
  },
  async drawChangeSeq(scope: Scope): Promise<number> {
    const row = await connection.one(drawChange, scopeOf(scope));
    if (row === undefined) throw new Error('drawChangeSeq before ensureAccountRegion');
    return row.nextChangeSeq - 1;
  },
  async addToCounts(scope: Scope, images: number, families: number): Promise<void> {
    await connection.run(addCounts, { ...scopeOf(scope), images, families });
  },
  async addToFamily(scope: Scope, imageFamily: string, images: number): Promise<number> {
    const row = await connection.one(addFamily, { ...scopeOf(scope), imageFamily, images });
    return row?.imageCount ?? 0;
  },
  async setFamilyHead(
    scope: Scope,
    imageFamily: string,
    head: ImageId | null,
    sinceMs: number,
  ): Promise<void> {
    await connection.run(setHead, { ...scopeOf(scope), imageFamily, head, sinceMs });
  },
  async deleteFamily(scope: Scope, imageFamily: string): Promise<void> {
    await connection.run(dropFamily, { ...scopeOf(scope), imageFamily });
  },
});
