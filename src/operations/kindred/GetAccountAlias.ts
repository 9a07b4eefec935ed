import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { accountId, whoseAccount } from './shared/whose-account.ts';

export const GetAccountAlias = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'GetAccountAlias',
  kind: 'read',
  docs: { summary: 'Tells the alias of an account.' },
  input: object({ AccountId: accountId }),
  output: object({ AccountId: string(), AccountAlias: string() }),
  errors: {
    NoPermission: 403,
    'EntityNotExist.Account': 404,
    'EntityNotExist.AccountAlias': 404,
  },
  cannotOccur: {},
  access: { action: 'kindred:GetAccountAlias', resource: () => 'accountalias/*' },
  example: {
    request: {},
    response: { AccountId: '1234567890123456', AccountAlias: 'build-team' },
  },
  async handler(ctx, input) {
    const owner = await whoseAccount(ctx, input.AccountId);
    const account = await ctx.tx.account(owner);
    if (account?.accountAlias === undefined) throw ctx.fail('EntityNotExist.AccountAlias');
    return { AccountId: owner, AccountAlias: account.accountAlias };
  },
});
