import { formatSeconds } from '../../lib/clock.ts';
import { list, object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { KINDRED_VERSION } from './shared/kindred-version.ts';
import { accountId, whoseAccount } from './shared/whose-account.ts';

export const DescribeAccessKeys = defineOperation({
  product: 'kindred',
  version: KINDRED_VERSION,
  action: 'DescribeAccessKeys',
  kind: 'read',
  docs: { summary: 'Lists the AccessKeys of an account, oldest first, without their secrets.' },
  input: object({ AccountId: accountId }),
  output: object({
    AccountId: string({ description: 'The account that the keys belong to.' }),
    AccessKeys: object({
      AccessKey: list(
        object({
          AccessKeyId: string(),
          Status: string({ description: 'Active or Inactive.' }),
          CreationTime: string({ description: 'UTC, whole seconds.' }),
        }),
      ),
    }),
  }),
  errors: { NoPermission: 403, 'EntityNotExist.Account': 404 },
  cannotOccur: {},
  access: { action: 'kindred:DescribeAccessKeys', resource: () => 'accesskey/*' },
  example: {
    request: {},
    response: {
      AccountId: '1234567890123456',
      AccessKeys: {
        AccessKey: [
          {
            AccessKeyId: 'LTAIexampleexampleexampl',
            Status: 'Active',
            CreationTime: '2026-11-24T08:00:00Z',
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const owner = await whoseAccount(ctx, input.AccountId);
    const keys = await ctx.tx.accessKeys(owner);
    return {
      AccountId: owner,
      AccessKeys: {
        AccessKey: keys.map((key) => ({
          AccessKeyId: key.accessKeyId,
          Status: key.status,
          CreationTime: formatSeconds(key.creationMs),
        })),
      },
    };
  },
});
