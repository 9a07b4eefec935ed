import { object } from '../../lib/schema.ts';
import {
  policyName,
  policyType,
  RAM_VERSION,
  resourceGroupId,
  userName,
} from './shared/parameters.ts';
import { detach, policyThing } from './shared/attachments.ts';
import { requireUser } from './shared/user-view.ts';
import { requirePolicy } from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const DetachPolicyFromUser = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DetachPolicyFromUser',
  kind: 'write',
  docs: {
    summary: 'Detaches a policy from a RAM user: from the next call on it allows nothing there.',
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
    'EntityNotExist.User.Policy': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ram:DetachPolicyFromUser',
    resource: (input) => [`user/${input.UserName}`, policyThing(input)],
  },
  example: {
    request: { UserName: 'image-reader', PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {},
  },
  async handler(ctx, input) {
    if (input.ResourceGroupId !== undefined) throw ctx.fail('InvalidParameter.ResourceGroupId');
    const { userId: entityId } = await requireUser(ctx, input.UserName);
    if (await detach(ctx, entityId, input)) return {};
    await requirePolicy(ctx, input.PolicyType, input.PolicyName);
    throw ctx.fail('EntityNotExist.User.Policy');
  },
});
