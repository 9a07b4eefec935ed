// Accounts and their keys. A secret is only ever read and written sealed; who may use a key is decided
// elsewhere.
import type { AccessKey, AccessKeyUse, Account, Credentials } from '../../domain/account.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Principal } from '../../domain/principal.ts';
import type { Counted, PageOf } from '../../domain/tx.ts';
import { statement, type Connection, type QueryBuilder } from '../statement.ts';

const selectAccounts = (db: QueryBuilder) =>
  db
    .selectFrom('account')
    .select(['account_id', 'account_name', 'is_operator', 'creation_ms', 'account_alias']);

const selectKeys = (db: QueryBuilder) =>
  db
    .selectFrom('access_key')
    .select([
      'access_key_id',
      'account_id',
      'sealed_secret',
      'status',
      'creation_ms',
      'user_id',
      'end_ms',
    ]);

const accountById = statement((db, arg: { accountId: string }) =>
  selectAccounts(db).where('account_id', '=', arg.accountId),
);
const accountByAlias = statement((db, arg: { accountAlias: string }) =>
  selectAccounts(db).where('account_alias', '=', arg.accountAlias),
);
const accountPage = statement((db, arg: PageOf) =>
  selectAccounts(db)
    .orderBy('creation_ms')
    .orderBy('account_id')
    .limit(arg.limit)
    .offset(arg.offset),
);
const accountCount = statement((db) =>
  db.selectFrom('account').select((eb) => eb.fn.countAll<number>().as('total')),
);
const keyById = statement((db, arg: { accessKeyId: string }) =>
  selectKeys(db).where('access_key_id', '=', arg.accessKeyId),
);
const credentialsByKey = statement((db, arg: { accessKeyId: string }) =>
  db
    .selectFrom('access_key')
    .innerJoin('account', 'account.account_id', 'access_key.account_id')
    .leftJoin('ram_user', 'ram_user.user_id', 'access_key.user_id')
    .leftJoin('access_key_use', 'access_key_use.access_key_id', 'access_key.access_key_id')
    .select([
      'access_key.user_id as userId',
      'access_key.end_ms as endMs',
      'ram_user.user_name as userName',
      'access_key_use.last_used_ms as lastUsedMs',
      'access_key.account_id as accountId',
      'access_key.sealed_secret as sealedSecret',
      'access_key.status as status',
      'account.is_operator as isOperator',
    ])
    .where('access_key.access_key_id', '=', arg.accessKeyId),
);
const rootKeys = statement((db, arg: { accountId: string }) =>
  selectKeys(db)
    .where('account_id', '=', arg.accountId)
    .where('user_id', 'is', null)
    .orderBy('creation_ms')
    .orderBy('access_key_id'),
);
const keysOfUser = statement((db, arg: { accountId: string; userId: string }) =>
  selectKeys(db)
    .where('account_id', '=', arg.accountId)
    .where('user_id', '=', arg.userId)
    .orderBy('creation_ms')
    .orderBy('access_key_id'),
);
const useOfKey = statement((db, arg: { accessKeyId: string }) =>
  db
    .selectFrom('access_key_use')
    .select(['last_used_ms as lastUsedMs', 'service'])
    .where('access_key_id', '=', arg.accessKeyId),
);

interface AccountRow {
  account_id: string;
  account_name: string;
  is_operator: number;
  creation_ms: number;
  account_alias: string | null;
}
interface KeyRow {
  access_key_id: string;
  account_id: string;
  sealed_secret: string;
  status: string;
  creation_ms: number;
  user_id: string | null;
  end_ms: number | null;
}

const toAccount = (row: AccountRow): Account => ({
  accountId: row.account_id as AccountId,
  accountName: row.account_name,
  isOperator: row.is_operator === 1,
  creationMs: row.creation_ms,
  ...(row.account_alias === null ? {} : { accountAlias: row.account_alias }),
});
const toKey = (row: KeyRow): AccessKey => ({
  accessKeyId: row.access_key_id,
  accountId: row.account_id as AccountId,
  sealedSecret: row.sealed_secret,
  status: row.status as AccessKey['status'],
  creationMs: row.creation_ms,
  ...(row.user_id === null ? {} : { userId: row.user_id }),
  ...(row.end_ms === null ? {} : { endMs: row.end_ms }),
});
/** A key of a user whose row is not there would be nobody's: it never counts as a root key. */
const principalOf = (userId: string | null, userName: string | null): Principal =>
  userId === null ? { kind: 'root' } : { kind: 'user', userId, userName: userName ?? '' };

