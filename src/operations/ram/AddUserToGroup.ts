import { MAX_GROUPS_PER_USER } from '../../domain/ram.ts';
import { object } from '../../lib/schema.ts';
import { requireGroup } from './shared/group-view.ts';
import { groupName, RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const AddUserToGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'AddUserToGroup',
  kind: 'write',
  docs: {
    summary: 'Puts a RAM user into a group: its policies hold for the user from the next call on.',
    notes: `A user may be in ${MAX_GROUPS_PER_USER} groups.`,
  },
  input: object({ UserName: userName, GroupName: groupName }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.User': 404,
    'EntityNotExist.Group': 404,
    'EntityAlreadyExists.User.Group': 409,
    'LimitExceeded.User.Group': 409,
  },
  cannotOccur: {},
  access: {
    action: 'ram:AddUserToGroup',
    resource: (input) => [`user/${input.UserName}`, `group/${input.GroupName}`],
  },
  example: { request: { UserName: 'ci', GroupName: 'builders' }, response: {} },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const { accountId, userId } = await requireUser(ctx, input.UserName);
    const { groupId } = await requireGroup(ctx, input.GroupName);
    const groups = await tx.groupsOfUser(accountId, userId);
    if (groups.some((group) => group.groupId === groupId))
      throw ctx.fail('EntityAlreadyExists.User.Group');
    if (groups.length >= MAX_GROUPS_PER_USER) throw ctx.fail('LimitExceeded.User.Group');
    await tx.insertMembership({ accountId, userId, groupId, joinMs: nowMs });
    return {};
  },
});
