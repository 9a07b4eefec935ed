import { object } from '../../lib/schema.ts';
import {
  policyName,
  policyType,
  RAM_VERSION,
  resourceGroupId,
  groupName,
} from './shared/parameters.ts';
import { attach } from './shared/attachments.ts';
import { requireGroup } from './shared/group-view.ts';
import { defineOperation } from '../../operation.ts';

export const AttachPolicyToGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'AttachPolicyToGroup',
  kind: 'write',
  docs: {
    summary:
      'Attaches a policy to a group: what it says holds for all who are in it, from the next call on.',
  },
  input: object({
    GroupName: groupName,
    PolicyName: policyName,
    PolicyType: policyType,
    ResourceGroupId: resourceGroupId,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.PolicyType': 400,
    'InvalidParameter.ResourceGroupId': 400,
    'EntityNotExist.Group': 404,
    'EntityNotExist.Policy': 404,
    'EntityAlreadyExists.Group.Policy': 409,
    'LimitExceeded.Group.Policy': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:AttachPolicyToGroup', resource: (input) => `group/${input.GroupName}` },
  example: {
    request: { GroupName: 'image-reader', PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {},
  },
  async handler(ctx, input) {
    if (input.ResourceGroupId !== undefined) throw ctx.fail('InvalidParameter.ResourceGroupId');
    const { groupId: entityId } = await requireGroup(ctx, input.GroupName);
    const fault = await attach(ctx, { entityType: 'group', entityId }, input);
    if (fault === 'exists') throw ctx.fail('EntityAlreadyExists.Group.Policy');
    if (fault === 'limit') throw ctx.fail('LimitExceeded.Group.Policy');
    return {};
  },
});
