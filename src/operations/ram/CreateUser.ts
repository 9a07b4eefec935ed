import { MAX_RAM_USERS } from '../../domain/ram.ts';
import { object, string } from '../../lib/schema.ts';
import { RAM_VERSION } from './shared/parameters.ts';
import { exampleUser, userFields, userSchema, viewUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

const FIELDS = userFields('');

export const CreateUser = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'CreateUser',
  kind: 'write',
  docs: {
    summary: 'Makes a RAM user, who may do nothing until a policy is attached.',
    notes: 'A user signs with AccessKeys; there is no password, as nobody logs in.',
  },
  input: object({
    UserName: string({ ...FIELDS.name, missing: 'MissingParameter' }),
    DisplayName: FIELDS.displayName,
    MobilePhone: FIELDS.mobilePhone,
    Email: FIELDS.email,
    Comments: FIELDS.comments,
  }),
  output: object({ User: userSchema }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.UserName.InvalidChars': 400,
    'InvalidParameter.UserName.Length': 400,
    'InvalidParameter.DisplayName.InvalidChars': 400,
    'InvalidParameter.DisplayName.Length': 400,
    'InvalidParameter.MobilePhone.Format': 400,
    'InvalidParameter.Email.Format': 400,
    'InvalidParameter.Comments.Length': 400,
    'EntityAlreadyExists.User': 409,
    'LimitExceeded.User': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:CreateUser', resource: () => 'user/*' },
  example: {
    request: { UserName: 'ci', DisplayName: 'Build server' },
    response: { User: exampleUser },
  },
  async prepare(ctx): Promise<string> {
    return ctx.installation.newRamId('user');
  },
  async handler(ctx, input, userId) {
    const { tx, nowMs } = ctx;
    const { accountId } = ctx.caller;
    if ((await tx.ramUser(accountId, input.UserName)) !== undefined)
      throw ctx.fail('EntityAlreadyExists.User');
    if ((await tx.ramUserCount(accountId)) >= MAX_RAM_USERS) throw ctx.fail('LimitExceeded.User');
    const user = {
      accountId,
      userId,
      userName: input.UserName,
      displayName: input.DisplayName ?? '',
      mobilePhone: input.MobilePhone ?? '',
      email: input.Email ?? '',
      comments: input.Comments ?? '',
      creationMs: nowMs,
      updateMs: nowMs,
    };
    await tx.insertRamUser(user);
    return { User: viewUser(user) };
  },
});
