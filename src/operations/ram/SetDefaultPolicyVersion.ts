import { object } from '../../lib/schema.ts';
import { policyName, RAM_VERSION, versionId, versionNumber } from './shared/parameters.ts';
import { requireCustom } from './shared/policy-view.ts';
import { defineOperation } from '../../operation.ts';

export const SetDefaultPolicyVersion = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'SetDefaultPolicyVersion',
  kind: 'write',
  docs: {
    summary: 'Chooses the version of a custom policy that is in force.',
  },
  input: object({ PolicyName: policyName, VersionId: versionId }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.VersionId.Format': 400,
    'EntityNotExist.Policy': 404,
    'EntityNotExist.Policy.Version': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ram:SetDefaultPolicyVersion',
    resource: (input) => `policy/${input.PolicyName}`,
  },
  example: { request: { PolicyName: 'read-web', VersionId: 'v1' }, response: {} },
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const policy = await requireCustom(ctx, input.PolicyName);
    const defaultVersion = versionNumber(input.VersionId);
    const { accountId, policyName: name } = policy;
    if ((await tx.ramPolicyVersion(accountId, name, defaultVersion)) === undefined)
      throw ctx.fail('EntityNotExist.Policy.Version');
    await tx.updateRamPolicy({ ...policy, defaultVersion, updateMs: nowMs });
    return {};
  },
});
