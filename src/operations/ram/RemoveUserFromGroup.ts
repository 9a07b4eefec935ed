import { object } from '../../lib/schema.ts';
import { requireGroup } from './shared/group-view.ts';
import { groupName, RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const RemoveUserFromGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'RemoveUserFromGroup',
  kind: 'write',
  docs: {
    summary:
      'Takes a RAM user out of a group: from the next call on its policies do not hold for it.',
  },
  input: object({ UserName: userName, GroupName: groupName }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.User': 404,
    'EntityNotExist.Group': 404,
    'EntityNotExist.User.Group': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ram:RemoveUserFromGroup',
    resource: (input) => [`user/${input.UserName}`, `group/${input.GroupName}`],
  },
  example: { request: { UserName: 'ci', GroupName: 'builders' }, response: {} },
  async handler(ctx, input) {
    const { accountId, userId } = await requireUser(ctx, input.UserName);
    const { groupId } = await requireGroup(ctx, input.GroupName);
    if (!(await ctx.tx.deleteMembership({ accountId, userId, groupId })))
      throw ctx.fail('EntityNotExist.User.Group');
    return {};
  },
});
