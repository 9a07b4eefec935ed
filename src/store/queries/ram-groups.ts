// Groups of RAM users, and who is in which.
import type { AccountId } from '../../domain/ids.ts';
import type { RamGroup, RamMembership, RamUser } from '../../domain/ram.ts';
import type { NamePage } from '../../domain/ram-tx.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

const COLUMNS = [
  'ram_group.account_id as accountId',
  'ram_group.group_id as groupId',
  'ram_group.group_name as groupName',
  'ram_group.comments as comments',
  'ram_group.creation_ms as creationMs',
  'ram_group.update_ms as updateMs',
] as const;
const selectGroups = (db: QueryBuilder) => db.selectFrom('ram_group').select(COLUMNS);

interface Identified {
  accountId: string;
  id: string;
}

const groupByName = statement((db, arg: { accountId: string; name: string }) =>
  selectGroups(db).where('account_id', '=', arg.accountId).where('group_name', '=', arg.name),
);
const groupById = statement((db, arg: Identified) =>
  selectGroups(db).where('account_id', '=', arg.accountId).where('group_id', '=', arg.id),
);
const groupPage = statement((db, arg: NamePage & { accountId: string }) =>
  selectGroups(db)
    .where('account_id', '=', arg.accountId)
    .where('group_name', '>', arg.after)
    .orderBy('group_name')
    .limit(arg.limit),
);
const groupCount = statement((db, arg: { accountId: string }) =>
  db
    .selectFrom('ram_group')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('account_id', '=', arg.accountId),
);
const groupsOfUser = statement((db, arg: Identified) =>
  db
    .selectFrom('ram_membership as member')
    .innerJoin('ram_group', (join) =>
      join
        .onRef('ram_group.account_id', '=', 'member.account_id')
        .onRef('ram_group.group_id', '=', 'member.group_id'),
    )
    .select([...COLUMNS, 'member.join_ms as joinMs'])
    .where('member.account_id', '=', arg.accountId)
    .where('member.user_id', '=', arg.id)
    .orderBy('ram_group.group_name'),
);
const usersOfGroup = statement((db, arg: Identified & NamePage) =>
  db
    .selectFrom('ram_membership as member')
    .innerJoin('ram_user as user', (join) =>
      join
        .onRef('user.account_id', '=', 'member.account_id')
        .onRef('user.user_id', '=', 'member.user_id'),
    )
    .select([
      'user.user_name as userName',
      'user.display_name as displayName',
      'member.join_ms as joinMs',
    ])
    .where('member.account_id', '=', arg.accountId)
    .where('member.group_id', '=', arg.id)
    .where('user.user_name', '>', arg.after)
    .orderBy('user.user_name')
    .limit(arg.limit),
);

export const ramGroupReads = (connection: Connection) => ({
  async ramGroup(accountId: AccountId, name: string): Promise<RamGroup | undefined> {
    return (await connection.one(groupByName, { accountId, name })) as RamGroup | undefined;
  },
  async ramGroupById(accountId: AccountId, id: string): Promise<RamGroup | undefined> {
    return (await connection.one(groupById, { accountId, id })) as RamGroup | undefined;
  },
  async ramGroups(accountId: AccountId, page: NamePage): Promise<RamGroup[]> {
    return (await connection.all(groupPage, { accountId, ...page })) as RamGroup[];
  },
  async ramGroupCount(accountId: AccountId): Promise<number> {
    return (await connection.one(groupCount, { accountId }))?.total ?? 0;
  },
  async groupsOfUser(accountId: AccountId, id: string): Promise<(RamGroup & { joinMs: number })[]> {
    return (await connection.all(groupsOfUser, { accountId, id })) as (RamGroup & {
      joinMs: number;
    })[];
  },
  async usersOfGroup(
    accountId: AccountId,
    id: string,
    page: NamePage,
  ): Promise<(Pick<RamUser, 'userName' | 'displayName'> & { joinMs: number })[]> {
    return connection.all(usersOfGroup, { accountId, id, ...page });
  },
});

const insertGroup = statement((db, arg: RamGroup) =>
  db.insertInto('ram_group').values({
    account_id: arg.accountId,
    group_id: arg.groupId,
    group_name: arg.groupName,
    comments: arg.comments,
    creation_ms: arg.creationMs,
    update_ms: arg.updateMs,
  }),
);
const updateGroup = statement((db, arg: RamGroup) =>
  db
    .updateTable('ram_group')
    .set({ group_name: arg.groupName, comments: arg.comments, update_ms: arg.updateMs })
    .where('group_id', '=', arg.groupId)
    .where('account_id', '=', arg.accountId),
);
const deleteGroup = statement((db, arg: Identified) =>
  db.deleteFrom('ram_group').where('group_id', '=', arg.id).where('account_id', '=', arg.accountId),
);
const insertMembership = statement((db, arg: RamMembership) =>
  db
    .insertInto('ram_membership')
    .values({
      account_id: arg.accountId,
      user_id: arg.userId,
      group_id: arg.groupId,
      join_ms: arg.joinMs,
    })
    .onConflict((oc) => oc.doNothing()),
);
type MembershipKey = Omit<RamMembership, 'joinMs'>;
const deleteMembership = statement((db, arg: MembershipKey) =>
  db
    .deleteFrom('ram_membership')
    .where('account_id', '=', arg.accountId)
    .where('user_id', '=', arg.userId)
    .where('group_id', '=', arg.groupId),
);

export const ramGroupWrites = (connection: Connection) => ({
  async insertRamGroup(group: RamGroup): Promise<void> {
    await connection.run(insertGroup, group);
  },
  async updateRamGroup(group: RamGroup): Promise<void> {
    await connection.run(updateGroup, group);
  },
  async deleteRamGroup(accountId: AccountId, id: string): Promise<void> {
    await connection.run(deleteGroup, { accountId, id });
  },
  async insertMembership(membership: RamMembership): Promise<boolean> {
    return (await connection.run(insertMembership, membership)) === 1;
  },
  async deleteMembership(membership: MembershipKey): Promise<boolean> {
    return (await connection.run(deleteMembership, membership)) === 1;
  },
});
