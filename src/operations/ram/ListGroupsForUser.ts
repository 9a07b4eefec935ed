import { list, object, string } from '../../lib/schema.ts';
import { RAM_VERSION, userName } from './shared/parameters.ts';
import { requireUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const ListGroupsForUser = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListGroupsForUser',
  kind: 'read',
  docs: {
    summary: 'Lists the groups of a RAM user: always none.',
    notes:
      'There are no groups of users here; policies are attached to users and roles. Clients that delete a user with all that belongs to it ask for them.',
  },
  input: object({ UserName: userName }),
  output: object({
    Groups: object({
      Group: list(object({ GroupName: string(), Comments: string(), JoinDate: string() })),
    }),
  }),
  errors: { MissingParameter: 400, 'EntityNotExist.User': 404 },
  cannotOccur: {},
  access: { action: 'ram:ListGroupsForUser', resource: (input) => `user/${input.UserName}` },
  example: { request: { UserName: 'ci' }, response: { Groups: { Group: [] } } },
  async handler(ctx, input) {
    await requireUser(ctx, input.UserName);
    return { Groups: { Group: [] } };
  },
});
