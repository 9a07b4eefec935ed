import { formatSeconds } from '../../lib/clock.ts';
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
    summary: 'Lists the groups that a RAM user is in, in order of their names.',
  },
  input: object({ UserName: userName }),
  output: object({
    Groups: object({
      Group: list(
        object({
          GroupId: string(),
          GroupName: string(),
          Comments: string(),
          JoinDate: string({ description: 'UTC, whole seconds.' }),
        }),
      ),
    }),
  }),
  errors: { MissingParameter: 400, 'EntityNotExist.User': 404 },
  cannotOccur: {},
  access: { action: 'ram:ListGroupsForUser', resource: (input) => `user/${input.UserName}` },
  example: {
    request: { UserName: 'ci' },
    response: {
      Groups: {
        Group: [
          {
            GroupId: 'g-FpMEHiMysofpA1b2',
            GroupName: 'builders',
            Comments: 'Build servers',
            JoinDate: '2026-11-24T08:00:00Z',
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const { accountId, userId } = await requireUser(ctx, input.UserName);
    const groups = await ctx.tx.groupsOfUser(accountId, userId);
    return {
      Groups: {
        Group: groups.map(({ groupId, groupName, comments, joinMs }) => ({
          GroupId: groupId,
          GroupName: groupName,
          Comments: comments,
          JoinDate: formatSeconds(joinMs),
        })),
      },
    };
  },
});
