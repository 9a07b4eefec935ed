import { object } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { isLastActive, ownKey, userAccessKeyId } from './shared/own-key.ts';

export const DeleteAccessKey = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DeleteAccessKey',
  kind: 'write',
  docs: {
    summary: 'Deletes an AccessKey for good.',
    notes: 'The last active key of an account cannot be deleted, by the operator neither.',
  },
  input: object({ UserAccessKeyId: userAccessKeyId }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'OperationDenied.LastActiveAccessKey': 403,
    'EntityNotExist.AccessKey': 404,
  },
  cannotOccur: {},
  access: {
    action: 'kindred:DeleteAccessKey',
    rootOnly: true,
    resource: (input) => `accesskey/${input.UserAccessKeyId}`,
  },
  example: { request: { UserAccessKeyId: 'LTAIexampleexampleexampl' }, response: {} },
  async handler(ctx, input) {
    const key = await ownKey(ctx, input.UserAccessKeyId);
    if (await isLastActive(ctx, key)) throw ctx.fail('OperationDenied.LastActiveAccessKey');
    await ctx.tx.deleteAccessKey(key.accountId, key.accessKeyId);
    await ctx.tx.deleteAccessKeyUse(key.accessKeyId);
    return {};
  },
});
