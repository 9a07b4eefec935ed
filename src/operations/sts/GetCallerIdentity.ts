import type { Caller } from '../../domain/account.ts';
import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';

export const GetCallerIdentity = defineOperation({
  product: 'sts',
  version: '2015-04-01',
  action: 'GetCallerIdentity',
  kind: 'read',
  docs: {
    summary: 'Tells whose AccessKey signed the call.',
    notes: 'Needs no right: it tells a caller about itself alone.',
  },
  input: object({}),
  output: object({
    AccountId: string({ description: 'The 16-digit UID.' }),
    UserId: optional(
      string({ description: 'Of a RAM user its id, of an account the AccountId, else absent.' }),
    ),
    RoleId: optional(string({ description: 'Of the session of a role its role.' })),
    PrincipalId: string({
      description: 'The UserId, or `<RoleId>:<RoleSessionName>` of a session.',
    }),
    IdentityType: string({ description: 'Account, RAMUser or AssumedRoleUser.' }),
    Arn: string({
      description:
        '`acs:ram::<AccountId>:` and `root`, `user/<UserName>` or `assumed-role/<RoleName>/<RoleSessionName>`.',
    }),
  }),
  errors: {},
  cannotOccur: {},
  access: { action: 'sts:GetCallerIdentity', everybody: true, resource: () => '*' },
  example: {
    request: {},
    response: {
      AccountId: '1234567890123456',
      UserId: '1234567890123456',
      PrincipalId: '1234567890123456',
      IdentityType: 'Account',
      Arn: 'acs:ram::1234567890123456:root',
    },
  },
  async handler({ caller }) {
    return { AccountId: caller.accountId, ...identityOf(caller), Arn: caller.arn };
  },
});

const identityOf = ({ accountId, principal }: Caller) => {
  switch (principal.kind) {
    case 'root':
      return { UserId: accountId, PrincipalId: accountId, IdentityType: 'Account' };
    case 'user':
      return {
        UserId: principal.userId,
        PrincipalId: principal.userId,
        IdentityType: 'RAMUser',
      };
    case 'role':
      return {
        RoleId: principal.roleId,
        PrincipalId: `${principal.roleId}:${principal.sessionName}`,
        IdentityType: 'AssumedRoleUser',
      };
  }
};
