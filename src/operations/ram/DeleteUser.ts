import { object } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const DeleteUser = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DeleteUser',
  kind: 'write',
  docs: {
    summary: 'Deletes a RAM user that has no keys and no attached policies, and is in no group.',
  },
  input: object({ UserName: userName }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.User': 404,
    'DeleteConflict.User.AccessKey': 409,
    'DeleteConflict.User.Policy': 409,
    'DeleteConflict.User.Group': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:DeleteUser', resource: (input) => `user/${input.UserName}` },
  example: { request: { UserName: 'ci' }, response: {} },
  async handler(ctx, input) {
    const { tx } = ctx;
    const { accountId, userId } = await requireUser(ctx, input.UserName);
    if ((await tx.accessKeys(accountId, userId)).length > 0)
      throw ctx.fail('DeleteConflict.User.AccessKey');
    if ((await tx.attachmentsOfEntity(accountId, userId)).length > 0)
      throw ctx.fail('DeleteConflict.User.Policy');
    if ((await tx.groupsOfUser(accountId, userId)).length > 0)
      throw ctx.fail('DeleteConflict.User.Group');
    await tx.deleteRamUser(accountId, userId);
    return {};
  },
});
