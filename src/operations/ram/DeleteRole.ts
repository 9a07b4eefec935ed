import { object } from '../../lib/schema.ts';
import { RAM_VERSION, roleName } from './shared/parameters.ts';
import { requireRole } from './shared/role-view.ts';
import { clearTags } from './shared/ram-tags.ts';
import { defineOperation } from '../../operation.ts';

export const DeleteRole = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'DeleteRole',
  kind: 'write',
  docs: {
    summary: 'Deletes a role that has no attached policies; its sessions end at once.',
  },
  input: object({ RoleName: roleName }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.Role': 404,
    'DeleteConflict.Role.Policy': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:DeleteRole', resource: (input) => `role/${input.RoleName}` },
  example: { request: { RoleName: 'image-reader' }, response: {} },
  async handler(ctx, input) {
    const { tx } = ctx;
    const { accountId, roleId } = await requireRole(ctx, input.RoleName);
    if ((await tx.attachmentsOfEntity(accountId, roleId)).length > 0)
      throw ctx.fail('DeleteConflict.Role.Policy');
    await tx.deleteRamRole(accountId, roleId);
    await clearTags(ctx, { type: 'role', roleId });
    return {};
  },
});
