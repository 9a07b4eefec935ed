// Tags of images, snapshots and records. A tag belongs to its resource by type and id; limits and rules of keys
// are checked before a verb is called.
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Counted, PageOf, Scope, TagFilter, TagUse, TagUseFilter } from '../../domain/tx.ts';
import type { Tag, TagBinding, TaggedType } from '../../domain/tag.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

/** Whether the resource carries the tag; without a value any value fits. */
export const hasTags = (
  resourceType: TaggedType,
  resourceId: RawBuilder<unknown>,
  tag: { tagKey: string; tagValue?: string },
): RawBuilder<SqlBool> =>
  sql<SqlBool>`EXISTS (SELECT 1 FROM tag AS wanted WHERE wanted.resource_type = ${resourceType}
    AND wanted.resource_id = ${resourceId} AND wanted.tag_key = ${tag.tagKey}
    ${tag.tagValue === undefined ? sql`` : sql`AND wanted.tag_value = ${tag.tagValue}`})`;

const tagsInUse = (db: QueryBuilder, scope: Scope, filter: TagUseFilter) => {
  let query = db
    .selectFrom('tag')
    .where('tag.account_id', '=', scope.accountId)
    .where('tag.region_id', '=', scope.regionId)
    .where('tag.resource_type', 'in', [...filter.resourceTypes]);
  if (filter.resourceId) query = query.where('tag.resource_id', '=', filter.resourceId);
  const { tags } = filter;
  if (tags.length > 0)
    query = query.where((eb) =>
      eb.or(
        tags.map(({ tagKey, tagValue }) =>
          eb.and({
            'tag.tag_key': tagKey,
            ...(tagValue !== undefined && { 'tag.tag_value': tagValue }),
          }),
        ),
      ),
    );
  return query;
};

/** Rows of one tag, which stand together, become one use of it. */
const toTagUses = (rows: readonly (Tag & { resourceType: string; count: number })[]): TagUse[] => {
  const found: (Tag & { uses: Map<TaggedType, number> })[] = [];
  for (const { tagKey, tagValue, resourceType, count } of rows) {
    const last = found.at(-1);
    const isSame = last?.tagKey === tagKey && last.tagValue === tagValue;
    const use = isSame ? last : { tagKey, tagValue, uses: new Map<TaggedType, number>() };
    if (!isSame) found.push(use);
    use.uses.set(resourceType as TaggedType, count); // only setTag writes the column
  }
  return found;
};

export const tagReads = (connection: Connection) => ({
  async tagUses(scope: Scope, filter: TagUseFilter, page: PageOf): Promise<Counted<TagUse>> {
    const { builder } = connection;
    const distinct = tagsInUse(builder, scope, filter)
      .select(['tag.tag_key', 'tag.tag_value'])
      .groupBy(['tag.tag_key', 'tag.tag_value']);
    const [count] = await connection.query(
      builder.selectFrom(distinct.as('used')).select((eb) => eb.fn.countAll<number>().as('total')),
    );
    const shown = distinct
      .orderBy('tag.tag_key')
      .orderBy('tag.tag_value')
      .limit(page.limit)
      .offset(page.offset);
    const rows = await connection.query(
      tagsInUse(builder, scope, filter)
        .innerJoin(shown.as('shown'), (join) =>
          join
            .onRef('shown.tag_key', '=', 'tag.tag_key')
            .onRef('shown.tag_value', '=', 'tag.tag_value'),
        )
        .select(['tag.tag_key as tagKey', 'tag.tag_value as tagValue'])
        .select(['tag.resource_type as resourceType'])
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .groupBy(['tag.tag_key', 'tag.tag_value', 'tag.resource_type'])
        .orderBy('tag.tag_key')
        .orderBy('tag.tag_value'),
    );
    return { total: count?.total ?? 0, rows: toTagUses(rows) };
  },
  async tagBindings(scope: Scope, filter: TagFilter): Promise<TagBinding[]> {
    let query = connection.builder
      .selectFrom('tag')
      .select(['resource_id as resourceId', 'tag_key as tagKey', 'tag_value as tagValue'])
      .where('account_id', '=', scope.accountId)
      .where('region_id', '=', scope.regionId)
      .where('resource_type', '=', filter.resourceType);
    if (filter.resourceIds) query = query.where('resource_id', 'in', [...filter.resourceIds]);
    for (const tag of filter.tags ?? [])
      query = query.where(hasTags(filter.resourceType, sql.ref('tag.resource_id'), tag));
    if (filter.after) {
      const { resourceId, tagKey } = filter.after;
      query = query.where((eb) =>
        eb.or([
          eb('resource_id', '>', resourceId),
          eb.and([eb('resource_id', '=', resourceId), eb('tag_key', '>', tagKey)]),
        ]),
      );
    }
    const rows = await connection.query(
      query.orderBy('resource_id').orderBy('tag_key').limit(filter.limit),
    );
    return rows.map((row) => ({ ...row, resourceType: filter.resourceType }));
  },
});

const upsertTag = statement(
  (
    db,
    arg: {
      accountId: string;
      regionId: string;
      resourceType: string;
      resourceId: string;
      tagKey: string;
      tagValue: string;
    },
  ) =>
    db
      .insertInto('tag')
      .values({
        account_id: arg.accountId,
        region_id: arg.regionId,
        resource_type: arg.resourceType,
        resource_id: arg.resourceId,
        tag_key: arg.tagKey,
        tag_value: arg.tagValue,
      })
      .onConflict((oc) =>
        oc
          .columns(['resource_type', 'resource_id', 'tag_key'])
          .doUpdateSet((eb) => ({ tag_value: eb.ref('excluded.tag_value') })),
      ),
);
const removeTag = statement(
  (db, arg: { resourceType: string; resourceId: string; tagKey: string }) =>
    db
      .deleteFrom('tag')
      .where('resource_type', '=', arg.resourceType)
      .where('resource_id', '=', arg.resourceId)
      .where('tag_key', '=', arg.tagKey),
);

export const tagWrites = (connection: Connection) => ({
  async setTag(scope: Scope, binding: TagBinding): Promise<void> {
    await connection.run(upsertTag, {
      accountId: scope.accountId,
      regionId: scope.regionId,
      resourceType: binding.resourceType,
      resourceId: binding.resourceId,
      tagKey: binding.tagKey,
      tagValue: binding.tagValue,
    });
  },
  async deleteTag(resourceType: TaggedType, resourceId: string, tagKey: string): Promise<void> {
    await connection.run(removeTag, { resourceType, resourceId, tagKey });
  },
});
