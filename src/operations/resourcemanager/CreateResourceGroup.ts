import { acceptResource } from '../../domain/resource-lifecycle.ts';
import { EVERYWHERE, MAX_RESOURCE_GROUPS } from '../../domain/resource-group.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { groupSchema, RESOURCEMANAGER_VERSION, viewGroup } from './shared/group-view.ts';

const NAME = '^[A-Za-z][A-Za-z0-9-]{1,49}$';

export const CreateResourceGroup = defineOperation({
  product: 'resourcemanager',
  version: RESOURCEMANAGER_VERSION,
  action: 'CreateResourceGroup',
  kind: 'write',
  docs: {
    summary: 'Makes a resource group, a label for images, snapshots and records.',
    notes: 'A group gives nobody a right here; it is kept, shown and filtered by.',
  },
  input: object({
    Name: string({
      description: '2 to 50 characters: a letter, then letters, digits and `-`; unique.',
      pattern: NAME,
      missing: 'MissingParameter',
      invalid: 'InvalidParameter.ResourceGroup.Name',
    }),
    DisplayName: string({
      description: '1 to 50 characters.',
      minLength: 1,
      maxLength: 50,
      missing: 'MissingParameter',
      invalid: 'InvalidParameter.ResourceGroup.DisplayName',
    }),
  }),
  output: object({ ResourceGroup: groupSchema }),
  errors: {
    MissingParameter: 400,
    'InvalidParameter.ResourceGroup.Name': 400,
    'InvalidParameter.ResourceGroup.DisplayName': 400,
    'LimitExceeded.ResourceGroup': 409,
    'EntityAlreadyExists.ResourceGroup': 409,
  },
  cannotOccur: {},
  access: { action: 'ram:CreateResourceGroup', resource: () => 'resourcegroup/*' },
  example: {
    request: { Name: 'golden-images', DisplayName: 'Golden images' },
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
  async handler(ctx, input) {
    const { tx, nowMs } = ctx;
    const scope = { accountId: ctx.caller.accountId, regionId: EVERYWHERE };
    const groups = { resourceType: 'resourcegroup' } as const;
    const one = { limit: 1, offset: 0 };
    const { total } = await tx.resources(scope, groups, one, nowMs);
    if (total >= MAX_RESOURCE_GROUPS) throw ctx.fail('LimitExceeded.ResourceGroup');
    const same = await tx.resources(scope, { ...groups, resourceName: input.Name }, one, nowMs);
    if (same.total > 0 || input.Name === 'default')
      throw ctx.fail('EntityAlreadyExists.ResourceGroup');
    const draft = {
      ...scope,
      ...groups,
      resourceId: ctx.newId('rg-', EVERYWHERE),
      resourceName: input.Name,
      status: 'OK',
      parentId: '',
      imageId: '',
      resourceGroupId: '',
      detail: { displayName: input.DisplayName },
    };
    const accepted = await acceptResource(tx, draft);
    return { ResourceGroup: viewGroup({ ...draft, ...accepted, tags: [] }) };
  },
});
