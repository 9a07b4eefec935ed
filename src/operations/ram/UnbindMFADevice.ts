import { object } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const UnbindMFADevice = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'UnbindMFADevice',
  kind: 'write',
  docs: {
    summary: 'Says that a RAM user has no MFA device: nobody logs in with a password here.',
    notes:
      'It is never answered with success. Clients that delete a user with all that belongs to it ask for it, and go on when there is none.',
  },
  input: object({ UserName: userName }),
  output: object({}),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.User': 404,
    'EntityNotExist.User.MFADevice': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:UnbindMFADevice', resource: (input) => `user/${input.UserName}` },
  example: { request: { UserName: 'ci' }, response: {} },
  async handler(ctx, input) {
    await requireUser(ctx, input.UserName);
    throw ctx.fail('EntityNotExist.User.MFADevice');
  },
});
