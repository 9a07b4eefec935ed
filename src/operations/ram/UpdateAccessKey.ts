import { choice, object } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUserKey, userAccessKeyId } from './shared/user-key.ts';
import { defineOperation } from '../../operation.ts';

export const UpdateAccessKey = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'UpdateAccessKey',
  kind: 'write',
  docs: {
    summary: 'Switches an AccessKey of a RAM user on or off.',
  },
  input: object({
    UserName: userName,
    UserAccessKeyId: userAccessKeyId,
    Status: choice(['Active', 'Inactive'], {
      missing: 'MissingParameter',
      invalid: 'InvalidParameter',
    }),
  }),
  output: object({}),
  errors: {
    InvalidParameter: 400,
    MissingParameter: 400,
    'EntityNotExist.User': 404,
    'EntityNotExist.User.AccessKey': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:UpdateAccessKey', resource: (input) => `user/${input.UserName}` },
  example: {
    request: {
      UserName: 'ci',
      UserAccessKeyId: 'LTAIexampleexampleexampl',
      Status: 'Inactive',
    },
    response: {},
  },
  async handler(ctx, input) {
    const { accountId, accessKeyId } = await requireUserKey(ctx, input);
    await ctx.tx.setAccessKeyStatus(accountId, accessKeyId, input.Status);
    return {};
  },
});
