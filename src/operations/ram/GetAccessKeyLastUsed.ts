import { formatSeconds } from '../../lib/clock.ts';
import { object, string } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUserKey, userAccessKeyId } from './shared/user-key.ts';
import { defineOperation } from '../../operation.ts';

export const GetAccessKeyLastUsed = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'GetAccessKeyLastUsed',
  kind: 'read',
  docs: {
    summary: 'Tells when an AccessKey of a RAM user was last used.',
    notes:
      'To ten minutes, after the signature was found right. Calls at the object door are not counted.',
  },
  input: object({ UserName: userName, UserAccessKeyId: userAccessKeyId }),
  output: object({
    AccessKeyLastUsed: object({
      LastUsedDate: string({ description: 'UTC; empty when the key was never used.' }),
      ServiceName: string({ description: 'The product that was called. Ours alone.' }),
    }),
  }),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.User': 404,
    'EntityNotExist.User.AccessKey': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:GetAccessKeyLastUsed', resource: (input) => `user/${input.UserName}` },
  example: {
    request: { UserName: 'ci', UserAccessKeyId: 'LTAIexampleexampleexampl' },
    response: {
      AccessKeyLastUsed: { LastUsedDate: '2026-11-24T08:00:00Z', ServiceName: 'Ecs' },
    },
  },
  async handler(ctx, input) {
    const { accessKeyId } = await requireUserKey(ctx, input);
    const use = await ctx.tx.accessKeyUse(accessKeyId);
    return {
      AccessKeyLastUsed: {
        LastUsedDate: use === undefined ? '' : formatSeconds(use.lastUsedMs),
        ServiceName: use?.service ?? '',
      },
    };
  },
});
