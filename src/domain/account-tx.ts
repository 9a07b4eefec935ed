// The store's verbs behind accounts and their keys. A part of ReadTx and Tx.
import type { AccessKey, AccessKeyUse, Account, Credentials } from './account.ts';
import type { AccountId } from './ids.ts';
import type { Counted, PageOf } from './tx.ts';

export interface AccountReads {
  account(accountId: AccountId): Promise<Account | undefined>;
  accounts(page: PageOf): Promise<Counted<Account>>;
  accessKey(accessKeyId: string): Promise<AccessKey | undefined>;
  /** A key with the account and the principal that it belongs to, in one row. */
  credentials(accessKeyId: string): Promise<Credentials | undefined>;
  /** The root keys of the account, or those of one of its users; oldest first. */
  accessKeys(accountId: AccountId, userId?: string): Promise<AccessKey[]>;
  /** Undefined: not used yet. */
  accessKeyUse(accessKeyId: string): Promise<AccessKeyUse | undefined>;
}

export interface AccountWrites {
  insertAccount(account: Account): Promise<void>;
  insertAccessKey(key: AccessKey): Promise<void>;
  /** Returns whether the key existed. */
  setAccessKeyStatus(
    accountId: AccountId,
    accessKeyId: string,
    status: AccessKey['status'],
  ): Promise<boolean>;
  setAccessKeyUse(accessKeyId: string, use: AccessKeyUse): Promise<void>;
  /** The key; what is known of its use goes by `deleteAccessKeyUse`. */
  deleteAccessKey(accountId: AccountId, accessKeyId: string): Promise<boolean>;
  deleteAccessKeyUse(accessKeyId: string): Promise<void>;
}
