// The accounts of a seed. What is there is left as it is; what is there under the same name and differs is
// a conflict that names its place.
import type { AccessKey, Account } from '../../../domain/account.ts';
import type { AccountId } from '../../../domain/ids.ts';
import type { ReadTx, Tx } from '../../../domain/tx.ts';
import { SeedFault } from './seed-fault.ts';
import type { SeedAccount } from './seed-schema.ts';

/** Accounts of a page; all of them are looked through. */
const PAGE_ROWS = 500;

export interface WantedAccount {
  account: SeedAccount;
  /** Used when there is none of the name. */
  accountId: AccountId;
  keys: readonly Pick<AccessKey, 'accessKeyId' | 'sealedSecret'>[];
}

/** Every account by name; the oldest of a name. */
export const accountsByName = async (tx: ReadTx): Promise<Map<string, Account>> => {
  const byName = new Map<string, Account>();
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const { rows } = await tx.accounts({ limit: PAGE_ROWS, offset });
    for (const account of rows)
      if (!byName.has(account.accountName)) byName.set(account.accountName, account);
    if (rows.length < PAGE_ROWS) return byName;
  }
};

/** Makes what is missing, also in `byName`; gives how many. @throws SeedFault */
export const applyAccounts = async (
  tx: Tx,
  wanted: readonly WantedAccount[],
  byName: Map<string, Account>,
  isSameSecret: (sealed: string, secret: string) => boolean,
): Promise<number> => {
  let made = 0;
  for (const [i, { account, accountId, keys }] of wanted.entries()) {
    const path = `Accounts[${i}]`;
    const { AccountName, AccountId: givenId } = account;
    let found = byName.get(AccountName);
    if (found !== undefined && givenId !== undefined && found.accountId !== givenId)
      throw new SeedFault(`${path}.AccountId`, `it is ${found.accountId} here.`, 'conflict');
    if (found === undefined) {
      if ((await tx.account(accountId)) !== undefined)
        throw new SeedFault(`${path}.AccountId`, 'an account of another name has it.', 'conflict');
      const { nowMs } = tx.actor;
      found = { accountId, accountName: AccountName, isOperator: false, creationMs: nowMs };
      await tx.insertAccount(found);
      byName.set(AccountName, found);
      made += 1;
    }
    for (const [k, key] of keys.entries()) {
      const secret = account.AccessKeys?.[k]?.AccessKeySecret ?? '';
      const known = await tx.accessKey(key.accessKeyId);
      if (known === undefined) await tx.insertAccessKey(keyOf(tx, found, key));
      else if (known.accountId !== found.accountId || !isSameSecret(known.sealedSecret, secret))
        throw new SeedFault(
          `${path}.AccessKeys[${k}]`,
          'the key is there with another secret, or of another account.',
          'conflict',
        );
    }
  }
  return made;
};

const keyOf = (
  { actor }: Tx,
  { accountId }: Account,
  key: Pick<AccessKey, 'accessKeyId' | 'sealedSecret'>,
): AccessKey => ({ ...key, accountId, status: 'Active', creationMs: actor.nowMs });
