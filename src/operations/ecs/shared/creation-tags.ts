import type { CallContext } from '../../../operation.ts';
import { isTagKey, isTagValue, type Tag } from '../../../domain/tag.ts';

/** `Tag.N` as a request brings it. */
export type RequestTag = { Key?: string; Value?: string };

export type CreationTags =
  | { tags: readonly Tag[] }
  | { refusal: 'duplicate' | 'key' | 'value'; parameter: string };

/**
 * The tags that a new resource is to carry, by the rules of tags at creation. With `foldCase` keys
 * that differ only in the case of their letters are duplicates too.
 */
export const creationTags = (
  given: readonly RequestTag[] = [],
  { foldCase = false } = {},
): CreationTags => {
  const tags: Tag[] = [];
  const seen = new Set<string>();
  for (const [i, { Key: tagKey = '', Value: tagValue = '' }] of given.entries()) {
    if (!isTagKey(tagKey)) return { refusal: 'key', parameter: `Tag.${i + 1}.Key` };
    if (!isTagValue(tagValue, { atCreation: true }))
      return { refusal: 'value', parameter: `Tag.${i + 1}.Value` };
    const folded = foldCase ? tagKey.toLowerCase() : tagKey;
    if (seen.has(folded)) return { refusal: 'duplicate', parameter: `Tag.${i + 1}.Key` };
    seen.add(folded);
    tags.push({ tagKey, tagValue });
  }
  return { tags };
};

const REFUSALS = {
  duplicate: 'Duplicate.TagKey',
  key: 'InvalidTagKey.Malformed',
  value: 'InvalidTagValue.Malformed',
} as const;

export type CreationTagFault = (typeof REFUSALS)[keyof typeof REFUSALS];

/** The tags of a new resource, for the operations that refuse bad ones with the usual three codes. */
export const requireCreationTags = (
  ctx: Pick<CallContext<CreationTagFault>, 'fail'>,
  given: readonly RequestTag[] | undefined,
): readonly Tag[] => {
  const read = creationTags(given);
  if ('refusal' in read) throw ctx.fail(REFUSALS[read.refusal], { parameter: read.parameter });
  return read.tags;
};
