import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { exampleGroup, groupSchema, viewGroup } from './shared/group-view.ts';
import { paging, RAM_VERSION } from './shared/parameters.ts';
import { defineOperation } from '../../operation.ts';

export const ListGroups = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListGroups',
  kind: 'read',
  docs: {
    summary: 'Lists the groups of RAM users of the account in order of their names.',
  },
  input: object(paging),
  output: object({
    Groups: object({ Group: list(groupSchema) }),
    IsTruncated: boolean(),
    Marker: optional(string({ description: 'For the next page, if there is one.' })),
  }),
  errors: { InvalidParameter: 400, 'InvalidParameter.MaxItems': 400 },
  cannotOccur: {},
  access: { action: 'ram:ListGroups', resource: () => 'group/*' },
  example: {
    request: { MaxItems: '10' },
    response: { Groups: { Group: [exampleGroup] }, IsTruncated: false },
  },
  async handler(ctx, input) {
    const { Marker: after = '', MaxItems = 100 } = input;
    const groups = await ctx.tx.ramGroups(ctx.caller.accountId, { after, limit: MaxItems + 1 });
    const page = groups.slice(0, MaxItems);
    const isTruncated = groups.length > MaxItems;
    return {
      Groups: { Group: page.map(viewGroup) },
      IsTruncated: isTruncated,
      ...(isTruncated && { Marker: page.at(-1)!.groupName }),
    };
  },
});
