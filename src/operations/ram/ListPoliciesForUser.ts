import { object } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { attachedPolicies, attachedSchema, exampleAttached } from './shared/attachments.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const ListPoliciesForUser = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListPoliciesForUser',
  kind: 'read',
  docs: {
    summary: 'Lists the policies that are attached to a RAM user.',
  },
  input: object({ UserName: userName }),
  output: object({ Policies: attachedSchema }),
  errors: { MissingParameter: 400, 'EntityNotExist.User': 404 },
  cannotOccur: {},
  access: { action: 'ram:ListPoliciesForUser', resource: (input) => `user/${input.UserName}` },
  example: {
    request: { UserName: 'image-reader' },
    response: { Policies: exampleAttached },
  },
  async handler(ctx, input) {
    const { userId: entityId } = await requireUser(ctx, input.UserName);
    return { Policies: await attachedPolicies(ctx, entityId) };
  },
});
