import { MAX_KEYS_PER_USER } from '../../domain/ram.ts';
import { formatSeconds } from '../../lib/clock.ts';
import { object, optional, string } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const CreateAccessKey = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'CreateAccessKey',
  kind: 'write',
  docs: {
    summary: 'Makes an AccessKey pair for a RAM user.',
    notes:
      'The secret is answered once and kept sealed. A user has at most two keys. Keys of the account itself are made by CreateAccessKey of Kindred.',
  },
  input: object({
    UserName: userName,
    ExpirationTime: optional(
      string({
        description: 'From when on the key is not valid any more, UTC; default never. Ours alone.',
        maxLength: 20,
        pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$',
        invalid: 'InvalidExpirationTime',
      }),
    ),
  }),
  output: object({
    AccessKey: object({
      AccessKeyId: string(),
      AccessKeySecret: string({ description: 'Shown this once.' }),
      Status: string({ description: 'Active.' }),
      CreateDate: string({ description: 'UTC, whole seconds.' }),
    }),
  }),
  errors: {
    MissingParameter: 400,
    InvalidExpirationTime: 400,
    'EntityNotExist.User': 404,
    'LimitExceeded.User.AccessKey': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:CreateAccessKey', resource: (input) => `user/${input.UserName}` },
  example: {
    request: { UserName: 'ci' },
    response: {
      AccessKey: {
        AccessKeyId: 'LTAIexampleexampleexampl',
        AccessKeySecret: 'exampleexampleexampleexample30',
        Status: 'Active',
        CreateDate: '2026-11-24T08:00:00Z',
      },
    },
  },
  async prepare(ctx) {
    const pair = ctx.installation.newAccessKeyPair();
    return { ...pair, sealedSecret: ctx.installation.seal(pair.accessKeySecret) };
  },
  async handler(ctx, input, { accessKeyId, accessKeySecret, sealedSecret }) {
    const { tx, nowMs } = ctx;
    const endMs = input.ExpirationTime === undefined ? undefined : Date.parse(input.ExpirationTime);
    if (endMs !== undefined && !(endMs > nowMs)) throw ctx.fail('InvalidExpirationTime');
    const { accountId, userId } = await requireUser(ctx, input.UserName);
    if ((await tx.accessKeys(accountId, userId)).length >= MAX_KEYS_PER_USER)
      throw ctx.fail('LimitExceeded.User.AccessKey');
    await tx.insertAccessKey({
      accessKeyId,
      accountId,
      userId,
      sealedSecret,
      status: 'Active',
      creationMs: nowMs,
      ...(endMs !== undefined && { endMs }),
    });
    return {
      AccessKey: {
        AccessKeyId: accessKeyId,
        AccessKeySecret: accessKeySecret,
        Status: 'Active',
        CreateDate: formatSeconds(nowMs),
      },
    };
  },
});
