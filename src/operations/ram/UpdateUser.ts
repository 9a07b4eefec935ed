import { object, optional, string } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { exampleUser, requireUser, userFields, userSchema, viewUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

const FIELDS = userFields('New');

export const UpdateUser = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'UpdateUser',
  kind: 'write',
  docs: {
    summary: 'Changes what is known of a RAM user, its name too.',
    notes:
      'What is left out stays as it is; an empty text takes away what was there, except for the name. Keys and attached policies stay with a user that is renamed; policies that name it in a resource do not follow.',
  },
  input: object({
    UserName: userName,
    NewUserName: optional(string(FIELDS.name)),
    NewDisplayName: FIELDS.displayName,
    NewMobilePhone: FIELDS.mobilePhone,
    NewEmail: FIELDS.email,
    NewComments: FIELDS.comments,
  }),
  output: object({ User: userSchema }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.NewUserName.InvalidChars': 400,
    'InvalidParameter.NewUserName.Length': 400,
    'InvalidParameter.NewDisplayName.InvalidChars': 400,
    'InvalidParameter.NewDisplayName.Length': 400,
    'InvalidParameter.NewMobilePhone.Format': 400,
    'InvalidParameter.NewEmail.Format': 400,
    'InvalidParameter.NewComments.Length': 400,
    'EntityNotExist.User': 404,
    'EntityAlreadyExists.User': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:UpdateUser', resource: (input) => `user/${input.UserName}` },
  example: {
    request: { UserName: 'build', NewUserName: 'ci' },
    response: { User: exampleUser },
  },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const user = await requireUser(ctx, input.UserName);
    const userName = input.NewUserName ?? user.userName;
    const isRenamed = userName !== user.userName;
    if (isRenamed && (await tx.ramUser(user.accountId, userName)) !== undefined)
      throw ctx.fail('EntityAlreadyExists.User');
    const updated = {
      ...user,
      userName,
      displayName: input.NewDisplayName ?? user.displayName,
      mobilePhone: input.NewMobilePhone ?? user.mobilePhone,
      email: input.NewEmail ?? user.email,
      comments: input.NewComments ?? user.comments,
      updateMs: nowMs,
    };
    await tx.updateRamUser(updated);
    return { User: viewUser(updated) };
  },
});
