import { MAX_RAM_ROLES } from '../../domain/ram.ts';
import { boolean, list, object, optional, string } from '../../lib/schema.ts';
import { paging, RAM_VERSION, tagFilter } from './shared/parameters.ts';
import { exampleRoleItem, roleItem, viewRoleItem } from './shared/role-view.ts';
import { exampleTags, hasTags, tagsOf, tagsSchema } from './shared/ram-tags.ts';
import { defineOperation } from '../../operation.ts';

export const ListRoles = defineOperation({
  product: 'ram',
  version: RAM_VERSION,
  action: 'ListRoles',
  kind: 'read',
  docs: {
    summary: 'Lists the roles of the account in order of their names.',
  },
  input: object({ Tag: optional(tagFilter), ...paging }),
  output: object({
    Roles: object({ Role: list(object({ ...roleItem, Tags: tagsSchema })) }),
    IsTruncated: boolean(),
    Marker: optional(string({ description: 'For the next page, if there is one.' })),
  }),
  errors: {
    InvalidParameter: 400,
    'InvalidParameter.MaxItems': 400,
    'InvalidParameter.Tag': 400,
  },
  cannotOccur: {},
  access: { action: 'ram:ListRoles', resource: () => 'role/*' },
  example: {
    request: { MaxItems: '10' },
    response: { Roles: { Role: [{ ...exampleRoleItem, Tags: exampleTags }] }, IsTruncated: false },
  },
  async handler(ctx, input) {
    const { Marker: after = '', MaxItems = 100 } = input;
    const tags = await tagsOf(ctx, 'role');
    // An account has few roles (MAX_RAM_ROLES), so that all after the marker are read for a filter.
    const roles = await ctx.tx.ramRoles(ctx.caller.accountId, { after, limit: MAX_RAM_ROLES });
    const fitting = roles.filter(({ roleId }) => hasTags(tags.get(roleId) ?? [], input.Tag));
    const page = fitting.slice(0, MaxItems);
    const isTruncated = fitting.length > MaxItems;
    return {
      Roles: {
        Role: page.map((role) => ({
          ...viewRoleItem(role),
          Tags: { Tag: tags.get(role.roleId) ?? [] },
        })),
      },
      IsTruncated: isTruncated,
      ...(isTruncated && { Marker: page.at(-1)!.roleName }),
    };
  },
});
