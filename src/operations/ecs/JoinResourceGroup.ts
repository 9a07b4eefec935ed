import { changeAttributes } from '../../domain/image-lifecycle.ts';
import { resolveGroup } from '../../domain/resource-group.ts';
import type { RegionId, SnapshotId } from '../../domain/ids.ts';
import type { Tx } from '../../domain/tx.ts';
import { object, string } from '../../lib/schema.ts';
import { defineOperation } from '../../operation.ts';
import { ECS_VERSION, owners, regionId } from './shared/parameters.ts';
import { findTagged, resourceType, type FoundResource } from './shared/tagged-resources.ts';

const move = (tx: Tx, { resourceType: type, resourceId, image }: FoundResource, group: string) => {
  const set = { resourceGroupId: group };
  if (image !== undefined) return changeAttributes(tx, image, set, 'attributes');
  // The id was read from a row of that kind.
  if (type === 'snapshot') return tx.updateSnapshot(resourceId as SnapshotId, set);
  return tx.updateResource(resourceId, set);
};

export const JoinResourceGroup = defineOperation({
  product: 'ecs',
  version: ECS_VERSION,
  action: 'JoinResourceGroup',
  kind: 'write',
  docs: {
    summary: 'Moves a resource to another resource group.',
    notes:
      'For images, snapshots, instances, disks, security groups, key pairs (by name) and the records of the image builder.',
  },
  input: object({
    RegionId: regionId('MissingParameter'),
    ResourceType: resourceType('MissingParameter'),
    ResourceId: string({
      missing: 'MissingParameter',
      maxLength: 128,
      invalid: 'InvalidResourceId.NotFound',
    }),
    ResourceGroupId: string({
      description: 'One of the caller.',
      missing: 'MissingParameter',
      maxLength: 128,
      invalid: 'InvalidResourceGroup.NotFound',
    }),
    ...owners,
  }),
  output: object({}),
  errors: {
    MissingParameter: 403,
    'InvalidResourceGroup.Duplicate': 403,
    'InvalidRegionId.NotFound': 404,
    'InvalidResourceGroup.NotFound': 404,
    'InvalidResourceId.NotFound': 404,
    'InvalidResourceType.NotFound': 404,
  },
  cannotOccur: {},
  access: {
    action: 'ecs:JoinResourceGroup',
    resource: ({ ResourceType, ResourceId }) => `${ResourceType}/${ResourceId}`,
  },
  example: {
    request: {
      RegionId: 'cn-hangzhou',
      ResourceType: 'image',
      ResourceId: 'm-bp1ejhb4r1lyu55t0def',
      ResourceGroupId: 'rg-bp1f9oz2v1n0z9s2aaaa',
    },
    response: {},
  },
  async handler(ctx, input) {
    const { accountId } = ctx.caller;
    const scope = { accountId, regionId: input.RegionId as RegionId };
    const group = await resolveGroup(ctx.tx, accountId, input.ResourceGroupId, ctx.nowMs);
    if (group === undefined) throw ctx.fail('InvalidResourceGroup.NotFound');
    const [resource] = (await findTagged(ctx, scope, input.ResourceType, [input.ResourceId])) ?? [];
    if (resource === undefined) throw ctx.fail('InvalidResourceId.NotFound');
    if (resource.resourceGroupId === group) throw ctx.fail('InvalidResourceGroup.Duplicate');
    await move(ctx.tx, resource, group);
    return {};
  },
});
