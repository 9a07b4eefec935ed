import { string } from '../../../lib/schema.ts';
import type { AccessKey } from '../../../domain/account.ts';
import type { ReadContext } from '../../../operation.ts';

/**
 * Named as in the vendor's RAM API: `AccessKeyId` is the parameter of the classic signature and always
 * names the key that signs the call.
 */
export const userAccessKeyId = string({
  description: 'Id of the key; of another account for the operator only.',
  missing: 'MissingParameter',
  maxLength: 128,
  invalid: 'EntityNotExist.AccessKey',
});

type Context = Pick<ReadContext<'EntityNotExist.AccessKey'>, 'caller' | 'tx' | 'fail'>;

/** The key that the call names, if the caller may touch it: an own one, or any for the operator. */
export const ownKey = async (ctx: Context, named: string): Promise<AccessKey> => {
  const key = await ctx.tx.accessKey(named);
  if (key === undefined || !(ctx.caller.isOperator || key.accountId === ctx.caller.accountId))
    throw ctx.fail('EntityNotExist.AccessKey');
  return key;
};

/** Whether switching the key off or deleting it would leave its account without an active one. */
export const isLastActive = async (ctx: Context, key: AccessKey): Promise<boolean> => {
  if (key.status !== 'Active') return false;
  const keys = await ctx.tx.accessKeys(key.accountId);
  return !keys.some((other) => other.status === 'Active' && other.accessKeyId !== key.accessKeyId);
};
