import { isTagKey, isTagValue, type Tag } from '../../../domain/tag.ts';
import type { RequestTag } from './creation-tags.ts';

export type KeyFault = {
  fault: 'InvalidTagKey.Malformed' | 'Duplicate.TagKey';
  parameter: string;
};
export type TagFault =
  | KeyFault
  | {
      fault: 'InvalidTag.Mismatch' | 'InvalidTagValue.Malformed' | 'TagKey.Duplication';
      parameter: string;
    };

/** The first key that breaks the rules, or that repeats an earlier one byte for byte. */
export const faultOfKeys = (
  keys: readonly string[],
  nameOf: (position: number) => string,
): KeyFault | undefined => {
  for (const [i, key] of keys.entries()) {
    const parameter = nameOf(i + 1);
    if (!isTagKey(key)) return { fault: 'InvalidTagKey.Malformed', parameter };
    if (keys.indexOf(key) < i) return { fault: 'Duplicate.TagKey', parameter };
  }
  return undefined;
};

/** The tags to set; a tag without a value has the empty value. */
export const tagsToSet = (given: readonly RequestTag[]): TagFault | { tags: Tag[] } => {
  const tags: Tag[] = [];
  const folded = new Set<string>();
  for (const [i, { Key: tagKey, Value: tagValue = '' }] of given.entries()) {
    const parameter = `Tag.${i + 1}.Key`;
    if (tagKey === undefined) return { fault: 'InvalidTag.Mismatch', parameter };
    if (!isTagValue(tagValue))
      return { fault: 'InvalidTagValue.Malformed', parameter: `Tag.${i + 1}.Value` };
    tags.push({ tagKey, tagValue });
    folded.add(tagKey.toLowerCase());
  }
  const fault = faultOfKeys(
    tags.map((tag) => tag.tagKey),
    (position) => `Tag.${position}.Key`,
  );
  if (fault !== undefined) return fault;
  return folded.size < tags.length
    ? { fault: 'TagKey.Duplication', parameter: 'Tag.N.Key' }
    : { tags };
};