export const accountReads = (connection: Connection) => ({
  async account(accountId: AccountId): Promise<Account | undefined> {
    const row = await connection.one(accountById, { accountId });
    return row && toAccount(row);
  },
  async accountByAlias(accountAlias: string): Promise<Account | undefined> {
    const row = await connection.one(accountByAlias, { accountAlias });
    return row && toAccount(row);
  },
  async accounts(page: PageOf): Promise<Counted<Account>> {
    const rows = await connection.all(accountPage, page);
    const count = await connection.one(accountCount, {});
    return { total: count?.total ?? 0, rows: rows.map(toAccount) };
  },
  async accessKey(accessKeyId: string): Promise<AccessKey | undefined> {
    const row = await connection.one(keyById, { accessKeyId });
    return row && toKey(row);
  },
  async credentials(accessKeyId: string): Promise<Credentials | undefined> {
    const row = await connection.one(credentialsByKey, { accessKeyId });
    return (
      row && {
        accessKeyId,
        accountId: row.accountId as AccountId,
        sealedSecret: row.sealedSecret,
        status: row.status as AccessKey['status'],
        isOperator: row.isOperator === 1,
        ...(row.endMs === null ? {} : { endMs: row.endMs }),
        ...(row.lastUsedMs === null ? {} : { lastUsedMs: row.lastUsedMs }),
        principal: principalOf(row.userId, row.userName),
      }
    );
  },
  async accessKeys(accountId: AccountId, userId?: string): Promise<AccessKey[]> {
    const rows =
      userId === undefined
        ? await connection.all(rootKeys, { accountId })
        : await connection.all(keysOfUser, { accountId, userId });
    return rows.map(toKey);
  },
  async accessKeyUse(accessKeyId: string): Promise<AccessKeyUse | undefined> {
    return connection.one(useOfKey, { accessKeyId });
  },
});

const insertAccount = statement(
  (db, arg: { accountId: string; accountName: string; isOperator: number; creationMs: number }) =>
    db.insertInto('account').values({
      account_id: arg.accountId,
      account_name: arg.accountName,
      is_operator: arg.isOperator,
      creation_ms: arg.creationMs,
    }),
);
type KeyToInsert = Omit<AccessKey, 'userId' | 'endMs'> & {
  userId: string | null;
  endMs: number | null;
};
const insertKey = statement((db, arg: KeyToInsert) =>
  db.insertInto('access_key').values({
    user_id: arg.userId,
    end_ms: arg.endMs,
    access_key_id: arg.accessKeyId,
    account_id: arg.accountId,
    sealed_secret: arg.sealedSecret,
    status: arg.status,
    creation_ms: arg.creationMs,
  }),
);
const setKeyStatus = statement(
  (db, arg: { accountId: string; accessKeyId: string; status: string }) =>
    db
      .updateTable('access_key')
      .set({ status: arg.status })
      .where('access_key_id', '=', arg.accessKeyId)
      .where('account_id', '=', arg.accountId),
);
const deleteKey = statement((db, arg: { accountId: string; accessKeyId: string }) =>
  db
    .deleteFrom('access_key')
    .where('access_key_id', '=', arg.accessKeyId)
    .where('account_id', '=', arg.accountId),
);
const setUse = statement((db, arg: AccessKeyUse & { accessKeyId: string }) =>
  db
    .insertInto('access_key_use')
    .values({
      access_key_id: arg.accessKeyId,
      last_used_ms: arg.lastUsedMs,
      service: arg.service,
    })
    .onConflict((oc) =>
      oc.column('access_key_id').doUpdateSet((eb) => ({
        last_used_ms: eb.ref('excluded.last_used_ms'),
        service: eb.ref('excluded.service'),
      })),
    ),
);
const deleteUse = statement((db, arg: { accessKeyId: string }) =>
  db.deleteFrom('access_key_use').where('access_key_id', '=', arg.accessKeyId),
);

const setAlias = statement((db, arg: { accountId: string; accountAlias: string | null }) =>
  db
    .updateTable('account')
    .set({ account_alias: arg.accountAlias })
    .where('account_id', '=', arg.accountId),
);

export const accountWrites = (connection: Connection) => ({
  async setAccountAlias(accountId: AccountId, accountAlias: string | null): Promise<void> {
    await connection.run(setAlias, { accountId, accountAlias });
  },
  async insertAccount(account: Account): Promise<void> {
    await connection.run(insertAccount, { ...account, isOperator: account.isOperator ? 1 : 0 });
  },
  async insertAccessKey(key: AccessKey): Promise<void> {
    await connection.run(insertKey, {
      ...key,
      userId: key.userId ?? null,
      endMs: key.endMs ?? null,
    });
  },
  async setAccessKeyStatus(accountId: AccountId, accessKeyId: string, status: string) {
    return (await connection.run(setKeyStatus, { accountId, accessKeyId, status })) === 1;
  },
  async deleteAccessKey(accountId: AccountId, accessKeyId: string): Promise<boolean> {
    return (await connection.run(deleteKey, { accountId, accessKeyId })) === 1;
  },
  async setAccessKeyUse(accessKeyId: string, use: AccessKeyUse): Promise<void> {
    await connection.run(setUse, { accessKeyId, ...use });
  },
  async deleteAccessKeyUse(accessKeyId: string): Promise<void> {
    await connection.run(deleteUse, { accessKeyId });
  },
});
