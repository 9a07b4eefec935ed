// Tags of images, snapshots and records. A tag belongs to its resource by type and id; limits and rules of keys
// are checked before a verb is called.
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import type { Scope, TagFilter } from '../../domain/tx.ts';
import type { TagBinding, TaggedType } from '../../domain/tag.ts';
import { statement, type Connection } from '../statement.ts';

/** Whether the resource carries the tag; without a value any value fits. */
export const hasTags = (
  resourceType: TaggedType,
  resourceId: RawBuilder<unknown>,
  tag: { tagKey: string; tagValue?: string },
): RawBuilder<SqlBool> =>
  sql<SqlBool>`EXISTS (SELECT 1 FROM tag AS wanted WHERE wanted.resource_type = ${resourceType}
    AND wanted.resource_id = ${resourceId} AND wanted.tag_key = ${tag.tagKey}
    ${tag.tagValue === undefined ? sql`` : sql`AND wanted.tag_value = ${tag.tagValue}`})`;

export const tagReads = (connection: Connection) => ({
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
