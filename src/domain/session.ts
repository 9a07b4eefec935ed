// The session of a role: temporary credentials, whose token holds all that is known of them. No row
// stands behind a session, so that it ends with its time or with its role.
import type { AccountId } from './ids.ts';

export const MIN_SESSION_SECONDS = 900;
export const MAX_SESSION_SECONDS = 43_200;
export const DEFAULT_SESSION_SECONDS = 3600;
/** Characters of the policy of a session; the token holds it. */
export const MAX_SESSION_POLICY_CHARACTERS = 2048;

export interface Session {
  /** `STS.…` */
  accessKeyId: string;
  accessKeySecret: string;
  accountId: AccountId;
  roleName: string;
  roleId: string;
  sessionName: string;
  sessionPolicy?: string;
  /** Wall clock, milliseconds. */
  endMs: number;
}

/** Ids of temporary keys begin so; a request with one needs the token too. */
export const TEMPORARY_KEY = 'STS.';

/** The parts of `acs:ram::<uid>:role/<name>`. */
export const parseRoleArn = (
  arn: string,
): { accountId: AccountId; roleName: string } | undefined => {
  const [, accountId, roleName] =
    /^acs:ram::(\d{16}):role\/([A-Za-z0-9._-]{1,64})$/.exec(arn) ?? [];
  return accountId && roleName ? { accountId: accountId as AccountId, roleName } : undefined;
};
