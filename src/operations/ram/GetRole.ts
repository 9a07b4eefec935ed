import { object } from '../../lib/schema.ts';
import { RAM_VERSION, roleName } from './shared/parameters.ts';
import {
  exampleRoleItem,
  exampleTrust,
  requireRole,
  roleSchema,
  viewRole,
} from './shared/role-view.ts';
import { defineOperation } from '../../operation.ts';

export const GetRole = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'GetRole',
  kind: 'read',
  docs: {
    summary: 'Shows a role and its trust policy.',
  },
  input: object({ RoleName: roleName }),
  output: object({ Role: roleSchema }),
  errors: { MissingParameter: 400, 'EntityNotExist.Role': 404 },
  cannotOccur: {},
  access: { action: 'ram:GetRole', resource: (input) => `role/${input.RoleName}` },
  example: {
    request: { RoleName: 'image-reader' },
    response: { Role: { ...exampleRoleItem, AssumeRolePolicyDocument: exampleTrust } },
  },
  async handler(ctx, input) {
    return { Role: viewRole(await requireRole(ctx, input.RoleName)) };
  },
});
