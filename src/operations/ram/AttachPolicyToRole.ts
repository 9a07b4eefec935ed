import { object } from '../../lib/schema.ts';
import {
  policyName,
  policyType,
  RAM_VERSION,
  resourceGroupId,
  roleName,
} from './shared/parameters.ts';
import { attach, policyThing } from './shared/attachments.ts';
import { requireRole } from './shared/role-view.ts';
import { defineOperation } from '../../operation.ts';

export const AttachPolicyToRole = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'AttachPolicyToRole',
  kind: 'write',
  docs: {
    summary: 'Attaches a policy to a RAM role: what it allows is allowed from the next call on.',
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
    'EntityAlreadyExists.Role.Policy': 409,
    'LimitExceeded.Role.Policy': 409,
  },
  cannotOccur: {},
  access: {
    action: 'ram:AttachPolicyToRole',
    resource: (input) => [`role/${input.RoleName}`, policyThing(input)],
  },
  example: {
    request: { RoleName: 'image-reader', PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {},
  },
  async handler(ctx, input) {
    if (input.ResourceGroupId !== undefined) throw ctx.fail('InvalidParameter.ResourceGroupId');
    const { roleId: entityId } = await requireRole(ctx, input.RoleName);
    const fault = await attach(ctx, { entityType: 'role', entityId }, input);
    if (fault === 'exists') throw ctx.fail('EntityAlreadyExists.Role.Policy');
    if (fault === 'limit') throw ctx.fail('LimitExceeded.Role.Policy');
    return {};
  },
});
