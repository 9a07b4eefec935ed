// RAM users and roles: what policies are attached to.
import type { AccountId } from '../../domain/ids.ts';
import type { RamRole, RamUser } from '../../domain/ram.ts';
import type { NamePage } from '../../domain/ram-tx.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

const selectUsers = (db: QueryBuilder) =>
  db
    .selectFrom('ram_user')
    .select([
      'account_id as accountId',
      'user_id as userId',
      'user_name as userName',
      'display_name as displayName',
      'mobile_phone as mobilePhone',
      'email',
      'comments',
      'creation_ms as creationMs',
      'update_ms as updateMs',
    ]);
const selectRoles = (db: QueryBuilder) =>
  db
    .selectFrom('ram_role')
    .select([
      'account_id as accountId',
      'role_id as roleId',
      'role_name as roleName',
      'description',
      'assume_role_policy_document as assumeRolePolicyDocument',
      'max_session_seconds as maxSessionSeconds',
      'creation_ms as creationMs',
      'update_ms as updateMs',
    ]);

interface Named {
  accountId: string;
  name: string;
}
interface Identified {
  accountId: string;
  id: string;
}
type Listed = NamePage & { accountId: string };

const userByName = statement((db, arg: Named) =>
  selectUsers(db).where('account_id', '=', arg.accountId).where('user_name', '=', arg.name),
);
const userById = statement((db, arg: Identified) =>
  selectUsers(db).where('account_id', '=', arg.accountId).where('user_id', '=', arg.id),
);
const userPage = statement((db, arg: Listed) =>
  selectUsers(db)
    .where('account_id', '=', arg.accountId)
    .where('user_name', '>', arg.after)
    .orderBy('user_name')
    .limit(arg.limit),
);
const userCount = statement((db, arg: { accountId: string }) =>
  db
    .selectFrom('ram_user')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('account_id', '=', arg.accountId),
);
const roleByName = statement((db, arg: Named) =>
  selectRoles(db).where('account_id', '=', arg.accountId).where('role_name', '=', arg.name),
);
const roleById = statement((db, arg: Identified) =>
  selectRoles(db).where('account_id', '=', arg.accountId).where('role_id', '=', arg.id),
);
const rolePage = statement((db, arg: Listed) =>
  selectRoles(db)
    .where('account_id', '=', arg.accountId)
    .where('role_name', '>', arg.after)
    .orderBy('role_name')
    .limit(arg.limit),
);
const roleCount = statement((db, arg: { accountId: string }) =>
  db
    .selectFrom('ram_role')
    .select((eb) => eb.fn.countAll<number>().as('total'))
    .where('account_id', '=', arg.accountId),
);
const roleOfSession = statement((db, arg: Named) =>
  db
    .selectFrom('ram_role')
    .innerJoin('account', 'account.account_id', 'ram_role.account_id')
    .select(['ram_role.role_id as roleId', 'account.is_operator as isOperator'])
    .where('ram_role.account_id', '=', arg.accountId)
    .where('ram_role.role_name', '=', arg.name),
);

export const ramEntityReads = (connection: Connection) => ({
  async ramUser(accountId: AccountId, name: string): Promise<RamUser | undefined> {
    return (await connection.one(userByName, { accountId, name })) as RamUser | undefined;
  },
  async ramUserById(accountId: AccountId, id: string): Promise<RamUser | undefined> {
    return (await connection.one(userById, { accountId, id })) as RamUser | undefined;
  },
  async ramUsers(accountId: AccountId, page: NamePage): Promise<RamUser[]> {
    return (await connection.all(userPage, { accountId, ...page })) as RamUser[];
  },
  async ramUserCount(accountId: AccountId): Promise<number> {
    return (await connection.one(userCount, { accountId }))?.total ?? 0;
  },
  async ramRole(accountId: AccountId, name: string): Promise<RamRole | undefined> {
    return (await connection.one(roleByName, { accountId, name })) as RamRole | undefined;
  },
  async ramRoleById(accountId: AccountId, id: string): Promise<RamRole | undefined> {
    return (await connection.one(roleById, { accountId, id })) as RamRole | undefined;
  },
  async ramRoles(accountId: AccountId, page: NamePage): Promise<RamRole[]> {
    return (await connection.all(rolePage, { accountId, ...page })) as RamRole[];
  },
  async ramRoleCount(accountId: AccountId): Promise<number> {
    return (await connection.one(roleCount, { accountId }))?.total ?? 0;
  },
  async sessionRole(accountId: AccountId, name: string) {
    const row = await connection.one(roleOfSession, { accountId, name });
    return row && { roleId: row.roleId, isOperator: row.isOperator === 1 };
  },
});

const insertUser = statement((db, arg: RamUser) =>
  db.insertInto('ram_user').values({
    account_id: arg.accountId,
    user_id: arg.userId,
    user_name: arg.userName,
    display_name: arg.displayName,
    mobile_phone: arg.mobilePhone,
    email: arg.email,
    comments: arg.comments,
    creation_ms: arg.creationMs,
    update_ms: arg.updateMs,
  }),
);
const updateUser = statement((db, arg: RamUser) =>
  db
    .updateTable('ram_user')
    .set({
      user_name: arg.userName,
      display_name: arg.displayName,
      mobile_phone: arg.mobilePhone,
      email: arg.email,
      comments: arg.comments,
      update_ms: arg.updateMs,
    })
    .where('user_id', '=', arg.userId)
    .where('account_id', '=', arg.accountId),
);
const deleteUser = statement((db, arg: Identified) =>
  db.deleteFrom('ram_user').where('user_id', '=', arg.id).where('account_id', '=', arg.accountId),
);
const insertRole = statement((db, arg: RamRole) =>
  db.insertInto('ram_role').values({
    account_id: arg.accountId,
    role_id: arg.roleId,
    role_name: arg.roleName,
    description: arg.description,
    assume_role_policy_document: arg.assumeRolePolicyDocument,
    max_session_seconds: arg.maxSessionSeconds,
    creation_ms: arg.creationMs,
    update_ms: arg.updateMs,
  }),
);
const updateRole = statement((db, arg: RamRole) =>
  db
    .updateTable('ram_role')
    .set({
      description: arg.description,
      assume_role_policy_document: arg.assumeRolePolicyDocument,
      max_session_seconds: arg.maxSessionSeconds,
      update_ms: arg.updateMs,
    })
    .where('role_id', '=', arg.roleId)
    .where('account_id', '=', arg.accountId),
);
const deleteRole = statement((db, arg: Identified) =>
  db.deleteFrom('ram_role').where('role_id', '=', arg.id).where('account_id', '=', arg.accountId),
);

export const ramEntityWrites = (connection: Connection) => ({
  async insertRamUser(user: RamUser): Promise<void> {
    await connection.run(insertUser, user);
  },
  async updateRamUser(user: RamUser): Promise<void> {
    await connection.run(updateUser, user);
  },
  async deleteRamUser(accountId: AccountId, id: string): Promise<void> {
    await connection.run(deleteUser, { accountId, id });
  },
  async insertRamRole(role: RamRole): Promise<void> {
    await connection.run(insertRole, role);
  },
  async updateRamRole(role: RamRole): Promise<void> {
    await connection.run(updateRole, role);
  },
  async deleteRamRole(accountId: AccountId, id: string): Promise<void> {
    await connection.run(deleteRole, { accountId, id });
  },
});
