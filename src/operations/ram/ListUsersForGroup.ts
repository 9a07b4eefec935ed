import { formatSeconds } from '../../lib/clock.ts';
import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { requireGroup } from './shared/group-view.ts';
import { groupName, paging, RAM_VERSION } from './shared/parameters.ts';
import { defineOperation } from '../../operation.ts';

export const ListUsersForGroup = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListUsersForGroup',
  kind: 'read',
  docs: {
    summary: 'Lists the RAM users who are in a group, in order of their names.',
  },
  input: object({ GroupName: groupName, ...paging }),
  output: object({
    Users: object({
      User: list(
        object({
          UserName: string(),
          DisplayName: string(),
          JoinDate: string({ description: 'UTC, whole seconds.' }),
        }),
      ),
    }),
    IsTruncated: boolean(),
    Marker: optional(string({ description: 'For the next page, if there is one.' })),
  }),
  errors: {
    MissingParameter: 400,
    InvalidParameter: 400,
    'InvalidParameter.MaxItems': 400,
    'EntityNotExist.Group': 404,
  },
  cannotOccur: {},
  access: { action: 'ram:ListUsersForGroup', resource: (input) => `group/${input.GroupName}` },
  example: {
    request: { GroupName: 'builders' },
    response: {
      Users: {
        User: [{ UserName: 'ci', DisplayName: 'Build server', JoinDate: '2026-11-24T08:00:00Z' }],
      },
      IsTruncated: false,
    },
  },
  async handler(ctx, input) {
    const { Marker: after = '', MaxItems = 100 } = input;
    const { accountId, groupId } = await requireGroup(ctx, input.GroupName);
    const users = await ctx.tx.usersOfGroup(accountId, groupId, { after, limit: MaxItems + 1 });
    const page = users.slice(0, MaxItems);
    const isTruncated = users.length > MaxItems;
    return {
      Users: {
        User: page.map(({ userName, displayName, joinMs }) => ({
          UserName: userName,
          DisplayName: displayName,
          JoinDate: formatSeconds(joinMs),
        })),
      },
      IsTruncated: isTruncated,
      ...(isTruncated && { Marker: page.at(-1)!.userName }),
    };
  },
});
