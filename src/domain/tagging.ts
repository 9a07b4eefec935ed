import { journalSame } from './image-lifecycle.ts';
import type { Image } from './image.ts';
import { MAX_TAGS_PER_RESOURCE, type Tag, type TaggedType } from './tag.ts';
import type { Scope, Tx } from './tx.ts';

/** A resource as the tag operations see it. */
export interface Tagged {
  resourceType: TaggedType;
  resourceId: string;
  tags: readonly Tag[];
  /** Set for images, whose changes the journal keeps. */
  image: Image | undefined;
}

/** Sets tags; a key that is there gets the new value. False when the resource would carry too many. */
export const setTags = async (
  tx: Tx,
  scope: Scope,
  { resourceType, resourceId, tags, image }: Tagged,
  wanted: readonly Tag[],
): Promise<boolean> => {
  const values = new Map(tags.map((tag) => [tag.tagKey, tag.tagValue]));
  const changed = wanted.filter((tag) => values.get(tag.tagKey) !== tag.tagValue);
  const added = changed.filter((tag) => !values.has(tag.tagKey)).length;
  if (tags.length + added > MAX_TAGS_PER_RESOURCE) return false;
  for (const tag of changed) await tx.setTag(scope, { resourceType, resourceId, ...tag });
  if (image !== undefined && changed.length > 0) await journalSame(tx, 'tagged', image);
  return true;
};

/** Removes the tags that `isGone` names; without any of them nothing changes. */
export const removeTags = async (
  tx: Tx,
  { resourceType, resourceId, tags, image }: Tagged,
  isGone: (tag: Tag) => boolean,
): Promise<void> => {
  const gone = tags.filter(isGone);
  for (const { tagKey } of gone) await tx.deleteTag(resourceType, resourceId, tagKey);
  if (image !== undefined && gone.length > 0) await journalSame(tx, 'tagged', image);
};
