import { findResourceGroup } from '../../domain/resource-group.ts';
import { removeResource } from '../../domain/resource-lifecycle.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { groupSchema, RESOURCEMANAGER_VERSION, viewGroup } from './shared/group-view.ts';

export const DeleteResourceGroup = defineOperation({
  product: 'resourcemanager',
  version: RESOURCEMANAGER_VERSION,
  action: 'DeleteResourceGroup',
  kind: 'write',
  docs: {
    summary: 'Deletes a resource group in which nothing is.',
    notes: 'At once, where the vendor waits for seven days. The default group stays.',
  },
  input: object({
    ResourceGroupId: string({
      missing: 'MissingParameter',
      maxLength: 128,
      invalid: 'EntityNotExist.ResourceGroup',
    }),
  }),
  output: object({ ResourceGroup: groupSchema }),
  errors: {
    MissingParameter: 400,
    'EntityNotExist.ResourceGroup': 404,
    'DeleteConflict.ResourceGroup.Resource': 409,
  },
  cannotOccur: {},
  access: {
    action: 'ram:DeleteResourceGroup',
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
    const group = await findResourceGroup(ctx.tx, accountId, ResourceGroupId, ctx.nowMs);
    if (group === undefined) throw ctx.fail('EntityNotExist.ResourceGroup');
    if (await ctx.tx.resourceGroupInUse(accountId, ResourceGroupId))
      throw ctx.fail('DeleteConflict.ResourceGroup.Resource');
    await removeResource(ctx.tx, group);
    return { ResourceGroup: viewGroup(group) };
  },
});
