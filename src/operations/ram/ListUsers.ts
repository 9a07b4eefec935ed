import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { paging, RAM_VERSION } from './shared/parameters.ts';
import { exampleUser, userSchema, viewUser } from './shared/user-view.ts';
import { defineOperation } from '../../operation.ts';

export const ListUsers = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListUsers',
  kind: 'read',
  docs: {
    summary: 'Lists the RAM users of the account in order of their names.',
  },
  input: object(paging),
  output: object({
    Users: object({ User: list(userSchema) }),
    IsTruncated: boolean(),
    Marker: optional(string({ description: 'For the next page, if there is one.' })),
  }),
  errors: { InvalidParameter: 400, 'InvalidParameter.MaxItems': 400 },
  cannotOccur: {},
  access: { action: 'ram:ListUsers', resource: () => 'user/*' },
  example: {
    request: { MaxItems: '10' },
    response: { Users: { User: [exampleUser] }, IsTruncated: false },
  },
  async handler(ctx, input) {
    const { Marker: after = '', MaxItems = 100 } = input;
    const users = await ctx.tx.ramUsers(ctx.caller.accountId, { after, limit: MaxItems + 1 });
    const page = users.slice(0, MaxItems);
    const isTruncated = users.length > MaxItems;
    return {
      Users: { User: page.map(viewUser) },
      IsTruncated: isTruncated,
      ...(isTruncated && { Marker: page.at(-1)!.userName }),
    };
  },
});
