import { integer, object, optional, string } from '../../lib/schema.ts';
import { newDescription, RAM_VERSION, roleName } from './shared/parameters.ts';
import { requireDocument } from './shared/policy-view.ts';
import {
  exampleRoleItem,
  exampleTrust,
  requireRole,
  roleSchema,
  viewRole,
} from './shared/role-view.ts';
import { defineOperation } from '../../operation.ts';

export const UpdateRole = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'UpdateRole',
  kind: 'write',
  docs: {
    summary: 'Changes who may assume a role, for how long, and its description.',
    notes:
      'What is left out stays as it is. Sessions that are under way last until their end; delete the role to end them at once.',
  },
  input: object({
    RoleName: roleName,
    NewAssumeRolePolicyDocument: optional(
      string({
        description: 'The new trust policy.',
        invalid: 'MalformedPolicyDocument',
      }),
    ),
    NewDescription: optional(newDescription),
    NewMaxSessionDuration: optional(
      integer({
        description: 'Longest session, 3600 to 43200 seconds.',
        minimum: 3600,
        maximum: 43_200,
        invalid: 'InvalidParameter.MaxSessionDuration',
      }),
    ),
  }),
  output: object({ Role: roleSchema }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.NewDescription.Length': 400,
    'InvalidParameter.MaxSessionDuration': 400,
    MalformedPolicyDocument: 400,
    'EntityNotExist.Role': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:UpdateRole', resource: (input) => `role/${input.RoleName}` },
  example: {
    request: { RoleName: 'image-reader', NewAssumeRolePolicyDocument: exampleTrust },
    response: { Role: { ...exampleRoleItem, AssumeRolePolicyDocument: exampleTrust } },
  },
  async handler(ctx, input) {
    const { NewAssumeRolePolicyDocument: document } = input;
    const role = await requireRole(ctx, input.RoleName);
    const updated = {
      ...role,
      assumeRolePolicyDocument:
        document === undefined
          ? role.assumeRolePolicyDocument
          : requireDocument(ctx, document, 'trust'),
      description: input.NewDescription ?? role.description,
      maxSessionSeconds: input.NewMaxSessionDuration ?? role.maxSessionSeconds,
      updateMs: ctx.nowMs,
    };
    await ctx.tx.updateRamRole(updated);
    return { Role: viewRole(updated) };
  },
});
