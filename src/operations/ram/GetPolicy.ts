import { object, string } from '../../lib/schema.ts';
import { policyName, policyType, RAM_VERSION } from './shared/parameters.ts';
import {
  exampleDocument,
  examplePolicy,
  exampleVersionItem,
  policySchema,
  requirePolicy,
  versionSchema,
  versionsOf,
  viewPolicy,
  viewVersion,
} from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const GetPolicy = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'GetPolicy',
  kind: 'read',
  docs: {
    summary: 'Shows a policy and the document that is in force.',
  },
  input: object({ PolicyName: policyName, PolicyType: policyType }),
  output: object({
    Policy: object({ ...policySchema, PolicyDocument: string() }),
    DefaultPolicyVersion: versionSchema,
  }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.PolicyType': 400,
    'EntityNotExist.Policy': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:GetPolicy', resource: (input) => `policy/${input.PolicyName}` },
  example: {
    request: { PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {
      Policy: { ...examplePolicy, PolicyDocument: exampleDocument },
      DefaultPolicyVersion: { ...exampleVersionItem, PolicyDocument: exampleDocument },
    },
  },
  async handler(ctx, input) {
    const { PolicyType, PolicyName } = input;
    const policy = await requirePolicy(ctx, PolicyType, PolicyName);
    const versions = await versionsOf(ctx, policy);
    const inForce = versions.find(({ version }) => version === policy.defaultVersion)!;
    const attached = await ctx.tx.attachmentsOfPolicy(ctx.caller.accountId, PolicyType, PolicyName);
    return {
      Policy: {
        ...viewPolicy(policy, attached.length),
        PolicyDocument: inForce.policyDocument,
      },
      DefaultPolicyVersion: viewVersion(inForce, policy.defaultVersion),
    };
  },
});
