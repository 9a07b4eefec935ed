import type { AccountId } from './ids.ts';

/** An account: the owner of every other row. The operator's account is made at first start. */
export interface Account {
  accountId: AccountId;
  accountName: string;
  /** The operator's account may make accounts and look after the installation. */
  isOperator: boolean;
  creationMs: number;
  /** Stands for the id in addresses; unique in the installation. */
  accountAlias?: string;
}

export type AccessKeyStatus = 'Active' | 'Inactive';

/** An AccessKey pair; the secret is sealed (AES-256-GCM under the master key). */
export interface AccessKey {
  accessKeyId: string;
  accountId: AccountId;
  sealedSecret: string;
  status: AccessKeyStatus;
  creationMs: number;
}

/** What authentication needs to know of a key, in one row. */
export type Credentials = Pick<AccessKey, 'accessKeyId' | 'accountId' | 'sealedSecret' | 'status'> &
  Pick<Account, 'isOperator'>;

/** Who makes a request, once the signature is verified. */
export interface Caller {
  accountId: AccountId;
  /** `acs:ram::<uid>:root` */
  arn: string;
  accessKeyId: string;
  isOperator: boolean;
}

export const rootArn = (accountId: AccountId): string => `acs:ram::${accountId}:root`;
