import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { keyRow, newKey, type NewKey } from './shared/new-key.ts';
import { accountId, whoseAccount } from './shared/whose-account.ts';

/** Room for rotation on several machines; the list of keys is never paged. */
export const MAX_ACCESS_KEYS_PER_ACCOUNT = 10;

export const CreateAccessKey = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'CreateAccessKey',
  kind: 'write',
  docs: {
    summary: 'Makes another AccessKey pair for an account.',
    notes: `The secret is answered once and kept sealed. An account has at most ${MAX_ACCESS_KEYS_PER_ACCOUNT} keys.`,
  },
  input: object({ AccountId: accountId }),
  output: object({
    AccessKeyId: string(),
    AccessKeySecret: string({ description: 'Shown this once.' }),
  }),
  errors: { NoPermission: 403, 'EntityNotExist.Account': 404, 'LimitExceeded.AccessKey': 409 },
  cannotOccur: {},
  access: { action: 'kindred:CreateAccessKey', rootOnly: true, resource: () => 'accesskey/*' },
  example: {
    request: {},
    response: {
      AccessKeyId: 'LTAIexampleexampleexampl',
      AccessKeySecret: 'exampleexampleexampleexample30',
    },
  },
  async prepare(ctx): Promise<NewKey> {
    return newKey(ctx);
  },
  async handler(ctx, input, key) {
    const owner = await whoseAccount(ctx, input.AccountId);
    if ((await ctx.tx.accessKeys(owner)).length >= MAX_ACCESS_KEYS_PER_ACCOUNT)
      throw ctx.fail('LimitExceeded.AccessKey');
    await ctx.tx.insertAccessKey(keyRow(key, owner, ctx.nowMs));
    return { AccessKeyId: key.accessKeyId, AccessKeySecret: key.accessKeySecret };
  },
});
