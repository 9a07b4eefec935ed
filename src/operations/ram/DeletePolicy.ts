import { boolean, object, optional } from '../../lib/schema.ts';
import { policyName, RAM_VERSION } from './shared/parameters.ts';
import { requireCustom } from './shared/policy-view.ts';
import { clearTags } from './shared/ram-tags.ts';
import { defineOperation } from '../../operation.ts';

const ATTACHED = 'The policy CAN NOT been attached to any role while deleting the policy.';

export const DeletePolicy = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DeletePolicy',
  kind: 'write',
  docs: {
    summary: 'Deletes a custom policy that is attached to nobody.',
  },
  input: object({
    PolicyName: policyName,
    CascadingDelete: optional(
      boolean({
        description: 'Whether versions that are not in force go too; default false.',
        invalid: 'InvalidParameter',
      }),
    ),
  }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'EntityNotExist.Policy': 404,
    'DeleteConflict.Policy.User': 409,
    'DeleteConflict.Policy.Group': 409,
    'DeleteConflict.Role.Policy': 409,
    'DeleteConflict.Policy.Version': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:DeletePolicy', resource: (input) => `policy/${input.PolicyName}` },
  example: { request: { PolicyName: 'read-web' }, response: {} },
  async handler(ctx, input) {
    const { tx } = ctx;
    const { accountId, policyName: name } = await requireCustom(ctx, input.PolicyName);
    const attached = await tx.attachmentsOfPolicy(accountId, 'Custom', name);
    if (attached.some(({ entityType }) => entityType === 'user'))
      throw ctx.fail('DeleteConflict.Policy.User');
    if (attached.some(({ entityType }) => entityType === 'group'))
      throw ctx.fail('DeleteConflict.Policy.Group');
    if (attached.length > 0) throw ctx.fail('DeleteConflict.Role.Policy', { message: ATTACHED });
    const versions = await tx.ramPolicyVersions(accountId, name);
    if (versions.length > 1 && input.CascadingDelete !== true)
      throw ctx.fail('DeleteConflict.Policy.Version');
    for (const { version } of versions) await tx.deleteRamPolicyVersion(accountId, name, version);
    await tx.deleteRamPolicy(accountId, name);
    await clearTags(ctx, { type: 'policy', name });
    return {};
  },
});
