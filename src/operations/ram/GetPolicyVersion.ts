import { object } from '../../lib/schema.ts';
import {
  policyName,
  policyType,
  RAM_VERSION,
  versionId,
  versionNumber,
} from './shared/parameters.ts';
import {
  exampleDocument,
  exampleVersionItem,
  requirePolicy,
  versionSchema,
  versionsOf,
  viewVersion,
} from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const GetPolicyVersion = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'GetPolicyVersion',
  kind: 'read',
  docs: {
    summary: 'Shows a version of a policy.',
  },
  input: object({ PolicyName: policyName, PolicyType: policyType, VersionId: versionId }),
  output: object({ PolicyVersion: versionSchema }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.PolicyType': 400,
    'InvalidParameter.VersionId.Format': 400,
    'EntityNotExist.Policy': 404,
    'EntityNotExist.Policy.Version': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:GetPolicyVersion', resource: (input) => `policy/${input.PolicyName}` },
  example: {
    request: { PolicyName: 'read-web', PolicyType: 'Custom', VersionId: 'v1' },
    response: { PolicyVersion: { ...exampleVersionItem, PolicyDocument: exampleDocument } },
  },
  async handler(ctx, input) {
    const policy = await requirePolicy(ctx, input.PolicyType, input.PolicyName);
    const wanted = versionNumber(input.VersionId);
    const found = (await versionsOf(ctx, policy)).find(({ version }) => version === wanted);
    if (found === undefined) throw ctx.fail('EntityNotExist.Policy.Version');
    return { PolicyVersion: viewVersion(found, policy.defaultVersion) };
  },
});
