import { object } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { exampleUser, requireUser, userSchema, viewUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const GetUser = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'GetUser',
  kind: 'read',
  docs: {
    summary: 'Shows a RAM user.',
  },
  input: object({ UserName: userName }),
  output: object({ User: userSchema }),
  errors: { MissingParameter: 400, 'EntityNotExist.User': 404 },
  cannotOccur: {},
  access: { action: 'ram:GetUser', resource: (input) => `user/${input.UserName}` },
  example: { request: { UserName: 'ci' }, response: { User: exampleUser } },
  async handler(ctx, input) {
    return { User: viewUser(await requireUser(ctx, input.UserName)) };
  },
});
