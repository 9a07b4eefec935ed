import { object } from '../../lib/schema.ts';
import { policyName, RAM_VERSION, versionId, versionNumber } from './shared/parameters.ts';
import { requireCustom } from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const DeletePolicyVersion = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DeletePolicyVersion',
  kind: 'write',
  docs: {
    summary: 'Deletes a version of a custom policy that is not in force.',
  },
  input: object({ PolicyName: policyName, VersionId: versionId }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.VersionId.Format': 400,
    'EntityNotExist.Policy': 404,
    'EntityNotExist.Policy.Version': 404,
    'DeleteConflict.Policy.Version.Default': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:DeletePolicyVersion', resource: (input) => `policy/${input.PolicyName}` },
  example: { request: { PolicyName: 'read-web', VersionId: 'v1' }, response: {} },
  async handler(ctx, input) {
    const policy = await requireCustom(ctx, input.PolicyName);
    const version = versionNumber(input.VersionId);
    if (version === policy.defaultVersion) throw ctx.fail('DeleteConflict.Policy.Version.Default');
    if (!(await ctx.tx.deleteRamPolicyVersion(policy.accountId, policy.policyName, version)))
      throw ctx.fail('EntityNotExist.Policy.Version');
    return {};
  },
});
