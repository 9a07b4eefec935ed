import { optional, string } from '../../../lib/schema.ts';
import type { AccountId } from '../../../domain/ids.ts';
import type { ReadContext } from '../../../operation.ts';

export const accountId = optional(
  string({
    description: 'The account; default the own one. Only the operator may name another.',
    maxLength: 32,
    invalid: 'EntityNotExist.Account',
  }),
);

type Context = Pick<
  ReadContext<'NoPermission' | 'EntityNotExist.Account'>,
  'caller' | 'tx' | 'fail'
>;

/** The account that a call is about: the caller's own, or for the operator any that exists. */
export const whoseAccount = async (ctx: Context, named: string | undefined): Promise<AccountId> => {
  const { caller, tx } = ctx;
  if (named === undefined || named === caller.accountId) return caller.accountId;
  // Whether the account exists is not for everybody to know.
  if (!caller.isOperator) throw ctx.fail('NoPermission');
  const account = await tx.account(named as AccountId);
  if (account === undefined) throw ctx.fail('EntityNotExist.Account');
  return account.accountId;
};
