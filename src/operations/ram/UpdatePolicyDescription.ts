import { object } from '../../lib/schema.ts';
import { newDescription, policyName, RAM_VERSION } from './shared/parameters.ts';
import {
  examplePolicy,
  fromCustom,
  policySchema,
  requireCustom,
  viewPolicy,
} from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const UpdatePolicyDescription = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'UpdatePolicyDescription',
  kind: 'write',
  docs: {
    summary: 'Changes the description of a custom policy.',
  },
  input: object({ PolicyName: policyName, NewDescription: newDescription }),
  output: object({ Policy: object(policySchema) }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.NewDescription.Length': 400,
    'EntityNotExist.Policy': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ram:UpdatePolicyDescription',
    resource: (input) => `policy/${input.PolicyName}`,
  },
  example: {
    request: { PolicyName: 'read-web', NewDescription: 'Resolves the family web' },
    response: { Policy: examplePolicy },
  },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const policy = await requireCustom(ctx, input.PolicyName);
    const updated = { ...policy, description: input.NewDescription, updateMs: nowMs };
    await tx.updateRamPolicy(updated);
    const attached = await tx.attachmentsOfPolicy(policy.accountId, 'Custom', policy.policyName);
    return { Policy: viewPolicy(fromCustom(updated), attached.length) };
  },
});
