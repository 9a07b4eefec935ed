import type { AccountId } from './ids.ts';
import type { Principal } from './principal.ts';

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
  /** The RAM user that it belongs to; absent for a root key. */
  userId?: string;
  /** From when on it is not valid any more; absent: never. */
  endMs?: number;
}

/** When a key was last used, to the step of minutes in which uses are noted. */
export interface AccessKeyUse {
  lastUsedMs: number;
  /** Product that was called. */
  service: string;
}

/** What authentication needs to know of a key, in one row. */
export type Credentials = Pick<
  AccessKey,
  'accessKeyId' | 'accountId' | 'sealedSecret' | 'status' | 'endMs'
> &
  Pick<Account, 'isOperator'> & {
    /** Whose key it is. Whoever is not root may do only what policies allow. */
    principal: Principal;
    /** Absent: not used yet, as far as it was noted. */
    lastUsedMs?: number;
  };

/** Who makes a request, once the signature is verified. */
export interface Caller {
  accountId: AccountId;
  principal: Principal;
  /** `acs:ram::<uid>:root`, or that of the user or the session. */
  arn: string;
  accessKeyId: string;
  isOperator: boolean;
}
