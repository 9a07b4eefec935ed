// Records of every kind in one table: one, a filtered page, and the statements that change one. The
// status is read as of a time: a transition that has come to its end shows what it settled to.
import { sql, type SelectQueryBuilder } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/sqlite';
import type { AccountId, RegionId } from '../../domain/ids.ts';
import type {
  Resource,
  ResourceDraft,
  ResourceFilter,
  ResourceType,
  ResourceUpdate,
} from '../../domain/resource.ts';
import type { Counted, PageOf, Scope } from '../../domain/tx.ts';
import type { Tables } from '../schema.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';
import { wildcard } from '../wildcard.ts';
import { hasTags } from './tags.ts';

/** The status at `nowMs`. */
const statusAt = (nowMs: number) =>
  sql<string>`CASE WHEN resource.settle_ms > 0 AND resource.settle_ms <= ${nowMs}
    THEN resource.settled_status ELSE resource.status END`;

const selectResources = (db: QueryBuilder, nowMs: number) =>
  db
    .selectFrom('resource')
    .selectAll('resource')
    .select((eb) => [
      statusAt(nowMs).as('status_now'),
      jsonArrayFrom(
        eb
          .selectFrom('tag')
          .select(['tag.tag_key as tagKey', 'tag.tag_value as tagValue'])
          .whereRef('tag.resource_type', '=', 'resource.resource_type')
          .whereRef('tag.resource_id', '=', 'resource.resource_id')
          .orderBy('tag.tag_key'),
      ).as('tags'),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof selectResources>['execute']>>[number];

const toResource = (row: Row): Resource => ({
  resourceId: row.resource_id,
  resourceType: row.resource_type as ResourceType,
  accountId: row.account_id as AccountId,
  regionId: row.region_id as RegionId,
  seq: row.seq,
  creationMs: row.creation_ms,
  resourceName: row.resource_name,
  status: row.status_now,
  parentId: row.parent_id,
  imageId: row.image_id,
  resourceGroupId: row.resource_group_id,
  detail: JSON.parse(row.detail) as object,
  tags: JSON.parse(row.tags as unknown as string) as Resource['tags'],
});

const narrow = <O>(
  query: SelectQueryBuilder<Tables, 'resource', O>,
  scope: Scope,
  filter: ResourceFilter,
  nowMs: number,
): SelectQueryBuilder<Tables, 'resource', O> => {
  let q = query
    .where('resource.account_id', '=', scope.accountId)
    .where('resource.region_id', '=', scope.regionId)
    .where('resource.resource_type', '=', filter.resourceType);
  if (filter.resourceIds) q = q.where('resource.resource_id', 'in', [...filter.resourceIds]);
  if (filter.resourceName !== undefined)
    q = q.where('resource.resource_name', '=', filter.resourceName);
  if (filter.resourceNames) q = q.where('resource.resource_name', 'in', [...filter.resourceNames]);
  if (filter.resourceNamePattern !== undefined)
    q = q.where(wildcard('resource.resource_name', filter.resourceNamePattern));
  if (filter.statuses) q = q.where(statusAt(nowMs), 'in', [...filter.statuses]);
  if (filter.parentId !== undefined) q = q.where('resource.parent_id', '=', filter.parentId);
  if (filter.imageId !== undefined) q = q.where('resource.image_id', '=', filter.imageId);
  if (filter.resourceGroupId !== undefined)
    q = q.where('resource.resource_group_id', '=', filter.resourceGroupId);
  if (filter.beforeSeq !== undefined) q = q.where('resource.seq', '<', filter.beforeSeq);
  for (const tag of filter.tags ?? [])
    q = q.where(hasTags(filter.resourceType, sql.ref('resource.resource_id'), tag));
  return q;
};

export const resourceReads = (connection: Connection) => ({
  async resource(
    scope: Scope,
    resourceType: ResourceType,
    resourceId: string,
    nowMs: number,
  ): Promise<Resource | undefined> {
    const filter = { resourceType, resourceIds: [resourceId] };
    const [row] = await connection.query(
      narrow(selectResources(connection.builder, nowMs), scope, filter, nowMs),
    );
    return row && toResource(row);
  },
  async resources(
    scope: Scope,
    filter: ResourceFilter,
    page: PageOf,
    nowMs: number,
  ): Promise<Counted<Resource>> {
    const { builder } = connection;
    const [count] = await connection.query(
      narrow(
        builder.selectFrom('resource').select((eb) => eb.fn.countAll<number>().as('total')),
        scope,
        filter,
        nowMs,
      ),
    );
    const rows = await connection.query(
      narrow(selectResources(builder, nowMs), scope, filter, nowMs)
        .orderBy('resource.seq', 'desc')
        .limit(page.limit)
        .offset(page.offset),
    );
    return { total: count?.total ?? 0, rows: rows.map(toResource) };
  },
  async resourceGroupInUse(accountId: AccountId, resourceGroupId: string): Promise<boolean> {
    const members = groupMembers(connection.builder, accountId, resourceGroupId);
    return (await connection.query(members)).length > 0;
  },
  async clearUserData(limit: number) {
    const rows = await connection.all(onClearList, { limit });
    return rows.map(({ resource_id: resourceId, detail }) => ({
      resourceId,
      // An instance may have gone meanwhile.
      detail: JSON.parse(detail ?? '{}') as Readonly<Record<string, unknown>>,
    }));
  },
});

const onClearList = statement((db, arg: { limit: number }) =>
  db
    .selectFrom('clear_user_data')
    .leftJoin('resource', 'resource.resource_id', 'clear_user_data.resource_id')
    .select(['clear_user_data.resource_id', 'resource.detail'])
    .orderBy('clear_user_data.resource_id', 'desc')
    .limit(arg.limit),
);

const groupMembers = (db: QueryBuilder, accountId: AccountId, resourceGroupId: string) => {
  const inGroup = (table: 'image' | 'snapshot' | 'resource') =>
    db
      .selectFrom(table)
      .select('resource_group_id')
      .where('account_id', '=', accountId)
      .where('resource_group_id', '=', resourceGroupId);
  return inGroup('image').unionAll(inGroup('snapshot')).unionAll(inGroup('resource')).limit(1);
};

/** A status that is set without a transition settles at once, as itself. */
const statusColumns = ({ status, settling }: Pick<ResourceUpdate, 'status' | 'settling'>) =>
  status === undefined
    ? {}
    : {
        status,
        settled_status: settling?.settledStatus ?? status,
        settle_ms: settling?.settleMs ?? 0,
      };

export const resourceWrites = (connection: Connection) => ({
  async insertResource(
    resource: ResourceDraft & Pick<Resource, 'seq' | 'creationMs'>,
  ): Promise<void> {
    await connection.change(
      connection.builder.insertInto('resource').values({
        resource_id: resource.resourceId,
        resource_type: resource.resourceType,
        account_id: resource.accountId,
        region_id: resource.regionId,
        seq: resource.seq,
        creation_ms: resource.creationMs,
        resource_name: resource.resourceName,
        status: resource.status,
        settled_status: resource.settling?.settledStatus ?? resource.status,
        settle_ms: resource.settling?.settleMs ?? 0,
        parent_id: resource.parentId,
        image_id: resource.imageId,
        resource_group_id: resource.resourceGroupId,
        detail: JSON.stringify(resource.detail),
      }),
    );
  },
  async forgetClearUserData(resourceId: string): Promise<void> {
    await connection.change(
      connection.builder.deleteFrom('clear_user_data').where('resource_id', '=', resourceId),
    );
  },
  async updateResource(resourceId: string, set: ResourceUpdate): Promise<void> {
    const columns = {
      ...statusColumns(set),
      ...(set.resourceName === undefined ? {} : { resource_name: set.resourceName }),
      ...(set.parentId === undefined ? {} : { parent_id: set.parentId }),
      ...(set.imageId === undefined ? {} : { image_id: set.imageId }),
      ...(set.resourceGroupId === undefined ? {} : { resource_group_id: set.resourceGroupId }),
      ...(set.detail === undefined ? {} : { detail: JSON.stringify(set.detail) }),
    };
    if (Object.keys(columns).length === 0) return;
    await connection.change(
      connection.builder.updateTable('resource').set(columns).where('resource_id', '=', resourceId),
    );
  },
  async deleteResourceRows(resourceType: ResourceType, resourceId: string): Promise<void> {
    const { builder } = connection;
    await connection.change(
      builder
        .deleteFrom('resource')
        .where('resource_type', '=', resourceType)
        .where('resource_id', '=', resourceId),
    );
    await connection.change(
      builder
        .deleteFrom('tag')
        .where('resource_type', '=', resourceType)
        .where('resource_id', '=', resourceId),
    );
  },
});
