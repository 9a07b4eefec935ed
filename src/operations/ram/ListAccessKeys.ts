import { formatSeconds } from '../../lib/clock.ts';
import { list, object, optional, string } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const ListAccessKeys = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListAccessKeys',
  kind: 'read',
  docs: {
    summary: 'Lists the AccessKeys of a RAM user, without their secrets.',
  },
  input: object({ UserName: userName }),
  output: object({
    AccessKeys: object({
      AccessKey: list(
        object({
          AccessKeyId: string(),
          Status: string({ description: 'Active or Inactive.' }),
          CreateDate: string({ description: 'UTC, whole seconds.' }),
          ExpirationTime: optional(
            string({ description: 'From when on it is not valid any more. Ours alone.' }),
          ),
        }),
      ),
    }),
  }),
  errors: { MissingParameter: 400, 'EntityNotExist.User': 404 },
  cannotOccur: {},
  access: { action: 'ram:ListAccessKeys', resource: (input) => `user/${input.UserName}` },
  example: {
    request: { UserName: 'ci' },
    response: {
      AccessKeys: {
        AccessKey: [
          {
            AccessKeyId: 'LTAIexampleexampleexampl',
            Status: 'Active',
            CreateDate: '2026-11-24T08:00:00Z',
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const { accountId, userId } = await requireUser(ctx, input.UserName);
    const keys = await ctx.tx.accessKeys(accountId, userId);
    return {
      AccessKeys: {
        AccessKey: keys.map(({ accessKeyId, status, creationMs, endMs }) => ({
          AccessKeyId: accessKeyId,
          Status: status,
          CreateDate: formatSeconds(creationMs),
          ...(endMs !== undefined && { ExpirationTime: formatSeconds(endMs) }),
        })),
      },
    };
  },
});
