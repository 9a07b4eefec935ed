import { object } from '../../lib/schema.ts';
import { RAM_VERSION, groupName } from './shared/parameters.ts';
import { attachedPolicies, attachedSchema, exampleAttached } from './shared/attachments.ts';
import { requireGroup } from './shared/group-view.ts';
import { defineOperation } from '../../operation.ts';

export const ListPoliciesForGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListPoliciesForGroup',
  kind: 'read',
  docs: {
    summary: 'Lists the policies that are attached to a group.',
  },
  input: object({ GroupName: groupName }),
  output: object({ Policies: attachedSchema }),
  errors: { MissingParameter: 400, 'EntityNotExist.Group': 404 },
  cannotOccur: {},
  access: { action: 'ram:ListPoliciesForGroup', resource: (input) => `group/${input.GroupName}` },
  example: {
    request: { GroupName: 'image-reader' },
    response: { Policies: exampleAttached },
  },
  async handler(ctx, input) {
    const { groupId: entityId } = await requireGroup(ctx, input.GroupName);
    return { Policies: await attachedPolicies(ctx, entityId) };
  },
});
