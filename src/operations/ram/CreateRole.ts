import { MAX_RAM_ROLES } from '../../domain/ram.ts';
import { integer, object, optional, string } from '../../lib/schema.ts';
import { description, policyDocument, RAM_VERSION, tags } from './shared/parameters.ts';
import { requireDocument } from './shared/policy-view.ts';
import { exampleRoleItem, exampleTrust, roleSchema, viewRole } from './shared/role-view.ts';
import { addTags } from './shared/ram-tags.ts';
import { defineOperation } from '../../operation.ts';

export const CreateRole = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'CreateRole',
  kind: 'write',
  docs: {
    summary: 'Makes a role that others may assume for a while.',
    notes:
      'AssumeRolePolicyDocument is the trust policy: it says who may assume the role. What the role may do is said by the policies that are attached to it.',
  },
  input: object({
    RoleName: string({
      description: '1 to 64 letters, digits, `.`, `-` and `_`; unique in the account.',
      missing: 'MissingParameter',
      maxLength: 64,
      tooLong: 'InvalidParameter.RoleName.Length',
      pattern: '^[A-Za-z0-9._-]+$',
      invalid: 'InvalidParameter.RoleName.InvalidChars',
    }),
    AssumeRolePolicyDocument: policyDocument,
    Description: description,
    MaxSessionDuration: optional(
      integer({
        description: 'Longest session, 3600 to 43200 seconds; default 3600.',
        minimum: 3600,
        maximum: 43_200,
        invalid: 'InvalidParameter.MaxSessionDuration',
      }),
    ),
    Tag: optional(tags),
  }),
  output: object({ Role: roleSchema }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.RoleName.InvalidChars': 400,
    'InvalidParameter.RoleName.Length': 400,
    'InvalidParameter.Description.Length': 400,
    'InvalidParameter.MaxSessionDuration': 400,
    'InvalidParameter.Tag': 400,
    MalformedPolicyDocument: 400,
    'EntityAlreadyExists.Role': 409,
    'LimitExceeded.Role': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:CreateRole', resource: () => 'role/*' },
  example: {
    request: { RoleName: 'image-reader', AssumeRolePolicyDocument: exampleTrust },
    response: { Role: { ...exampleRoleItem, AssumeRolePolicyDocument: exampleTrust } },
  },
  async prepare(ctx): Promise<string> {
    return ctx.installation.newRamId('role');
  },
  async handler(ctx, input, roleId) {
    const { tx, nowMs } = ctx;
    const { accountId } = ctx.caller;
    const document = requireDocument(ctx, input.AssumeRolePolicyDocument, 'trust');
    if ((await tx.ramRole(accountId, input.RoleName)) !== undefined)
      throw ctx.fail('EntityAlreadyExists.Role');
    if ((await tx.ramRoleCount(accountId)) >= MAX_RAM_ROLES) throw ctx.fail('LimitExceeded.Role');
    const role = {
      accountId,
      roleId,
      roleName: input.RoleName,
      description: input.Description ?? '',
      assumeRolePolicyDocument: document,
      maxSessionSeconds: input.MaxSessionDuration ?? 3600,
      creationMs: nowMs,
      updateMs: nowMs,
    };
    await tx.insertRamRole(role);
    await addTags(ctx, { type: 'role', roleId }, input.Tag);
    return { Role: viewRole(role) };
  },
});
