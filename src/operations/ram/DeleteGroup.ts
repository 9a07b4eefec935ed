import { object } from '../../lib/schema.ts';
import { requireGroup } from './shared/group-view.ts';
import { groupName, RAM_VERSION } from './shared/parameters.ts';
import { defineOperation } from '../../operation.ts';

export const DeleteGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DeleteGroup',
  kind: 'write',
  docs: {
    summary: 'Deletes a group that nobody is in and no policy is attached to.',
  },
  input: object({ GroupName: groupName }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.Group': 404,
    'DeleteConflict.Group.User': 409,
    'DeleteConflict.Group.Policy': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:DeleteGroup', resource: (input) => `group/${input.GroupName}` },
  example: { request: { GroupName: 'builders' }, response: {} },
  async handler(ctx, input) {
    const { tx } = ctx;
    const { accountId, groupId } = await requireGroup(ctx, input.GroupName);
    if ((await tx.usersOfGroup(accountId, groupId, { after: '', limit: 1 })).length > 0)
      throw ctx.fail('DeleteConflict.Group.User');
    if ((await tx.attachmentsOfEntity(accountId, groupId)).length > 0)
      throw ctx.fail('DeleteConflict.Group.Policy');
    await tx.deleteRamGroup(accountId, groupId);
    return {};
  },
});
