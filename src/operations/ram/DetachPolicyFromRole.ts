import { object } from '../../lib/schema.ts';
import {
  policyName,
  policyType,
  RAM_VERSION,
  resourceGroupId,
  roleName,
} from './shared/parameters.ts';
import { detach, policyThing } from './shared/attachments.ts';
import { requireRole } from './shared/role-view.ts';
import { requirePolicy } from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const DetachPolicyFromRole = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DetachPolicyFromRole',
  kind: 'write',
  docs: {
    summary: 'Detaches a policy from a RAM role: from the next call on it allows nothing there.',
  },
  input: object({
    RoleName: roleName,
    PolicyName: policyName,
    PolicyType: policyType,
    ResourceGroupId: resourceGroupId,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.PolicyType': 400,
    'InvalidParameter.ResourceGroupId': 400,
    'EntityNotExist.Role': 404,
    'EntityNotExist.Policy': 404,
    'EntityNotExist.Role.Policy': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ram:DetachPolicyFromRole',
    resource: (input) => [`role/${input.RoleName}`, policyThing(input)],
  },
  example: {
    request: { RoleName: 'image-reader', PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {},
  },
  async handler(ctx, input) {
    if (input.ResourceGroupId !== undefined) throw ctx.fail('InvalidParameter.ResourceGroupId');
    const { roleId: entityId } = await requireRole(ctx, input.RoleName);
    if (await detach(ctx, entityId, input)) return {};
    await requirePolicy(ctx, input.PolicyType, input.PolicyName);
    throw ctx.fail('EntityNotExist.Role.Policy');
  },
});
