// What the three tag operations have in common: the types of the vendor's list, the ids, and the rows
// behind them. Only images and snapshots exist here, so that ids of every other type are not found.
import type { Image } from '../../../domain/image.ts';
import type { ReadTx, Scope } from '../../../domain/tx.ts';
import { MAX_RESOURCES_PER_TAG_CALL, type Tag, type TaggedType } from '../../../domain/tag.ts';
import { choice, list, string } from '../../../lib/schema.ts';

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

export const resourceType = choice(RESOURCE_TYPES, {
  description: 'Type of the resources; only image and snapshot have any here.',
  missing: 'MissingParameter.ResourceType',
  invalid: 'InvalidResourceType.NotFound',
});

export const resourceIds = list(string({ maxLength: 128, invalid: 'InvalidResourceId.NotFound' }), {
  description: 'Ids of the resources, N from 1 to 50.',
  maxItems: MAX_RESOURCES_PER_TAG_CALL,
  missing: 'MissingParameter.ResourceIds',
  tooMany: 'NumberExceed.ResourceIds',
});

export const isTaggedType = (type: ResourceType): type is Extract<TaggedType, ResourceType> =>
  type === 'image' || type === 'snapshot';

/** A resource that carries tags. */
export interface TaggedResource {
  resourceType: TaggedType;
  resourceId: string;
  tags: readonly Tag[];
  /** Set for images, whose changes the journal keeps. */
  image: Image | undefined;
}

/** All the resources, or undefined when one of the ids does not exist in the scope. */
export const findTagged = async (
  tx: ReadTx,
  scope: Scope,
  type: ResourceType,
  ids: readonly string[],
): Promise<TaggedResource[] | undefined> => {
  const distinct = [...new Set(ids)];
  if (!isTaggedType(type)) return undefined;
  const found = await readTagged(tx, scope, type, distinct);
  return found.length === distinct.length ? found : undefined;
};

const readTagged = async (
  tx: ReadTx,
  scope: Scope,
  type: TaggedType,
  ids: readonly string[],
): Promise<TaggedResource[]> => {
  const page = { limit: ids.length, offset: 0 };
  if (type === 'image') {
    const { rows } = await tx.images(scope, { imageIds: ids }, page);
    return rows.map((image) => ({
      resourceType: type,
      resourceId: image.imageId,
      tags: image.tags,
      image,
    }));
  }
  const { rows } = await tx.snapshots(scope, { snapshotIds: ids }, page);
  return rows.map((snapshot) => ({
    resourceType: type,
    resourceId: snapshot.snapshotId,
    tags: snapshot.tags,
    image: undefined,
  }));
};
