import { defaultGroupId, findResourceGroup } from '../../domain/resource-group.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import {
  groupSchema,
  RESOURCEMANAGER_VERSION,
  viewDefaultGroup,
  viewGroup,
} from './shared/group-view.ts';

export const GetResourceGroup = defineOperation({
  product: 'resourcemanager',
  version: RESOURCEMANAGER_VERSION,
  action: 'GetResourceGroup',
  kind: 'read',
  docs: { summary: 'Tells about one resource group; the default group is one too.' },
  input: object({
    ResourceGroupId: string({
      missing: 'MissingParameter',
      maxLength: 128,
      invalid: 'EntityNotExist.ResourceGroup',
    }),
  }),
  output: object({ ResourceGroup: groupSchema }),
  errors: { MissingParameter: 400, 'EntityNotExist.ResourceGroup': 404 },
  cannotOccur: {},
  access: {
    action: 'ram:GetResourceGroup',
    resource: ({ ResourceGroupId }) => `resourcegroup/${ResourceGroupId}`,
  },
  example: {
    request: { ResourceGroupId: 'rg-bp1f9oz2v1n0z9s2aaaa' },
    response: {
      ResourceGroup: {
        Id: 'rg-bp1f9oz2v1n0z9s2aaaa',
        AccountId: '1234567890123456',
        Name: 'golden-images',
        DisplayName: 'Golden images',
        Status: 'OK',
        CreateDate: '2026-11-24T08:00:00Z',
      },
    },
  },
  async handler(ctx, { ResourceGroupId }) {
    const { accountId } = ctx.caller;
    if (ResourceGroupId === defaultGroupId(accountId))
      return { ResourceGroup: viewDefaultGroup(accountId) };
    const group = await findResourceGroup(ctx.tx, accountId, ResourceGroupId, ctx.nowMs);
    if (group === undefined) throw ctx.fail('EntityNotExist.ResourceGroup');
    return { ResourceGroup: viewGroup(group) };
  },
});
