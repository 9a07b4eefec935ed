import { MAX_RAM_GROUPS } from '../../domain/ram.ts';
import { object, string } from '../../lib/schema.ts';
import { exampleGroup, groupFields, groupSchema, viewGroup } from './shared/group-view.ts';
import { RAM_VERSION } from './shared/parameters.ts';
import { defineOperation } from '../../operation.ts';

const FIELDS = groupFields('');

export const CreateGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'CreateGroup',
  kind: 'write',
  docs: {
    summary: 'Makes a group of RAM users: what is attached to it holds for all who are in it.',
  },
  input: object({
    GroupName: string({ ...FIELDS.name, missing: 'MissingParameter' }),
    Comments: FIELDS.comments,
  }),
  output: object({ Group: groupSchema }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.GroupName.InvalidChars': 400,
    'InvalidParameter.GroupName.Length': 400,
    'InvalidParameter.Comments.Length': 400,
    'EntityAlreadyExists.Group': 409,
    'LimitExceeded.Group': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:CreateGroup', resource: () => 'group/*' },
  example: {
    request: { GroupName: 'builders', Comments: 'Build servers' },
    response: { Group: exampleGroup },
  },
  async prepare(ctx): Promise<string> {
    return ctx.installation.newRamGroupId();
  },
  async handler(ctx, input, groupId) {
    const { tx, nowMs } = ctx;
    const { accountId } = ctx.caller;
    if ((await tx.ramGroup(accountId, input.GroupName)) !== undefined)
      throw ctx.fail('EntityAlreadyExists.Group');
    if ((await tx.ramGroupCount(accountId)) >= MAX_RAM_GROUPS)
      throw ctx.fail('LimitExceeded.Group');
    const group = {
      accountId,
      groupId,
      groupName: input.GroupName,
      comments: input.Comments ?? '',
      creationMs: nowMs,
      updateMs: nowMs,
    };
    await tx.insertRamGroup(group);
    return { Group: viewGroup(group) };
  },
});
