// Who acts within an account: the account itself by a root key, a RAM user by one of its keys, or the
// session of a role. Only root may do everything; what the others may is written in policies.
import type { AccountId } from './ids.ts';

export type Principal =
  | { kind: 'root' }
  | { kind: 'user'; userName: string; userId: string }
  | {
      kind: 'role';
      roleName: string;
      roleId: string;
      sessionName: string;
      /** Policy text that narrows the session: what it does not allow is not allowed. */
      sessionPolicy?: string;
    };

/** `acs:ram::<uid>:root`, `…:user/<name>`, `…:assumed-role/<role>/<session>` */
export const principalArn = (accountId: AccountId, principal: Principal): string => {
  const { kind } = principal;
  if (kind === 'root') return `acs:ram::${accountId}:root`;
  if (kind === 'user') return `acs:ram::${accountId}:user/${principal.userName}`;
  return `acs:ram::${accountId}:assumed-role/${principal.roleName}/${principal.sessionName}`;
};

export type PolicyType = 'System' | 'Custom';

/** A policy that is attached to a principal. The text of a system policy is a constant, found by name. */
export interface PolicyText {
  policyType: PolicyType;
  policyName: string;
  /** The default version's JSON; of custom policies only. */
  policyDocument?: string;
}
