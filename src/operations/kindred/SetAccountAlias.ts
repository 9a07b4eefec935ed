import { ALIAS_PATTERN } from '../../domain/address.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { accountId, whoseAccount } from './shared/whose-account.ts';

export const SetAccountAlias = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'SetAccountAlias',
  kind: 'write',
  docs: {
    summary: 'Gives an account a name that stands for its id in addresses of families.',
    notes:
      'An account has one alias; an older one ends, and so do the addresses with it. The id always works.',
  },
  input: object({
    AccountAlias: string({
      description:
        'Unique in the installation: 3 to 63 characters of a-z, 0-9 and `-`, a letter first, no `-` last.',
      missing: 'MissingParameter',
      invalid: 'InvalidAccountAlias',
      maxLength: 63,
      pattern: ALIAS_PATTERN,
    }),
    AccountId: accountId,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidAccountAlias: 400,
    NoPermission: 403,
    'EntityNotExist.Account': 404,
    'EntityAlreadyExists.AccountAlias': 409,
  },
  cannotOccur: {},
  access: { action: 'kindred:SetAccountAlias', resource: () => 'accountalias/*' },
  example: { request: { AccountAlias: 'build-team' }, response: {} },
  async handler(ctx, input) {
    const owner = await whoseAccount(ctx, input.AccountId);
    const holder = await ctx.tx.accountByAlias(input.AccountAlias);
    if (holder !== undefined && holder.accountId !== owner)
      throw ctx.fail('EntityAlreadyExists.AccountAlias');
    await ctx.tx.setAccountAlias(owner, input.AccountAlias);
    return {};
  },
});
