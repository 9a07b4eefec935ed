// What the tag operations have in common: the types of the vendor's list, the ids, and the rows behind
// them. Types of the list that Kindred has none of are known words; their ids are never found.
import type { Scope } from '../../../domain/tx.ts';
import { MAX_RESOURCES_PER_TAG_CALL, type TaggedType } from '../../../domain/tag.ts';
import type { Tagged } from '../../../domain/tagging.ts';
import { choice, list, string } from '../../../lib/schema.ts';
import type { ReadContext } from '../../../operation.ts';

const RESOURCE_TYPES = [
  'instance',
  'disk',
  'snapshot',
  'image',
  'securitygroup',
  'volume',
  'eni',
  'ddh',
  'ddhcluster',
  'keypair',
  'launchtemplate',
  'reservedinstance',
  'snapshotpolicy',
  'elasticityassurance',
  'capacityreservation',
  'command',
  'invocation',
  'activation',
  'managedinstance',
  'imagecomponent',
  'imagepipeline',
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

export const resourceType = (
  missing: 'MissingParameter.ResourceType' | 'MissingParameter' = 'MissingParameter.ResourceType',
) =>
  choice(RESOURCE_TYPES, {
    description:
      'Type of the resources. Here are image, snapshot, instance, disk, securitygroup, keypair, imagecomponent and imagepipeline; the vendor has more, of which nothing exists here.',
    missing,
    invalid: 'InvalidResourceType.NotFound',
  });

export const resourceIds = list(string({ maxLength: 128, invalid: 'InvalidResourceId.NotFound' }), {
  description: 'Ids of the resources, N from 1 to 50.',
  maxItems: MAX_RESOURCES_PER_TAG_CALL,
  missing: 'MissingParameter.ResourceIds',
  tooMany: 'NumberExceed.ResourceIds',
});

const TAGGED = [
  'image',
  'snapshot',
  'instance',
  'disk',
  'securitygroup',
  'keypair',
  'imagecomponent',
  'imagepipeline',
] as const satisfies readonly (ResourceType & TaggedType)[];
export type TypeWithTags = (typeof TAGGED)[number];

export const isTaggedType = (type: ResourceType): type is TypeWithTags =>
  (TAGGED as readonly string[]).includes(type);

/** A resource of one of the types that carry tags; its group is empty for the default one. */
export interface FoundResource extends Tagged {
  resourceGroupId: string;
}

/** All the resources, or undefined when one of the ids does not exist in the scope. */
export const findTagged = async (
  ctx: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  scope: Scope,
  type: ResourceType,
  ids: readonly string[],
): Promise<FoundResource[] | undefined> => {
  if (!isTaggedType(type)) return undefined;
  const distinct = [...new Set(ids)];
  const found = await readTagged(ctx, scope, type, distinct);
  return found.length === distinct.length ? found : undefined;
};

const readTagged = async (
  { tx, nowMs }: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  scope: Scope,
  type: TypeWithTags,
  ids: readonly string[],
): Promise<FoundResource[]> => {
  const page = { limit: ids.length, offset: 0 };
  if (type === 'image') {
    const { rows } = await tx.images(scope, { imageIds: ids }, page);
    return rows.map((image) => ({
      resourceType: type,
      resourceId: image.imageId,
      tags: image.tags,
      resourceGroupId: image.resourceGroupId,
      image,
    }));
  }
  if (type === 'snapshot') {
    const { rows } = await tx.snapshots(scope, { snapshotIds: ids }, page);
    return rows.map(({ snapshotId, tags, resourceGroupId }) => ({
      resourceType: type,
      resourceId: snapshotId,
      tags,
      resourceGroupId,
      image: undefined,
    }));
  }
  // The id of a key pair, for its callers, is its name.
  const filter = type === 'keypair' ? { resourceNames: ids } : { resourceIds: ids };
  const { rows } = await tx.resources(scope, { resourceType: type, ...filter }, page, nowMs);
  return rows.map(({ resourceId, tags, resourceGroupId }) => ({
    resourceType: type,
    resourceId,
    tags,
    resourceGroupId,
    image: undefined,
  }));
};

/** How the ids of tagged rows are shown: of a key pair its name, of everything else the id. */
export const shownIds = async (
  { tx, nowMs }: Pick<ReadContext<never>, 'tx' | 'nowMs'>,
  scope: Scope,
  type: TypeWithTags,
  bindings: readonly { resourceId: string }[],
): Promise<(resourceId: string) => string> => {
  if (type !== 'keypair') return (resourceId) => resourceId;
  const resourceIds = [...new Set(bindings.map(({ resourceId }) => resourceId))];
  const page = { limit: resourceIds.length, offset: 0 };
  const { rows } = await tx.resources(scope, { resourceType: type, resourceIds }, page, nowMs);
  const names = new Map(rows.map((row) => [row.resourceId, row.resourceName]));
  return (resourceId) => names.get(resourceId) ?? resourceId;
};
