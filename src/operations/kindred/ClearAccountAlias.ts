import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { accountId, whoseAccount } from './shared/whose-account.ts';

export const ClearAccountAlias = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'ClearAccountAlias',
  kind: 'write',
  docs: { summary: 'Takes the alias of an account away; addresses with its id go on.' },
  input: object({ AccountId: accountId }),
  output: object({}),
  errors: {
    NoPermission: 403,
    'EntityNotExist.Account': 404,
    'EntityNotExist.AccountAlias': 404,
  },
  cannotOccur: {},
  access: { action: 'kindred:ClearAccountAlias', resource: () => 'accountalias/*' },
  example: { request: {}, response: {} },
  async handler(ctx, input) {
    const owner = await whoseAccount(ctx, input.AccountId);
    const account = await ctx.tx.account(owner);
    if (account?.accountAlias === undefined) throw ctx.fail('EntityNotExist.AccountAlias');
    await ctx.tx.setAccountAlias(owner, null);
    return {};
  },
});
