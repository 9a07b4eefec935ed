import { object } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUserKey, userAccessKeyId } from './shared/user-key.ts';
import { defineOperation } from '../../operation.ts';

export const DeleteAccessKey = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DeleteAccessKey',
  kind: 'write',
  docs: {
    summary: 'Deletes an AccessKey of a RAM user for good.',
  },
  input: object({ UserName: userName, UserAccessKeyId: userAccessKeyId }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.User': 404,
    'EntityNotExist.User.AccessKey': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:DeleteAccessKey', resource: (input) => `user/${input.UserName}` },
  example: {
    request: { UserName: 'ci', UserAccessKeyId: 'LTAIexampleexampleexampl' },
    response: {},
  },
  async handler(ctx, input) {
    const { accountId, accessKeyId } = await requireUserKey(ctx, input);
    await ctx.tx.deleteAccessKey(accountId, accessKeyId);
    await ctx.tx.deleteAccessKeyUse(accessKeyId);
    return {};
  },
});
