import { object, optional, string } from '../../lib/schema.ts';
import {
  exampleGroup,
  groupFields,
  groupSchema,
  requireGroup,
  viewGroup,
} from './shared/group-view.ts';
import { groupName, RAM_VERSION } from './shared/parameters.ts';
import { defineOperation } from '../../operation.ts';

const FIELDS = groupFields('New');

export const UpdateGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'UpdateGroup',
  kind: 'write',
  docs: {
    summary: 'Changes the name or the comments of a group of RAM users.',
    notes:
      'What is left out stays as it is; an empty NewComments takes the comments away. Users and attached policies stay with a group that is renamed; policies that name it in a resource do not follow.',
  },
  input: object({
    GroupName: groupName,
    NewGroupName: optional(string(FIELDS.name)),
    NewComments: FIELDS.comments,
  }),
  output: object({ Group: groupSchema }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.NewGroupName.InvalidChars': 400,
    'InvalidParameter.NewGroupName.Length': 400,
    'InvalidParameter.NewComments.Length': 400,
    'EntityNotExist.Group': 404,
    'EntityAlreadyExists.Group': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:UpdateGroup', resource: (input) => `group/${input.GroupName}` },
  example: {
    request: { GroupName: 'build', NewGroupName: 'builders' },
    response: { Group: exampleGroup },
  },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const group = await requireGroup(ctx, input.GroupName);
    const groupName = input.NewGroupName ?? group.groupName;
    const isRenamed = groupName !== group.groupName;
    if (isRenamed && (await tx.ramGroup(group.accountId, groupName)) !== undefined)
      throw ctx.fail('EntityAlreadyExists.Group');
    const comments = input.NewComments ?? group.comments;
    const updated = { ...group, groupName, comments, updateMs: nowMs };
    await tx.updateRamGroup(updated);
    return { Group: viewGroup(updated) };
  },
});
