// Lists the groups of the caller: the default group first, then the others, newest first.
import {
  EVERYWHERE,
  MAX_RESOURCE_GROUPS,
  type ResourceGroup,
} from '../../domain/resource-group.ts';
import { choice, integer, list, object, optional, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import {
  groupSchema,
  RESOURCEMANAGER_VERSION,
  viewDefaultGroup,
  viewGroup,
} from './shared/group-view.ts';

export const ListResourceGroups = defineOperation({
  product: 'resourcemanager',
  version: RESOURCEMANAGER_VERSION,
  action: 'ListResourceGroups',
  kind: 'read',
  docs: { summary: 'Lists the resource groups of the caller, the default group among them.' },
  input: object({
    Status: optional(
      choice(['Creating', 'OK', 'PendingDelete'], {
        description: 'Every group here is OK.',
        invalid: 'InvalidParameter',
      }),
    ),
    Name: optional(string({ description: 'The exact name.', maxLength: 50 })),
    DisplayName: optional(string({ description: 'The exact display name.', maxLength: 50 })),
    ResourceGroupId: optional(string({ maxLength: 128 })),
    PageNumber: optional(integer({ minimum: 1, maximum: 10_000_000, default: 1 })),
    PageSize: optional(integer({ minimum: 1, maximum: 100, clamp: true, default: 10 })),
  }),
  output: object({
    TotalCount: integer(),
    PageNumber: integer(),
    PageSize: integer(),
    ResourceGroups: object({ ResourceGroup: list(groupSchema) }),
  }),
  errors: { InvalidParameter: 400 },
  cannotOccur: {},
  access: { action: 'ram:ListResourceGroups', resource: () => 'resourcegroup/*' },
  example: {
    request: { PageSize: '10' },
    response: {
      TotalCount: 1,
      PageNumber: 1,
      PageSize: 10,
      ResourceGroups: {
        ResourceGroup: [
          {
            Id: 'rg-acfm09y9ox1vhs0',
            AccountId: '1234567890123456',
            Name: 'default',
            DisplayName: 'default resource group',
            Status: 'OK',
            CreateDate: '',
          },
        ],
      },
    },
  },
  async handler(ctx, input) {
    const { PageNumber = 1, PageSize = 10 } = input;
    const { accountId } = ctx.caller;
    const scope = { accountId, regionId: EVERYWHERE };
    // An account has few groups (MAX_RESOURCE_GROUPS), so that all are read for every page.
    const page = { limit: MAX_RESOURCE_GROUPS, offset: 0 };
    const { rows } = await ctx.tx.resources(
      scope,
      { resourceType: 'resourcegroup' },
      page,
      ctx.nowMs,
    );
    const groups = [viewDefaultGroup(accountId), ...(rows as ResourceGroup[]).map(viewGroup)];
    const matching = groups.filter(
      ({ Id, Name, DisplayName, Status }) =>
        (input.ResourceGroupId ?? Id) === Id &&
        (input.Name ?? Name) === Name &&
        (input.DisplayName ?? DisplayName) === DisplayName &&
        (input.Status ?? Status) === Status,
    );
    const first = (PageNumber - 1) * PageSize;
    return {
      TotalCount: matching.length,
      PageNumber,
      PageSize,
      ResourceGroups: { ResourceGroup: matching.slice(first, first + PageSize) },
    };
  },
});
