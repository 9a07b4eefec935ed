import { list, object } from '../../lib/schema.ts';
import { policyName, policyType, RAM_VERSION } from './shared/parameters.ts';
import {
  exampleDocument,
  exampleVersionItem,
  requirePolicy,
  versionSchema,
  versionsOf,
  viewVersion,
} from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const ListPolicyVersions = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListPolicyVersions',
  kind: 'read',
  docs: {
    summary: 'Lists the versions of a policy, oldest first.',
  },
  input: object({ PolicyName: policyName, PolicyType: policyType }),
  output: object({ PolicyVersions: object({ PolicyVersion: list(versionSchema) }) }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.PolicyType': 400,
    'EntityNotExist.Policy': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:ListPolicyVersions', resource: (input) => `policy/${input.PolicyName}` },
  example: {
    request: { PolicyName: 'read-web', PolicyType: 'Custom' },
    response: {
      PolicyVersions: {
        PolicyVersion: [{ ...exampleVersionItem, PolicyDocument: exampleDocument }],
      },
    },
  },
  async handler(ctx, input) {
    const policy = await requirePolicy(ctx, input.PolicyType, input.PolicyName);
    const versions = await versionsOf(ctx, policy);
    return {
      PolicyVersions: {
        PolicyVersion: versions.map((one) => viewVersion(one, policy.defaultVersion)),
      },
    };
  },
});
