import type { AccessKey } from '../../../domain/account.ts';
import { string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';
import { requireUser } from './user-view.ts';

/** `AccessKeyId` is the parameter of the classic signature and names the key that signs the call. */
export const userAccessKeyId = string({
  description: 'Id of the key.',
  missing: 'MissingParameter',
  maxLength: 128,
  invalid: 'EntityNotExist.User.AccessKey',
});

type Context = Pick<
  ReadContext<'EntityNotExist.User' | 'EntityNotExist.User.AccessKey'>,
  'caller' | 'tx' | 'fail'
>;

/** The key of the user that the call names. */
export const requireUserKey = async (
  ctx: Context,
  { UserName, UserAccessKeyId }: { UserName: string; UserAccessKeyId: string },
): Promise<AccessKey> => {
  const { userId } = await requireUser(ctx, UserName);
  const key = await ctx.tx.accessKey(UserAccessKeyId);
  if (key?.userId !== userId) throw ctx.fail('EntityNotExist.User.AccessKey');
  return key;
};
