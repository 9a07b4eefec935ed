import { object } from '../../lib/schema.ts';
import { RAM_VERSION, roleName } from './shared/parameters.ts';
import { attachedPolicies, attachedSchema, exampleAttached } from './shared/attachments.ts';
import { requireRole } from './shared/role-view.ts';
import { defineOperation } from '../../operation.ts';

export const ListPoliciesForRole = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListPoliciesForRole',
  kind: 'read',
  docs: {
    summary: 'Lists the policies that are attached to a RAM role.',
  },
  input: object({ RoleName: roleName }),
  output: object({ Policies: attachedSchema }),
  errors: { MissingParameter: 400, 'EntityNotExist.Role': 404 },
  cannotOccur: {},
  access: { action: 'ram:ListPoliciesForRole', resource: (input) => `role/${input.RoleName}` },
  example: {
    request: { RoleName: 'image-reader' },
    response: { Policies: exampleAttached },
  },
  async handler(ctx, input) {
    const { roleId: entityId } = await requireRole(ctx, input.RoleName);
    return { Policies: await attachedPolicies(ctx, entityId) };
  },
});
