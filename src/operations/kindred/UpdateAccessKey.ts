import { choice, object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { isLastActive, ownKey, userAccessKeyId } from './shared/own-key.ts';

export const UpdateAccessKey = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'UpdateAccessKey',
  kind: 'write',
  docs: {
    summary: 'Switches an AccessKey on or off.',
    notes:
      'The last active key of the own account cannot be switched off. The operator may switch off every key of another account, which suspends it.',
  },
  input: object({
    UserAccessKeyId: userAccessKeyId,
    Status: choice(['Active', 'Inactive'], {
      missing: 'MissingParameter',
      invalid: 'InvalidParameter',
    }),
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'OperationDenied.LastActiveAccessKey': 403,
    'EntityNotExist.AccessKey': 404,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:UpdateAccessKey',
    rootOnly: true,
    resource: (input) => `accesskey/${input.UserAccessKeyId}`,
  },
  example: {
    request: { UserAccessKeyId: 'LTAIexampleexampleexampl', Status: 'Inactive' },
    response: {},
  },
  async handler(ctx, input) {
    const key = await ownKey(ctx, input.UserAccessKeyId);
    const isOwn = key.accountId === ctx.caller.accountId;
    if (input.Status === 'Inactive' && isOwn && (await isLastActive(ctx, key)))
      throw ctx.fail('OperationDenied.LastActiveAccessKey');
    await ctx.tx.setAccessKeyStatus(key.accountId, key.accessKeyId, input.Status);
    return {};
  },
});
