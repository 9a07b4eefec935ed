import { object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';

export const GetCallerIdentity = defineOperation({
  product: 'sts',
  version: '2015-04-01',
  action: 'GetCallerIdentity',
  kind: 'read',
  docs: {
    summary: 'Tells whose AccessKey signed the call.',
    notes: 'Every key belongs to an account itself, as there are no RAM users or roles here.',
  },
  input: object({
    RegionId: optional(
      string({
        withoutEffect: 'An identity belongs to no region; several clients add the parameter.',
        maxLength: 64,
      }),
    ),
  }),
  output: object({
    AccountId: string({ description: 'The 16-digit UID.' }),
    UserId: string({ description: 'The same as AccountId.' }),
    PrincipalId: string({ description: 'The same as AccountId.' }),
    IdentityType: string({ description: 'Always Account.' }),
    Arn: string({ description: 'acs:ram::<AccountId>:root' }),
  }),
  errors: {},
  cannotOccur: {},
  access: { action: 'sts:GetCallerIdentity', resource: () => '*' },
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
  async handler(ctx) {
    const { accountId, arn } = ctx.caller;
    return {
      AccountId: accountId,
      UserId: accountId,
      PrincipalId: accountId,
      IdentityType: 'Account',
      Arn: arn,
    };
  },
});
