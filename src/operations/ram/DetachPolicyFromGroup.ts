import { object } from '../../lib/schema.ts';
import {
  policyName,
  policyType,
  RAM_VERSION,
  resourceGroupId,
  groupName,
} from './shared/parameters.ts';
import { detach } from './shared/attachments.ts';
import { requireGroup } from './shared/group-view.ts';
import { requirePolicy } from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const DetachPolicyFromGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DetachPolicyFromGroup',
  kind: 'write',
  docs: {
    summary: 'Detaches a policy from a group: from the next call on it allows nothing there.',
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
    'EntityNotExist.Group.Policy': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:DetachPolicyFromGroup', resource: (input) => `group/${input.GroupName}` },
  example: {
    request: { GroupName: 'image-reader', PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {},
  },
  async handler(ctx, input) {
    if (input.ResourceGroupId !== undefined) throw ctx.fail('InvalidParameter.ResourceGroupId');
    const { groupId: entityId } = await requireGroup(ctx, input.GroupName);
    if (await detach(ctx, entityId, input)) return {};
    await requirePolicy(ctx, input.PolicyType, input.PolicyName);
    throw ctx.fail('EntityNotExist.Group.Policy');
  },
});
