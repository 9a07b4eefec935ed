import { object } from '../../lib/schema.ts';
import {
  policyName,
  policyType,
  RAM_VERSION,
  resourceGroupId,
  userName,
} from './shared/parameters.ts';
import { attach, policyThing } from './shared/attachments.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const AttachPolicyToUser = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'AttachPolicyToUser',
  kind: 'write',
  docs: {
    summary: 'Attaches a policy to a RAM user: what it allows is allowed from the next call on.',
  },
  input: object({
    UserName: userName,
    PolicyName: policyName,
    PolicyType: policyType,
    ResourceGroupId: resourceGroupId,
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.PolicyType': 400,
    'InvalidParameter.ResourceGroupId': 400,
    'EntityNotExist.User': 404,
    'EntityNotExist.Policy': 404,
    'EntityAlreadyExists.User.Policy': 409,
    'LimitExceeded.User.Policy': 409,
  },
  cannotOccur: {},
  access: {
    action: 'ram:AttachPolicyToUser',
    resource: (input) => [`user/${input.UserName}`, policyThing(input)],
  },
  example: {
    request: { UserName: 'image-reader', PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {},
  },
  async handler(ctx, input) {
    if (input.ResourceGroupId !== undefined) throw ctx.fail('InvalidParameter.ResourceGroupId');
    const { userId: entityId } = await requireUser(ctx, input.UserName);
    const fault = await attach(ctx, { entityType: 'user', entityId }, input);
    if (fault === 'exists') throw ctx.fail('EntityAlreadyExists.User.Policy');
    if (fault === 'limit') throw ctx.fail('LimitExceeded.User.Policy');
    return {};
  },
});
